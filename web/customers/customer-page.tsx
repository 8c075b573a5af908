import { Button, Tabs } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { IconPencil, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { restoreCustomer, trashCustomer } from "#shared/customers.ts";
import { call } from "#web/call.ts";
import { CustomerExposures } from "#web/customers/customer-exposures.tsx";
import { CustomerFacts, CustomerName } from "#web/customers/customer-head.tsx";
import { CustomerHistory } from "#web/customers/customer-history.tsx";
import styles from "#web/customers/customer-page.module.css";
import { CustomerValues, maskedFields } from "#web/customers/customer-values.tsx";
import { EditCustomer } from "#web/customers/edit-customer.tsx";
import { useCustomer, type Customer } from "#web/customers/use-customer.ts";
import { useReveal } from "#web/customers/use-reveal.tsx";
import { At } from "#web/parts/at.tsx";
import { useDocumentTitle } from "#web/parts/page-head.tsx";
import { ProblemNotice, refusalOf, sentenceOf } from "#web/parts/problem-notice.tsx";
import { useKeys } from "#web/parts/use-keys.ts";
import { Why } from "#web/parts/why.tsx";
import { useWords } from "#web/words/words.ts";

export function CustomerPage() {
  const { w } = useWords();
  useDocumentTitle(w.person.title);
  const params: { customerNo?: string } = useParams({ strict: false });
  const customerNo = Number(params.customerNo);
  const { data, error, refetch } = useCustomer(customerNo);
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
  const [isEditing, setIsEditing] = useState(false);
  const reveal = useReveal(customer.customerNo);
  const masked = maskedFields(customer);
  useKeys({
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
        {customer.state === "trashed" ? <p className="soft">{w.person.inTrash}</p> : null}
      </header>
      <div className={styles["halves"]}>
        <section aria-label={w.person.values}>
          {isEditing ? <EditCustomer customer={customer} onClose={() => setIsEditing(false)} /> : <CustomerValues customer={customer} reveal={reveal} />}
          <p className={`${styles["foot"]} small soft`}>
            {w.person.version(customer.version)} / {w.person.created} <At iso={customer.createdAt} form="date" /> / {w.person.updated}{" "}
            <At iso={customer.updatedAt} />
          </p>
        </section>
        <Past customer={customer} />
      </div>
      {reveal.dialog}
    </div>
  );
}

function Acts({ customer, onEdit, onReveal }: { customer: Customer; onEdit: () => void; onReveal: (() => void) | undefined }) {
  const spoken = useWords();
  const { w } = spoken;
  const client = useQueryClient();
  const { customerNo, version, may } = customer;
  const refresh = () => client.invalidateQueries({ queryKey: ["customer", customerNo] });
  const onError = (error: unknown) => notifications.show({ message: sentenceOf(refusalOf(error).code, spoken), color: "red" });
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
    onError,
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
          {w.act.edit} <Why>{w.why.noWrite}</Why>
        </span>
      )}
      {!may.delete ? null : customer.state === "trashed" ? (
        <Button variant="default" loading={restore.isPending} onClick={() => restore.mutate()}>
          {w.act.restore}
        </Button>
      ) : (
        <Button variant="default" leftSection={<IconTrash size={16} />} loading={trash.isPending} onClick={() => trash.mutate()}>
          {w.act.delete}
        </Button>
      )}
    </div>
  );
}

function Past({ customer }: { customer: Customer }) {
  const { w } = useWords();
  const { tab = "history" }: { tab?: string } = useSearch({ strict: false });
  const navigate = useNavigate();
  return (
    <section aria-label={w.person.history}>
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(next) => void navigate({ to: ".", search: (former: object) => ({ ...former, tab: next ?? undefined }), replace: true })}
      >
        <Tabs.List mb={16}>
          <Tabs.Tab value="history">{w.person.history}</Tabs.Tab>
          {customer.may.seeLedger ? <Tabs.Tab value="exposures">{w.person.exposures}</Tabs.Tab> : null}
        </Tabs.List>
        <Tabs.Panel value="history">
          <CustomerHistory customerNo={customer.customerNo} />
        </Tabs.Panel>
        <Tabs.Panel value="exposures">{customer.may.seeLedger ? <CustomerExposures customerNo={customer.customerNo} /> : null}</Tabs.Panel>
      </Tabs>
      {customer.may.seeLedger ? null : (
        <p className="small soft">
          {w.person.exposures} <Why>{w.why.noLedger}</Why>
        </p>
      )}
    </section>
  );
}
