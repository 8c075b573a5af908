import { Button } from "@mantine/core";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { askErasure, liftSuspension, suspendUse } from "#shared/person-requests.ts";
import { call } from "#web/call.ts";
import { CustomerName } from "#web/customers/customer-head.tsx";
import { useCustomer, type Customer } from "#web/customers/use-customer.ts";
import { useDocumentTitle } from "#web/parts/page-head.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { Why } from "#web/parts/why.tsx";
import { ConsentTable } from "#web/requests/consent-table.tsx";
import { ErasureRows } from "#web/requests/erasure-rows.tsx";
import { PersonsRequests } from "#web/requests/persons-requests.tsx";
import { ReasonDialog } from "#web/requests/reason-dialog.tsx";
import { useAct } from "#web/requests/use-act.ts";
import { usePersonFile, type PersonFile } from "#web/requests/use-person-file.ts";
import { useWords } from "#web/words/words.ts";

/** What one person asked of us and agreed to: suspension, requests, consents, erasure. */
export function PersonPage() {
  const { w } = useWords();
  useDocumentTitle(w.requests.pageTitle);
  const params: { customerNo?: string } = useParams({ strict: false });
  const customerNo = Number(params.customerNo);
  const customer = useCustomer(customerNo);
  const file = usePersonFile(customerNo);
  const error = customer.error ?? file.error;
  if (error !== null) {
    return (
      <div className="page">
        <ProblemNotice error={error} onRetry={() => void Promise.all([customer.refetch(), file.refetch()])} />
      </div>
    );
  }
  if (customer.data === undefined || file.data === undefined) return <p className="page soft">{w.act.loading}</p>;
  return (
    <div className="page">
      <header className="column tight">
        <Link to="/customers/$customerNo" params={{ customerNo: String(customerNo) }}>
          {w.requests.back}
        </Link>
        <CustomerName customer={customer.data} />
        <p className="soft">{w.requests.pageTitle}</p>
      </header>
      <Suspension customer={customer.data} file={file.data} />
      <PersonsRequests customerNo={customerNo} file={file.data} />
      <ConsentTable customerNo={customerNo} file={file.data} />
      <ErasureSection customer={customer.data} file={file.data} />
    </div>
  );
}

function Suspension({ customer, file }: { customer: Customer; file: PersonFile }) {
  const { w, date } = useWords();
  const words = w.requests;
  const [isAsking, setIsAsking] = useState(false);
  const { customerNo } = customer;
  const isSuspended = file.suspendedAt !== null;
  const act = useAct(
    async (reason: string) => {
      await (isSuspended ? call(liftSuspension, { params: { customerNo }, body: { reason } }) : call(suspendUse, { params: { customerNo }, body: { reason } }));
    },
    () => {
      setIsAsking(false);
      return isSuspended ? words.lifted : words.suspended;
    },
  );
  const mayAct = isSuspended ? file.may.lift : file.may.suspend;
  return (
    <section className="column tight" aria-label={words.suspension}>
      <h2>{words.suspension}</h2>
      <div className="line apart">
        <div>
          <p>{file.suspendedAt === null ? words.notSuspended : words.suspendedSince(date(file.suspendedAt))}</p>
          {isSuspended ? <p className="small soft">{words.suspendedHelp}</p> : null}
        </div>
        {mayAct ? (
          <Button variant="default" onClick={() => setIsAsking(true)}>
            {isSuspended ? words.lift : words.suspend}
          </Button>
        ) : (
          <span className="small soft">
            {isSuspended ? words.lift : words.suspend} <Why>{isSuspended ? words.noLift : w.why.noWrite}</Why>
          </span>
        )}
      </div>
      <ReasonDialog
        title={isSuspended ? words.liftTitle : words.suspendTitle}
        lead={isSuspended ? words.liftLead : words.suspendLead}
        help={words.textHelp}
        action={isSuspended ? words.lift : words.suspend}
        isOpen={isAsking}
        isBusy={act.isPending}
        error={act.error}
        onConfirm={(reason) => act.mutate(reason)}
        onClose={() => {
          setIsAsking(false);
          act.reset();
        }}
      />
    </section>
  );
}

function ErasureSection({ customer, file }: { customer: Customer; file: PersonFile }) {
  const { w } = useWords();
  const words = w.requests;
  const [isAsking, setIsAsking] = useState(false);
  const { customerNo } = customer;
  const request = file.requests.find((one) => one.kind === "erasure" && one.state !== "withdrawn" && one.decision !== "refused");
  const isWaiting = file.erasures.some((one) => one.state === "waiting" || one.state === "running");
  const ask = useAct(
    (reason: string) =>
      call(askErasure, {
        params: { customerNo },
        body: { because: request === undefined ? "no-longer-needed" : "asked-by-person", requestNo: request?.requestNo ?? null, reason },
      }),
    () => {
      setIsAsking(false);
      return words.erasureAsked;
    },
  );
  return (
    <section className="column tight" aria-label={words.kindsOfErasure.erasure}>
      <h2>{words.kindsOfErasure.erasure}</h2>
      <p className="small soft">{words.horizon}</p>
      {file.erasures.length === 0 ? null : <ErasureRows erasures={file.erasures} />}
      {!file.may.erase ? (
        <p className="small soft">
          {words.erase} <Why>{words.noErase}</Why>
        </p>
      ) : file.isHeld ? (
        <p className="line small">
          <Mark tone="look">{w.evidence.heldMark}</Mark> {w.evidence.heldWhy}
        </p>
      ) : isWaiting ? null : (
        <div>
          <Button variant="default" onClick={() => setIsAsking(true)}>
            {words.erase}
          </Button>
        </div>
      )}
      <ReasonDialog
        title={words.eraseTitle}
        lead={words.eraseLead}
        help={words.reasonHelp}
        action={words.erase}
        isOpen={isAsking}
        isBusy={ask.isPending}
        isLoss
        error={ask.error}
        onConfirm={(reason) => ask.mutate(reason)}
        onClose={() => {
          setIsAsking(false);
          ask.reset();
        }}
      >
        <p className="small soft">
          {words.because}: {words.becauses[request === undefined ? "no-longer-needed" : "asked-by-person"]}
          {request === undefined ? null : ` (No. ${request.requestNo})`}
        </p>
      </ReasonDialog>
    </section>
  );
}
