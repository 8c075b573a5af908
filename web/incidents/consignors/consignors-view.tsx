import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import {
  askPackApproval,
  drawPackList,
  drawPackPdf,
  drawPackWord,
  listConsignors,
  makePack,
  showPackPassword,
  type Consignor,
  type ConsignorPack,
} from "#shared/incident-consignors.ts";
import { call, download } from "#web/call.ts";
import { SentDialog } from "#web/incidents/consignors/sent-dialog.tsx";
import styles from "#web/incidents/notices/notices.module.css";
import { ReasonDialog } from "#web/incidents/reason-dialog.tsx";
import { useIncidentAct } from "#web/incidents/use-incident.ts";
import { CompanyChip } from "#web/parts/chip.tsx";
import { EmptyState } from "#web/parts/empty-state.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { textOf, useAllFields } from "#web/parts/use-directory.ts";
import { Value } from "#web/parts/value.tsx";
import { useWords } from "#web/words/words.ts";

const tones = { made: "plain", asked: "look", approved: "act", refused: "loss", sent: "act" } as const;

/** 委託元への通知: by company, how many of its people, and what it was told. */
export function ConsignorsView({ incidentNo }: { incidentNo: number }) {
  const { w, date } = useWords();
  const words = w.incidentConsignors;
  const { data, error } = useQuery({
    queryKey: ["incident", incidentNo, "consignors"],
    queryFn: () => call(listConsignors, { params: { incidentNo } }),
    staleTime: 0,
  });
  if (error !== null) return <ProblemNotice error={error} />;
  if (data === undefined) return <p className="soft">{w.act.loading}</p>;
  const isReady = data.paper !== null && data.scope !== null && !data.scope.isPending;
  return (
    <div className="column">
      <p className="soft">{words.lead}</p>
      {data.consignors.length === 0 ? (
        <EmptyState title={words.none} help={data.scope === null ? words.noScope : words.noneHelp} />
      ) : (
        <>
          <dl className={styles["needed"]}>
            <dt>{words.paper}</dt>
            <dd>{data.paper === null ? words.paperNone : words.paperReady(data.paper.version)}</dd>
            <dd>
              <Link
                to="/incidents/$incidentNo/$section"
                params={{ incidentNo: String(incidentNo), section: "drafts" }}
                search={{ paper: "consignor-notice" } as never}
              >
                {words.show}
              </Link>
            </dd>
          </dl>
          <p className="line small">
            <span>{words.until(date(`${data.until}T00:00:00+09:00`))}</span>
            <Mark tone="look">{w.incidentDrafts.toCheck}</Mark>
            <span className="soft">{words.own(data.own)}</span>
          </p>
          {data.consignors.map((consignor) => (
            <ConsignorCard key={consignor.companyNo} incidentNo={incidentNo} consignor={consignor} isReady={isReady} />
          ))}
        </>
      )}
    </div>
  );
}

function ConsignorCard({ incidentNo, consignor, isReady }: { incidentNo: number; consignor: Consignor; isReady: boolean }) {
  const { w, label, list, short } = useWords();
  const words = w.incidentConsignors;
  const fields = useAllFields("customer");
  const name = textOf(consignor.name) ?? w.companies.noName;
  const make = useIncidentAct(
    () => call(makePack, { params: { incidentNo, companyNo: consignor.companyNo }, body: {} }),
    () => words.made,
  );
  const nameOf = (key: string): string => {
    const known = fields.find((one) => one.key === key);
    return known === undefined ? key : label(known);
  };
  const [newest, ...older] = consignor.packs;
  return (
    <section className={styles["notice"]} aria-label={name}>
      <div className="line apart">
        <div className="line">
          <h3>
            <CompanyChip no={consignor.companyNo} name={textOf(consignor.name)} />
          </h3>
          <span>{words.confirmed(consignor.confirmed)}</span>
          <span>{words.possible(consignor.possible)}</span>
        </div>
        {newest === undefined || newest.isStale || newest.state === "refused" ? (
          <Button
            disabled={!isReady || consignor.confirmed + consignor.possible === 0}
            loading={make.isPending}
            {...(newest === undefined ? {} : { variant: "default" })}
            onClick={() => make.mutate(undefined)}
          >
            {newest === undefined ? words.make : words.makeAgain}
          </Button>
        ) : null}
      </div>
      {consignor.fields.length === 0 ? null : <p className="small">{list(consignor.fields.map(({ field, people }) => words.field(nameOf(field), people)))}</p>}
      {consignor.firstAt === null || consignor.lastAt === null ? null : (
        <p className="small soft">{words.between(short(consignor.firstAt), short(consignor.lastAt))}</p>
      )}
      <ul className={styles["rows"]}>
        {[...(newest === undefined ? [] : [newest]), ...older].map((pack) => (
          <PackLine key={pack.packNo} pack={pack} name={name} />
        ))}
      </ul>
    </section>
  );
}

function PackLine({ pack, name }: { pack: ConsignorPack; name: string }) {
  const { w, date, short } = useWords();
  const words = w.incidentConsignors;
  const [isAsking, setIsAsking] = useState(false);
  const [isSending, setIsSending] = useState(false);
  const [password, setPassword] = useState<string>();
  const params = { packNo: pack.packNo };
  const ask = useIncidentAct(
    (reason: string) => call(askPackApproval, { params, body: { reason } }),
    () => {
      setIsAsking(false);
      return words.asked;
    },
  );
  const word = useIncidentAct(() => download(drawPackWord, { params }));
  const pdf = useIncidentAct(() => download(drawPackPdf, { params }));
  const people = useIncidentAct(() => download(drawPackList, { params }));
  const show = useIncidentAct(async () => setPassword(textOf((await call(showPackPassword, { params })).password)));
  const isOut = pack.state === "approved" || pack.state === "sent";
  return (
    <li>
      <Mark tone={tones[pack.state]}>{words.states[pack.state]}</Mark>
      {pack.isStale ? <Mark tone="look">{words.stale}</Mark> : null}
      <span className="small soft">
        {short(pack.madeAt)} {words.confirmed(pack.confirmed)} {words.possible(pack.possible)}
      </span>
      {pack.sentOn === null || pack.sentHow === null ? null : (
        <span className="small">{words.sentOn(date(`${pack.sentOn}T00:00:00+09:00`), words.hows[pack.sentHow])}</span>
      )}
      {pack.receipt === null ? null : (
        <span className="small soft">
          <Value shown={pack.receipt} isBare />
        </span>
      )}
      {pack.state === "made" || pack.state === "refused" ? (
        <Button size="xs" onClick={() => setIsAsking(true)}>
          {words.ask}
        </Button>
      ) : null}
      {isOut ? (
        <>
          <Button size="xs" variant="default" loading={word.isPending} onClick={() => word.mutate(undefined)}>
            {words.word}
          </Button>
          <Button size="xs" variant="default" loading={pdf.isPending} onClick={() => pdf.mutate(undefined)}>
            {words.pdf}
          </Button>
          <Button size="xs" variant="default" loading={people.isPending} onClick={() => people.mutate(undefined)}>
            {words.list}
          </Button>
          {password === undefined ? (
            <Button size="xs" variant="subtle" loading={show.isPending} onClick={() => show.mutate(undefined)}>
              {words.password}
            </Button>
          ) : (
            <span className="small">
              <code>{password}</code> <span className="soft">{words.passwordHelp}</span>
            </span>
          )}
          {pack.state === "approved" ? (
            <Button size="xs" onClick={() => setIsSending(true)}>
              {words.send}
            </Button>
          ) : null}
        </>
      ) : null}
      {isAsking ? (
        <ReasonDialog
          title={words.askTitle(name)}
          label={words.reason}
          action={words.ask}
          isOptional
          isBusy={ask.isPending}
          onSay={(text) => ask.mutate(text)}
          onClose={() => setIsAsking(false)}
        />
      ) : null}
      {isSending ? <SentDialog packNo={pack.packNo} name={name} onClose={() => setIsSending(false)} /> : null}
    </li>
  );
}
