import { Button, PasswordInput, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { presentCode, presentPassword } from "#shared/session.ts";
import { health } from "#shared/system.ts";
import { call } from "#web/call.ts";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { FrontPage } from "#web/session/front-page.tsx";
import { StopWords } from "#web/measures/stop-words.tsx";
import { useWords } from "#web/words/words.ts";

/** Why the gate is closed: nobody was signed in, the session ended, nobody was at the machine, or a measure ended it (応急措置). */
export type ClosedBecause = "new" | "ended" | "away" | "cut" | "frozen";
const fewCodes = 3;

export function Login({ because, onSignedIn }: { because: ClosedBecause; onSignedIn: () => void }) {
  const { w } = useWords();
  const [step, setStep] = useState<"password" | "code" | "recovery">("password");
  const standing = useQuery({ queryKey: ["health"], queryFn: () => call(health), staleTime: 0 });
  const lead =
    because === "cut"
      ? w.measures.cutLead
      : because === "frozen"
        ? w.measures.frozenLead
        : because === "ended"
          ? w.session.ended
          : because === "away"
            ? w.session.locked
            : standing.data?.needsSetUp === true
              ? w.session.needsSetUp
              : undefined;
  return (
    <FrontPage title={w.session.title} lead={lead}>
      <StopWords />
      {step === "password" ? (
        <PasswordStep onDone={() => setStep("code")} />
      ) : (
        <CodeStep
          key={step}
          isRecovery={step === "recovery"}
          onSwitch={() => setStep(step === "code" ? "recovery" : "code")}
          onStartOver={() => setStep("password")}
          onSignedIn={onSignedIn}
        />
      )}
      <p className="small soft">{w.session.recorded}</p>
      <p className="small">
        <a href="/report">{w.incidents.report.link}</a>
      </p>
    </FrontPage>
  );
}

function PasswordStep({ onDone }: { onDone: () => void }) {
  const { w } = useWords();
  const [mail, setMail] = useState("");
  const [password, setPassword] = useState("");
  const present = useMutation({ mutationFn: () => call(presentPassword, { body: { mail: mail.trim(), password } }), onSuccess: onDone });
  return (
    <form
      method="post"
      className="column"
      onSubmit={(event) => {
        event.preventDefault();
        present.mutate();
      }}
    >
      {present.error === null ? null : <ProblemNotice error={present.error} />}
      <TextInput
        type="email"
        name="username"
        label={w.session.mail}
        autoComplete="username"
        required
        withAsterisk={false}
        autoFocus
        value={mail}
        onChange={(event) => setMail(event.currentTarget.value)}
      />
      <PasswordInput
        name="password"
        label={w.session.password}
        autoComplete="current-password"
        required
        withAsterisk={false}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        visibilityToggleButtonProps={{ "aria-label": w.session.showPassword }}
      />
      <Button type="submit" loading={present.isPending}>
        {w.session.next}
      </Button>
    </form>
  );
}

function CodeStep({
  isRecovery,
  onSwitch,
  onStartOver,
  onSignedIn,
}: {
  isRecovery: boolean;
  onSwitch: () => void;
  onStartOver: () => void;
  onSignedIn: () => void;
}) {
  const { w } = useWords();
  const [typed, setTyped] = useState("");
  const present = useMutation({
    mutationFn: () => call(presentCode, { body: isRecovery ? { recoveryCode: typed.trim() } : { code: typed.trim() } }),
    onSuccess: ({ recoveryCodesLeft }) => {
      if (isRecovery || recoveryCodesLeft < fewCodes) notifications.show({ message: w.session.codesLeft(recoveryCodesLeft), color: "yellow" });
      onSignedIn();
    },
  });
  return (
    <form
      method="post"
      className="column"
      onSubmit={(event) => {
        event.preventDefault();
        present.mutate();
      }}
    >
      {present.error === null ? null : <ProblemNotice error={present.error} />}
      {isRecovery ? (
        <TextInput
          label={w.session.recoveryCode}
          description={w.session.recoveryHelp}
          autoComplete="off"
          required
          withAsterisk={false}
          autoFocus
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      ) : (
        <TextInput
          label={w.session.code}
          description={w.session.codeHelp}
          name="code"
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={8}
          required
          withAsterisk={false}
          autoFocus
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      )}
      <Button type="submit" loading={present.isPending}>
        {w.session.signIn}
      </Button>
      <div className="line apart">
        <Button variant="subtle" size="xs" onClick={onSwitch}>
          {isRecovery ? w.session.useCode : w.session.useRecovery}
        </Button>
        <Button variant="subtle" size="xs" onClick={onStartOver}>
          {w.session.startOver}
        </Button>
      </div>
    </form>
  );
}
