import { Button, Checkbox, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { beginEnrolment, finishEnrolment, openInvitation } from "#shared/session.ts";
import { call } from "#web/call.ts";
import { At } from "#web/parts/at.tsx";
import { ProblemNotice, refusalOf } from "#web/parts/problem-notice.tsx";
import { SecretLink } from "#web/parts/secret-link.tsx";
import styles from "#web/session/enrol.module.css";
import { FrontPage, Steps } from "#web/session/front-page.tsx";
import { NewPassword } from "#web/session/new-password.tsx";
import { checkPassword } from "#web/session/password-rules.ts";
import { PrintedSecret } from "#web/session/printed-secret.tsx";
import { useWords } from "#web/words/words.ts";

/** An invitation: a password, a second factor, recovery codes. */
export function Enrol({ token }: { token: string }) {
  const { w, label } = useWords();
  const opened = useQuery({ queryKey: ["link", token], queryFn: () => call(openInvitation, { body: { token } }), staleTime: Infinity });
  const [password, setPassword] = useState("");
  const begin = useMutation({ mutationFn: () => call(beginEnrolment, { body: { token, password } }), onSuccess: () => setPassword("") });
  const finish = useMutation({ mutationFn: (code: string) => call(finishEnrolment, { body: { token, code } }) });

  if (opened.error !== null) {
    return (
      <FrontPage title={w.enrol.title} lead={refusalOf(opened.error).code === "not-found" ? w.enrol.invalid : undefined}>
        <ProblemNotice error={opened.error} />
      </FrontPage>
    );
  }
  if (opened.data === undefined) return null;
  const at = finish.data !== undefined ? 2 : begin.data !== undefined ? 1 : 0;
  const rules = checkPassword(password);
  return (
    <FrontPage title={w.enrol.title} lead={w.enrol.lead(opened.data.organisation)} isWide>
      <Steps names={[w.enrol.stepPassword, w.enrol.stepFactor, w.enrol.stepCodes]} at={at} />
      {finish.data !== undefined ? (
        <Codes codes={finish.data.recoveryCodes} />
      ) : begin.data !== undefined ? (
        <Factor made={begin.data} error={finish.error} isBusy={finish.isPending} onCode={(code) => finish.mutate(code)} />
      ) : (
        <form
          method="post"
          className="column"
          onSubmit={(event) => {
            event.preventDefault();
            begin.mutate();
          }}
        >
          <p className="small soft">
            {w.enrol.roles}: {opened.data.roles.map(label).join("・")} / {w.enrol.expires}: <At iso={opened.data.expiresAt} />
          </p>
          {begin.error === null ? null : <ProblemNotice error={begin.error} />}
          <NewPassword label={w.enrol.newPassword} value={password} onChange={setPassword} />
          <Button type="submit" loading={begin.isPending} disabled={!rules.isLong || !rules.isVaried}>
            {w.act.next}
          </Button>
        </form>
      )}
    </FrontPage>
  );
}

function Factor({
  made,
  error,
  isBusy,
  onCode,
}: {
  made: { totpSecret: string; qrSvg: string };
  error: unknown;
  isBusy: boolean;
  onCode: (code: string) => void;
}) {
  const { w } = useWords();
  const [code, setCode] = useState("");
  return (
    <form
      method="post"
      className="column"
      onSubmit={(event) => {
        event.preventDefault();
        onCode(code.trim());
      }}
    >
      {error === null ? null : <ProblemNotice error={error} />}
      <p>{w.enrol.scan}</p>
      <img className={styles["qr"]} alt={w.enrol.scan} src={`data:image/svg+xml,${encodeURIComponent(made.qrSvg)}`} />
      <SecretLink label={w.enrol.orType} text={made.totpSecret} />
      <TextInput
        label={w.enrol.code}
        name="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={8}
        required
        withAsterisk={false}
        value={code}
        onChange={(event) => setCode(event.currentTarget.value)}
      />
      <Button type="submit" loading={isBusy}>
        {w.act.next}
      </Button>
    </form>
  );
}

function Codes({ codes }: { codes: readonly string[] }) {
  const { w } = useWords();
  const [isKept, setIsKept] = useState(false);
  return (
    <div className="column">
      <h2>{w.enrol.codesTitle}</h2>
      <p className="soft">{w.enrol.codesLead}</p>
      <PrintedSecret lines={codes} />
      <Checkbox label={w.enrol.codesKept} checked={isKept} onChange={(event) => setIsKept(event.currentTarget.checked)} />
      <Button
        disabled={!isKept}
        onClick={() => {
          // The used token leaves the address and the history with it.
          location.replace("/");
        }}
      >
        {w.enrol.toSignIn}
      </Button>
    </div>
  );
}
