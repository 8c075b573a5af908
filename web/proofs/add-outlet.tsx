import { Button, NativeSelect, PasswordInput, Textarea, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { addOutlet, outletKinds, outletSettings } from "#shared/proofs.ts";
import { call, Refusal } from "#web/call.ts";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { useWords } from "#web/words/words.ts";

type Kind = (typeof outletKinds)[number];
type FieldKey =
  | "url"
  | "verifierKey"
  | "folder"
  | "host"
  | "port"
  | "security"
  | "user"
  | "password"
  | "from"
  | "to"
  | "token"
  | "anchors"
  | "trusted"
  | "certificate"
  | "privateKey"
  | "since";

const fieldsOf: Readonly<Record<Kind, readonly FieldKey[]>> = {
  witness: ["url", "verifierKey"],
  folder: ["folder"],
  mail: ["host", "port", "security", "user", "password", "from", "to"],
  webhook: ["url", "token"],
  timestamp: ["url", "anchors"],
  syslog: ["host", "port", "trusted", "certificate", "privateKey", "since"],
  lines: ["folder", "since"],
};
const optional: readonly FieldKey[] = ["user", "password", "token", "trusted", "certificate", "privateKey"];
const usualPorts: Partial<Record<Kind, string>> = { mail: "465", syslog: "6514" };
const securities = ["tls", "starttls", "none"] as const;
const starts = ["now", "start"] as const;

/** One more place for checkpoints or events. What the house will not take is said at its field. */
export function AddOutlet({ onClose }: { onClose: () => void }) {
  const { w } = useWords();
  const client = useQueryClient();
  const [kind, setKind] = useState<Kind>("witness");
  const [typed, setTyped] = useState<Partial<Record<FieldKey, string>>>({ security: "tls", since: "now" });
  const [wrong, setWrong] = useState<ReadonlySet<string>>(new Set());
  const valueOf = (key: FieldKey): string => typed[key] ?? (key === "port" ? (usualPorts[kind] ?? "") : "");
  const save = useMutation({
    mutationFn: async () => {
      const given = Object.fromEntries(
        fieldsOf[kind].flatMap((key) => {
          const value = valueOf(key).trim();
          return value === "" ? [] : [[key, key === "port" ? Number(value) : value]];
        }),
      );
      const read = outletSettings.safeParse({ kind, ...given });
      if (!read.success) throw new Refusal("invalid-input", { fields: read.error.issues.map((issue) => `${String(issue.path[0])}:${issue.code}`) });
      return call(addOutlet, { body: read.data });
    },
    onSuccess: ({ requestNo }) => {
      notifications.show({ message: requestNo === null ? w.proofs.added : w.proofs.asked });
      void client.invalidateQueries({ queryKey: ["outlets"] });
      onClose();
    },
    onError: (error) => {
      const fields = error instanceof Refusal && Array.isArray(error.facts["fields"]) ? (error.facts["fields"] as string[]) : [];
      setWrong(new Set(fields.map((field) => field.split(":")[0] ?? "")));
    },
  });
  const isComplete = fieldsOf[kind].every((key) => optional.includes(key) || valueOf(key).trim() !== "");
  const isTold = save.error instanceof Refusal && save.error.code === "invalid-input" && fieldsOf[kind].some((key) => wrong.has(key));
  const field = (key: FieldKey) => {
    const shared = {
      label: w.proofs.field[key === "host" && kind === "syslog" ? "receiver" : key],
      value: valueOf(key),
      error: wrong.has(key) ? w.proofs.wrong : undefined,
      autoComplete: "off",
      spellCheck: false,
    } as const;
    const change = (value: string): void => {
      setTyped({ ...typed, [key]: value });
      setWrong(new Set([...wrong].filter((one) => one !== key)));
    };
    switch (key) {
      case "security":
      case "since":
        return (
          <NativeSelect
            key={key}
            label={shared.label}
            error={shared.error}
            value={shared.value}
            data={
              key === "security"
                ? securities.map((value) => ({ value, label: w.proofs.security[value] }))
                : starts.map((value) => ({ value, label: w.proofs.since[value] }))
            }
            onChange={(event) => change(event.currentTarget.value)}
          />
        );
      case "anchors":
      case "trusted":
      case "certificate":
      case "privateKey":
        return (
          <Textarea
            key={key}
            {...shared}
            rows={key === "anchors" ? 5 : 3}
            {...(key === "privateKey" ? { description: w.proofs.secretHelp } : {})}
            onChange={(event) => change(event.currentTarget.value)}
          />
        );
      case "password":
      case "token":
        return (
          <PasswordInput
            key={key}
            {...shared}
            autoComplete="new-password"
            description={w.proofs.secretHelp}
            onChange={(event) => change(event.currentTarget.value)}
          />
        );
      default:
        return (
          <TextInput key={key} {...shared} {...(key === "port" ? { inputMode: "numeric" } : {})} onChange={(event) => change(event.currentTarget.value)} />
        );
    }
  };
  return (
    <form
      method="post"
      className="column"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      {save.error === null || isTold ? null : <ProblemNotice error={save.error} />}
      <NativeSelect
        label={w.proofs.kind}
        description={w.proofs.kindHelp[kind]}
        data-autofocus
        value={kind}
        data={outletKinds.map((value) => ({ value, label: w.proofs.kinds[value] }))}
        onChange={(event) => {
          setKind(event.currentTarget.value as Kind);
          setWrong(new Set());
          save.reset();
        }}
      />
      {fieldsOf[kind].map(field)}
      <Button type="submit" loading={save.isPending} disabled={!isComplete}>
        {w.proofs.add}
      </Button>
    </form>
  );
}
