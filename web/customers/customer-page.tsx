import { Button, Tabs } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { IconPencil, IconPrinter, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import type { NoteKind } from "#shared/activities.ts";
import { restoreCustomer, trashCustomer } from "#shared/customers.ts";
import { Purchases } from "#web/activities/purchases.tsx";
import { SubjectTimeline } from "#web/activities/subject-timeline.tsx";
import { call } from "#web/call.ts";
import { BulkPreview } from "#web/customers/bulk-preview.tsx";
import { CustomerExposures } from "#web/customers/customer-exposures.tsx";
import { CustomerFacts, CustomerName } from "#web/customers/customer-head.tsx";
import styles from "#web/customers/customer-page.module.css";
import { CustomerValues, maskedFields } from "#web/customers/customer-values.tsx";
import { EditCustomer } from "#web/customers/edit-customer.tsx";
import { HandOver } from "#web/customers/hand-over.tsx";
import { InTrash } from "#web/customers/in-trash.tsx";
import { useCustomer, type Customer } from "#web/customers/use-customer.ts";
import { PrintDialog } from "#web/customers/print-labels.tsx";
import { useReveal } from "#web/customers/use-reveal.tsx";
import { keysOf, UseActs, useUses } from "#web/customers/use-value.tsx";
import { MergedNotice, MergesOf } from "#web/duplicates/duplicate-mark.tsx";
import { At } from "#web/parts/at.tsx";
import { useDocumentTitle } from "#web/parts/page-head.tsx";
import { ProblemNotice, refusalOf, tellRefusal } from "#web/parts/problem-notice.tsx";
import { useKeys } from "#web/parts/use-keys.ts";
import { useMay } from "#web/parts/use-me.ts";
import { Why } from "#web/parts/why.tsx";
import { CustomerReaders } from "#web/reviews/customer-readers.tsx";
import { PersonRightsLine } from "#web/requests/person-rights-line.tsx";
import { useWords } from "#web/words/words.ts";

export function CustomerPage() {
  const { w } = useWords();
  useDocumentTitle(w.person.title);
  const params: { customerNo?: string } = useParams({ strict: false });
  const customerNo = Number(params.customerNo);
  const { data, error, refetch } = useCustomer(customerNo);
  const navigate = useNavigate();
  // A note is often begun before the person has arrived.
  useKeys({ n: () => void navigate({ to: ".", search: (former: object) => ({ ...former, note: "note" }), replace: true }) }, data === undefined);
  if (error !== null) {
    return (
      <div className="page">
        <ProblemNotice error={error} onRetry={() => void refetch()} />
      </div>
    );
  }
  if (data === undefined) return <p className="page soft">{w.act.loading}</p>;
  return <Person key={customerNo} customer={data} />;
}

function Person({ customer }: { customer: Customer }) {
  const { w } = useWords();
  const navigate = useNavigate();
  const [isEditing, setIsEditing] = useState(false);
  const reveal = useReveal(customer.customerNo);
  const masked = maskedFields(customer);
  const uses = useUses(customer.customerNo, customer, reveal.values);
  const [isPrinting, setIsPrinting] = useState(false);
  const may = useMay();
  useKeys({
    ...keysOf(uses),
    e: () => customer.may.write && setIsEditing(true),
    r: () => customer.may.reveal && !isEditing && reveal.reveal(masked),
  });
  return (
    <div className="page">
      <header className="column tight">
        <div className="line apart">
          <CustomerName customer={customer} />
          {isEditing ? null : (
            <Acts customer={customer} onEdit={() => setIsEditing(true)} onReveal={masked.length === 0 ? undefined : () => reveal.reveal(masked)} />
          )}
        </div>
        <CustomerFacts customer={customer} />
        <div className={styles["thumb"]} data-thumb-bar={isEditing ? undefined : ""} data-resting={isEditing || undefined}>
          <UseActs uses={uses}>
            {may("print") && customer.state === "active" && !customer.isSuspended ? (
              <Button variant="subtle" leftSection={<IconPrinter size={16} aria-hidden />} onClick={() => setIsPrinting(true)}>
                {w.uses.labels}
              </Button>
            ) : undefined}
          </UseActs>
        </div>
        {customer.may.write && customer.state === "active" ? (
          <Button
            className={styles["phoneNote"] ?? ""}
            variant="default"
            onClick={() => void navigate({ to: ".", search: (former: object) => ({ ...former, tab: undefined, note: "note" }), replace: true })}
          >
            {w.activities.writeNote}
          </Button>
        ) : null}
        {customer.state === "trashed" ? <InTrash text={w.person.inTrash} daysLeft={customer.trashDaysLeft} /> : null}
        <MergedNotice mergedInto={customer.mergedInto} />
        <PersonRightsLine customer={customer} />
      </header>
      <div className={styles["halves"]}>
        <section aria-label={w.person.values}>
          {isEditing ? (
            <EditCustomer customer={customer} onClose={() => setIsEditing(false)} />
          ) : (
            <CustomerValues customer={customer} reveal={reveal} uses={uses} />
          )}
          <p className={`${styles["foot"]} small soft`}>
            {w.person.version(customer.version)} / {w.person.created} <At iso={customer.createdAt} form="date" /> / {w.person.updated}{" "}
            <At iso={customer.updatedAt} />
          </p>
          <MergesOf customerNo={customer.customerNo} mayWrite={customer.may.write} />
        </section>
        <Past customer={customer} />
      </div>
      {reveal.dialog}
      {uses.dialog}
      {isPrinting ? <PrintDialog customerNos={[customer.customerNo]} onClose={() => setIsPrinting(false)} /> : null}
    </div>
  );
}

function Acts({ customer, onEdit, onReveal }: { customer: Customer; onEdit: () => void; onReveal: (() => void) | undefined }) {
  const spoken = useWords();
  const { w } = spoken;
  const client = useQueryClient();
  const { customerNo, version, may } = customer;
  const mayAsk = useMay()("bulk");
  const [isAsking, setIsAsking] = useState(false);
  const refresh = () => client.invalidateQueries({ queryKey: ["customer", customerNo] });
  const onError = (error: unknown) => notifications.show({ message: tellRefusal(error, spoken), color: "red" });
  const restore = useMutation({
    mutationFn: () => call(restoreCustomer, { params: { customerNo } }),
    onSuccess: () => {
      notifications.show({ message: w.person.restoredNote });
      void refresh();
    },
    onError,
  });
  const trash = useMutation({
    mutationFn: () => call(trashCustomer, { params: { customerNo }, body: { version } }),
    onSuccess: () => {
      notifications.show({
        id: `trashed-${customerNo}`,
        message: (
          <span className="line apart">
            {w.person.trashedNote}
            <Button
              size="xs"
              variant="default"
              onClick={() => {
                notifications.hide(`trashed-${customerNo}`);
                restore.mutate();
              }}
            >
              {w.act.undo}
            </Button>
          </span>
        ),
        autoClose: 12_000,
      });
      void refresh();
    },
    // What one person may not do alone any more today, a second one is asked for.
    onError: (error) => (mayAsk && refusalOf(error).facts["reason"] === "trash-limit" ? setIsAsking(true) : onError(error)),
  });
  return (
    <div className="line">
      {may.reveal && onReveal !== undefined ? (
        <Button variant="default" onClick={onReveal}>
          {w.person.revealAll}
        </Button>
      ) : null}
      {may.write ? (
        <Button leftSection={<IconPencil size={16} />} onClick={onEdit}>
          {w.act.edit}
        </Button>
      ) : (
        <span className="small soft">
          {w.act.edit} <Why article="roles">{w.why.noWrite}</Why>
        </span>
      )}
      {may.write && customer.state === "active" ? <HandOver of={{ customerNo }} /> : null}
      {!may.delete ? null : customer.state === "trashed" ? (
        <Button variant="default" loading={restore.isPending} onClick={() => restore.mutate()}>
          {w.act.restore}
        </Button>
      ) : (
        <Button variant="default" leftSection={<IconTrash size={16} />} loading={trash.isPending} onClick={() => trash.mutate()}>
          {w.act.delete}
        </Button>
      )}
      {isAsking ? (
        <BulkPreview form="trash" selection={{ customerNos: [customerNo] }} onClose={() => setIsAsking(false)} onDone={() => void refresh()} />
      ) : null}
    </div>
  );
}

/** The right half: what happened, what was bought, and who looked. */
function Past({ customer }: { customer: Customer }) {
  const { w } = useWords();
  const { tab = "timeline", note }: { tab?: string; note?: NoteKind } = useSearch({ strict: false });
  const navigate = useNavigate();
  const { customerNo } = customer;
  return (
    <section aria-label={w.activities.timeline}>
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(next) =>
          void navigate({
            to: ".",
            search: ({ note: _asked, ...former }: { note?: string }) => ({ ...former, tab: next === "timeline" ? undefined : next }),
            replace: true,
          })
        }
      >
        <Tabs.List mb={16}>
          <Tabs.Tab value="timeline">{w.activities.timeline}</Tabs.Tab>
          <Tabs.Tab value="purchases">{w.activities.purchases}</Tabs.Tab>
          {customer.may.seeLedger ? <Tabs.Tab value="exposures">{w.person.exposures}</Tabs.Tab> : null}
          {customer.may.seeLedger ? <Tabs.Tab value="readers">{w.reviews.readers.tab}</Tabs.Tab> : null}
        </Tabs.List>
        <Tabs.Panel value="timeline">
          <SubjectTimeline
            about={{ kind: "customer", no: customerNo }}
            openWith={note}
            onNoteClosed={() => void navigate({ to: ".", search: ({ note: _written, ...former }: { note?: string }) => former, replace: true })}
          />
        </Tabs.Panel>
        <Tabs.Panel value="purchases">
          <Purchases customerNo={customerNo} />
        </Tabs.Panel>
        <Tabs.Panel value="exposures">{customer.may.seeLedger ? <CustomerExposures customerNo={customerNo} /> : null}</Tabs.Panel>
        <Tabs.Panel value="readers">{customer.may.seeLedger ? <CustomerReaders customerNo={customerNo} /> : null}</Tabs.Panel>
      </Tabs>
      {customer.may.seeLedger ? null : (
        <p className="small soft">
          {w.person.exposures} <Why article="ledger">{w.why.noLedger}</Why>
        </p>
      )}
    </section>
  );
}
