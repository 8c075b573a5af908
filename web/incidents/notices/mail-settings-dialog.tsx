import { Button, Checkbox, Modal, NativeSelect, NumberInput, PasswordInput, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReplyOf } from "#shared/endpoint.ts";
import { setNoticeMail, tryNoticeMail, type showNoticeMail } from "#shared/incident-notices.ts";
import { call } from "#web/call.ts";
import styles from "#web/incidents/notices/notices.module.css";
import { useNoticeMail } from "#web/incidents/notices/use-notices.ts";
import { useIncidentAct } from "#web/incidents/use-incident.ts";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { useWords } from "#web/words/words.ts";

type Mail = NonNullable<ReplyOf<typeof showNoticeMail>["mail"]>;
const fresh: Mail = { host: "", port: 587, security: "starttls", user: "", hasPassword: false, from: "", replyTo: "", bounceTo: "", isTagged: false };
const securities = ["starttls", "tls", "none"] as const;
const usualPorts = { starttls: 587, tls: 465, none: 25 } as const;

/** By which mail server notices leave. */
export function MailSettingsDialog({ onClose }: { onClose: () => void }) {
  const { w } = useWords();
  const { data, error } = useNoticeMail();
  return (
    <Modal opened onClose={onClose} size="lg" title={w.incidentNotices.settings.title} closeButtonProps={{ "aria-label": w.act.close }}>
      {error !== null ? (
        <ProblemNotice error={error} />
      ) : data === undefined ? (
        <p className="soft">{w.act.loading}</p>
      ) : (
        <Settings known={data.mail} onClose={onClose} />
      )}
    </Modal>
  );
}

function Settings({ known, onClose }: { known: Mail | null; onClose: () => void }) {
  const { w } = useWords();
  const words = w.incidentNotices.settings;
  const [mail, setMail] = useState<Mail>(known ?? fresh);
  const [password, setPassword] = useState("");
  const change = (more: Partial<Mail>): void => setMail({ ...mail, ...more });
  const save = useIncidentAct(
    () => {
      const { hasPassword: _hasPassword, ...settings } = mail;
      return call(setNoticeMail, { body: { ...settings, ...(password === "" ? {} : { password }) } });
    },
    () => words.saved,
  );
  const text = (key: "host" | "user" | "from" | "replyTo" | "bounceTo", label: string, more: object = {}) => (
    <TextInput
      label={label}
      autoComplete="off"
      spellCheck={false}
      value={mail[key]}
      onChange={(event) => change({ [key]: event.currentTarget.value })}
      {...more}
    />
  );
  return (
    <div className="column">
      <form
        className="column"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(undefined);
        }}
      >
        <p className="soft">{words.lead}</p>
        <div className={styles["fields"]}>
          {text("host", words.host, { "data-autofocus": true, required: true })}
          <NativeSelect
            label={words.security}
            value={mail.security}
            data={securities.map((one) => ({ value: one, label: words.securities[one] }))}
            onChange={(event) => {
              const security = securities.find((one) => one === event.currentTarget.value) ?? mail.security;
              change({ security, port: usualPorts[security] });
            }}
          />
          <NumberInput
            label={words.port}
            min={1}
            max={65535}
            allowDecimal={false}
            value={mail.port}
            onChange={(value) => change({ port: Number(value) || mail.port })}
          />
          {text("user", words.user)}
          <PasswordInput
            label={words.password}
            autoComplete="new-password"
            placeholder={mail.hasPassword ? words.passwordKept : ""}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          {text("from", words.from, { type: "email", required: true })}
          {text("replyTo", words.replyTo, { type: "email" })}
          {text("bounceTo", words.bounceTo, { type: "email", required: true, description: words.bounceHelp })}
        </div>
        <Checkbox label={words.isTagged} checked={mail.isTagged} onChange={(event) => change({ isTagged: event.currentTarget.checked })} />
        <div className="line apart">
          <Button variant="default" onClick={onClose}>
            {w.act.close}
          </Button>
          <Button type="submit" loading={save.isPending}>
            {words.save}
          </Button>
        </div>
      </form>
      {known === null ? null : <TestMail />}
    </div>
  );
}

function TestMail() {
  const { w } = useWords();
  const words = w.incidentNotices.settings;
  const [to, setTo] = useState("");
  const [told, setTold] = useState("");
  const test = useIncidentAct(async () => setTold(words.outcomes[(await call(tryNoticeMail, { body: { to: to.trim() } })).outcome]));
  return (
    <form
      className="column tight"
      aria-label={words.test}
      onSubmit={(event) => {
        event.preventDefault();
        if (to.trim() !== "") test.mutate(undefined);
      }}
    >
      <div className="line" style={{ alignItems: "end" }}>
        <TextInput label={words.testTo} type="email" autoComplete="off" value={to} onChange={(event) => setTo(event.currentTarget.value)} />
        <Button type="submit" variant="default" loading={test.isPending} disabled={to.trim() === ""}>
          {words.send}
        </Button>
        <span className="small soft" role="status">
          {told}
        </span>
      </div>
    </form>
  );
}
