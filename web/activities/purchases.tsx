import { ActionIcon, Button, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { IconPencil, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { addPurchase, changePurchase, listCompanyPurchases, listPurchases, restorePurchase, trashPurchase, type PurchaseText } from "#shared/activities.ts";
import { dayInJapan } from "#shared/day-in-japan.ts";
import type { Shown } from "#shared/shown.ts";
import boxStyles from "#web/activities/note-box.module.css";
import styles from "#web/activities/purchases.module.css";
import { readAmount, readPurchase, totalsOf } from "#web/activities/purchase-text.ts";
import { call } from "#web/call.ts";
import { At } from "#web/parts/at.tsx";
import { CustomerChip } from "#web/parts/chip.tsx";
import { EmptyState } from "#web/parts/empty-state.tsx";
import { DayField } from "#web/parts/day-field.tsx";
import { ProblemNotice, tellRefusal } from "#web/parts/problem-notice.tsx";
import { showUndo } from "#web/parts/show-undo.tsx";
import { Value } from "#web/parts/value.tsx";
import { Why } from "#web/parts/why.tsx";
import { useWords } from "#web/words/words.ts";

interface Purchase {
  readonly purchaseNo: number;
  readonly version: number;
  readonly boughtOn: string;
  readonly purchase: Shown;
  readonly mayChange: boolean;
  readonly customerNo?: number;
}

/** What a person bought: a total for each year, and the list. */
export function Purchases({ customerNo }: { customerNo: number }) {
  const { w } = useWords();
  const [isAdding, setIsAdding] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: ["purchases", "customer", customerNo],
    queryFn: () => call(listPurchases, { params: { customerNo } }),
  });
  if (error !== null) return <ProblemNotice error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <p className="soft">{w.act.loading}</p>;
  return (
    <div className="column">
      {isAdding ? (
        <PurchaseForm customerNo={customerNo} onClose={() => setIsAdding(false)} />
      ) : data.mayAdd ? (
        <div>
          <Button size="xs" variant="default" onClick={() => setIsAdding(true)}>
            {w.activities.addPurchase}
          </Button>
        </div>
      ) : (
        <p className="small soft">
          {w.activities.addPurchase} <Why>{w.activities.noWrite}</Why>
        </p>
      )}
      {data.purchases.length === 0 ? (
        isAdding ? null : (
          <EmptyState title={w.activities.purchasesNone} {...(data.mayAdd ? { help: w.activities.purchasesHelp } : {})} />
        )
      ) : (
        <PurchaseList purchases={data.purchases} isComplete={data.isComplete} />
      )}
    </div>
  );
}

/** What the people of a company bought, as far as one sees these people. */
export function CompanyPurchases({ companyNo }: { companyNo: number }) {
  const { w } = useWords();
  const { data, error, refetch } = useQuery({
    queryKey: ["purchases", "company", companyNo],
    queryFn: () => call(listCompanyPurchases, { params: { companyNo } }),
  });
  if (error !== null) return <ProblemNotice error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <p className="soft">{w.act.loading}</p>;
  if (data.purchases.length === 0) return <EmptyState title={w.activities.purchasesNone} />;
  return <PurchaseList purchases={data.purchases} isComplete={data.isComplete} />;
}

function PurchaseList({ purchases, isComplete }: { purchases: readonly Purchase[]; isComplete: boolean }) {
  const { w } = useWords();
  const read = purchases.map((one) => ({ ...one, text: readPurchase(one.purchase) }));
  const { years, amount } = totalsOf(read);
  return (
    <div className="column" data-personal>
      <dl className={styles["totals"]}>
        <div>
          <dt>{w.activities.total}</dt>
          <dd>{w.activities.yen(amount)}</dd>
        </div>
        {years.map((one) => (
          <div key={one.year}>
            <dt>
              {w.activities.year(one.year)} <span className="soft">{w.activities.times(one.count)}</span>
            </dt>
            <dd>{w.activities.yen(one.amount)}</dd>
          </div>
        ))}
      </dl>
      {isComplete ? null : <p className="small soft">{w.activities.notComplete}</p>}
      <ul className={styles["list"]}>
        {read.map((one) => (
          <PurchaseRow key={one.purchaseNo} purchase={one} text={one.text} />
        ))}
      </ul>
    </div>
  );
}

function PurchaseRow({ purchase, text }: { purchase: Purchase; text: PurchaseText | null }) {
  const spoken = useWords();
  const { w } = spoken;
  const client = useQueryClient();
  const [isEditing, setIsEditing] = useState(false);
  const refresh = () => {
    void client.invalidateQueries({ queryKey: ["purchases"] });
    void client.invalidateQueries({ queryKey: ["timeline"] });
  };
  const onError = (error: unknown) => notifications.show({ message: tellRefusal(error, spoken), color: "red" });
  const restore = useMutation({
    mutationFn: () => call(restorePurchase, { params: { purchaseNo: purchase.purchaseNo } }),
    onSuccess: refresh,
    onError,
  });
  const trash = useMutation({
    mutationFn: () => call(trashPurchase, { params: { purchaseNo: purchase.purchaseNo }, body: { version: purchase.version } }),
    onSuccess: () => {
      refresh();
      showUndo({ id: `purchase-${purchase.purchaseNo}`, message: w.activities.purchaseTrashed, label: w.act.undo, onUndo: () => restore.mutate() });
    },
    onError,
  });
  if (isEditing && text !== null) {
    return (
      <li>
        <PurchaseForm written={{ ...purchase, text }} onClose={() => setIsEditing(false)} />
      </li>
    );
  }
  return (
    <li className={styles["row"]}>
      <span className={styles["what"]}>
        {text === null ? <Value shown={purchase.purchase} isBare /> : text.product}
        {text === null || text.quantity === "" ? null : <span className="soft number"> × {text.quantity}</span>}
        <span className="small soft">
          <At iso={`${purchase.boughtOn}T12:00:00+09:00`} form="date" />
        </span>
        {text === null || text.note === "" ? null : <span className="small soft">{text.note}</span>}
        {purchase.customerNo === undefined ? null : <CustomerChip no={purchase.customerNo} />}
      </span>
      <span className={`${styles["amount"]} number`}>{text === null || text.amount === "" ? "" : w.activities.yen(Number(text.amount))}</span>
      {purchase.mayChange && purchase.customerNo === undefined ? (
        <span className={styles["acts"]}>
          <ActionIcon variant="subtle" color="gray" size="sm" aria-label={w.act.edit} onClick={() => setIsEditing(true)}>
            <IconPencil size={15} />
          </ActionIcon>
          <ActionIcon variant="subtle" color="gray" size="sm" aria-label={w.act.delete} loading={trash.isPending} onClick={() => trash.mutate()}>
            <IconTrash size={15} />
          </ActionIcon>
        </span>
      ) : null}
    </li>
  );
}

type Target =
  | { readonly customerNo: number; readonly written?: undefined }
  | { readonly customerNo?: undefined; readonly written: Purchase & { readonly text: PurchaseText } };

function PurchaseForm({ customerNo, written, onClose }: Target & { onClose: () => void }) {
  const { w } = useWords();
  const client = useQueryClient();
  const [boughtOn, setBoughtOn] = useState(written?.boughtOn ?? dayInJapan(new Date()));
  const [draft, setDraft] = useState<PurchaseText>(written?.text ?? { product: "", quantity: "", amount: "", note: "" });
  const amount = readAmount(draft.amount);
  const save = useMutation({
    mutationFn: () => {
      const purchase = { ...draft, product: draft.product.trim(), amount: amount ?? "" };
      return written === undefined
        ? call(addPurchase, { params: { customerNo }, body: { boughtOn, purchase } })
        : call(changePurchase, { params: { purchaseNo: written.purchaseNo }, body: { version: written.version, boughtOn, purchase } });
    },
    onSuccess: ({ purchaseNo, version }) => {
      void client.invalidateQueries({ queryKey: ["purchases"] });
      void client.invalidateQueries({ queryKey: ["timeline"] });
      if (written === undefined) {
        showUndo({
          id: `purchase-${purchaseNo}`,
          message: w.activities.purchaseSaved,
          label: w.act.undo,
          onUndo: () =>
            void call(trashPurchase, { params: { purchaseNo }, body: { version } }).then(() => {
              void client.invalidateQueries({ queryKey: ["purchases"] });
              void client.invalidateQueries({ queryKey: ["timeline"] });
            }),
        });
      } else {
        notifications.show({ message: w.activities.purchaseChanged });
      }
      onClose();
    },
  });
  const put = (key: keyof PurchaseText) => (event: { currentTarget: { value: string } }) => setDraft({ ...draft, [key]: event.currentTarget.value });
  return (
    <form
      method="post"
      className={boxStyles["box"]}
      onSubmit={(event) => {
        event.preventDefault();
        if (draft.product.trim() !== "" && amount !== null) save.mutate();
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.nativeEvent.isComposing || event.keyCode === 229)) event.preventDefault();
        if (event.key === "Escape" && !event.nativeEvent.isComposing) onClose();
      }}
    >
      {save.error === null ? null : <ProblemNotice error={save.error} />}
      <TextInput label={w.activities.product} value={draft.product} maxLength={200} autoComplete="off" autoFocus onChange={put("product")} />
      <div className={styles["fields"]}>
        <DayField
          label={w.activities.boughtOn}
          isLabelled
          isFormSize
          isRequired
          value={boughtOn === "" ? undefined : boughtOn}
          onChange={(day) => setBoughtOn(day ?? "")}
        />
        <TextInput label={w.activities.quantity} value={draft.quantity} maxLength={40} autoComplete="off" onChange={put("quantity")} />
        <TextInput
          label={w.activities.amount}
          value={draft.amount}
          inputMode="numeric"
          maxLength={20}
          autoComplete="off"
          error={amount === null ? w.activities.badAmount : undefined}
          onChange={put("amount")}
        />
      </div>
      <TextInput label={w.activities.note} value={draft.note} maxLength={2000} autoComplete="off" onChange={put("note")} />
      <div className="line">
        <Button type="submit" size="xs" loading={save.isPending} disabled={draft.product.trim() === "" || amount === null || boughtOn === ""}>
          {w.act.save}
        </Button>
        <Button size="xs" variant="default" onClick={onClose}>
          {w.act.cancel}
        </Button>
      </div>
    </form>
  );
}
