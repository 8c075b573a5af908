import { Button, Checkbox, Fieldset, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { ReplyOf } from "#shared/endpoint.ts";
import { openInvitation, setUp } from "#shared/session.ts";
import { call } from "#web/call.ts";
import { ProblemNotice, refusalOf } from "#web/parts/problem-notice.tsx";
import { invitationLink, SecretLink } from "#web/parts/secret-link.tsx";
import { FrontPage } from "#web/session/front-page.tsx";
import { PrintedSecret } from "#web/session/printed-secret.tsx";
import { useWords } from "#web/words/words.ts";

type Made = ReplyOf<typeof setUp>;

/** The one-time link of the terminal: the organisation, its first two people, the recovery key. */
export function SetUp({ token }: { token: string }) {
  const { w } = useWords();
  const [made, setMade] = useState<Made | null>(null);
  const [isKept, setIsKept] = useState(false);
  const opened = useQuery({ queryKey: ["link", token], queryFn: () => call(openInvitation, { body: { token } }), staleTime: Infinity });
  if (made !== null && !isKept) return <RecoveryKey text={made.recoveryKey} onKept={() => setIsKept(true)} />;
  if (made !== null) return <Links made={made} />;
  if (opened.error !== null) {
    return (
      <FrontPage title={w.setUp.title} lead={refusalOf(opened.error).code === "not-found" ? w.setUp.invalid : undefined}>
        <ProblemNotice error={opened.error} onRetry={() => void opened.refetch()} />
      </FrontPage>
    );
  }
  if (opened.data === undefined) return null;
  return (
    <FrontPage title={w.setUp.title} lead={w.setUp.lead} isWide>
      <Offices token={token} organisation={opened.data.organisation} onMade={setMade} />
    </FrontPage>
  );
}

interface Person {
  readonly name: string;
  readonly mail: string;
}
const nobody: Person = { name: "", mail: "" };

function PersonFields({ legend, help, person, onChange }: { legend: string; help: string; person: Person; onChange: (person: Person) => void }) {
  const { w } = useWords();
  return (
    <Fieldset legend={legend} variant="unstyled">
      <div className="column tight">
        <p className="soft small">{help}</p>
        <TextInput
          label={w.setUp.name}
          required
          withAsterisk={false}
          maxLength={80}
          autoComplete="off"
          value={person.name}
          onChange={(event) => onChange({ ...person, name: event.currentTarget.value })}
        />
        <TextInput
          type="email"
          label={w.setUp.mail}
          required
          withAsterisk={false}
          maxLength={254}
          autoComplete="off"
          value={person.mail}
          onChange={(event) => onChange({ ...person, mail: event.currentTarget.value })}
        />
      </div>
    </Fieldset>
  );
}

function Offices({ token, organisation: given, onMade }: { token: string; organisation: string; onMade: (made: Made) => void }) {
  const { w } = useWords();
  const [organisation, setOrganisation] = useState(given);
  const [administrator, setAdministrator] = useState(nobody);
  const [officer, setOfficer] = useState(nobody);
  const [isCombined, setIsCombined] = useState(false);
  const [accepts, setAccepts] = useState(false);
  const make = useMutation({
    mutationFn: () =>
      call(setUp, { body: { token, organisation: organisation.trim(), administrator, ...(isCombined ? { acceptsCombinedOffice: true } : { officer }) } }),
    onSuccess: onMade,
  });
  return (
    <form
      method="post"
      className="column"
      onSubmit={(event) => {
        event.preventDefault();
        make.mutate();
      }}
    >
      {make.error === null ? null : <ProblemNotice error={make.error} />}
      <TextInput
        label={w.setUp.organisation}
        required
        withAsterisk={false}
        maxLength={80}
        autoComplete="organization"
        autoFocus
        value={organisation}
        onChange={(event) => setOrganisation(event.currentTarget.value)}
      />
      <hr className="hairline" />
      <PersonFields legend={w.setUp.administrator} help={w.setUp.administratorHelp} person={administrator} onChange={setAdministrator} />
      <hr className="hairline" />
      {isCombined ? null : <PersonFields legend={w.setUp.officer} help={w.setUp.officerHelp} person={officer} onChange={setOfficer} />}
      <Checkbox
        label={w.setUp.combined}
        description={w.setUp.combinedHelp}
        checked={isCombined}
        onChange={(event) => setIsCombined(event.currentTarget.checked)}
      />
      {isCombined ? <Checkbox label={w.setUp.combinedAccept} checked={accepts} onChange={(event) => setAccepts(event.currentTarget.checked)} /> : null}
      <Button type="submit" loading={make.isPending} disabled={isCombined && !accepts}>
        {w.setUp.submit}
      </Button>
    </form>
  );
}

function RecoveryKey({ text, onKept }: { text: string; onKept: () => void }) {
  const { w } = useWords();
  const [isKept, setIsKept] = useState(false);
  return (
    <FrontPage title={w.setUp.keyTitle} lead={w.setUp.keyLead} isWide>
      <PrintedSecret lines={[text]} />
      <Checkbox label={w.setUp.keyKept} checked={isKept} onChange={(event) => setIsKept(event.currentTarget.checked)} />
      <Button disabled={!isKept} onClick={onKept}>
        {w.act.next}
      </Button>
    </FrontPage>
  );
}

function Links({ made }: { made: Made }) {
  const { w } = useWords();
  return (
    <FrontPage title={w.setUp.linksTitle} lead={w.setUp.linksLead} isWide>
      {made.officerToken === null ? null : <SecretLink label={w.setUp.officerLink} text={invitationLink(made.officerToken)} />}
      <SecretLink label={w.setUp.adminLink} text={invitationLink(made.administratorToken)} />
      <Button component="a" href={`/#/invite/${made.administratorToken}`}>
        {w.setUp.continueHere} ({w.setUp.administrator})
      </Button>
    </FrontPage>
  );
}
