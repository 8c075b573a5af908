import { Checkbox, NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { listSignIns } from "#shared/incident-scope.ts";
import { call } from "#web/call.ts";
import styles from "#web/incidents/scope/scope.module.css";
import { deviceName } from "#web/parts/device-name.ts";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { textOf, useStaff } from "#web/parts/use-directory.ts";
import { useWords } from "#web/words/words.ts";

/** Sessions or browsers by whose they were and when: nobody knows their numbers by heart. What is chosen stands as `a, b`. */
export function SignInChoices({
  takes,
  value,
  onChange,
  error,
}: {
  takes: "sessions" | "devices";
  value: string;
  onChange: (text: string) => void;
  error: string | undefined;
}) {
  const { w, short, list } = useWords();
  const words = w.incidentScope;
  const staff = useStaff();
  const [accountNo, setAccountNo] = useState("");
  const { data, error: refusal } = useQuery({
    queryKey: ["sign-ins", accountNo],
    queryFn: () => call(listSignIns, { params: { accountNo: Number(accountNo) } }),
    enabled: accountNo !== "",
    staleTime: 0,
  });
  const chosen = value.split(", ").filter((one) => one !== "");
  const choices = new Map<string, { readonly device: string; readonly address: string; readonly times: string[] }>();
  for (const { sessionId, deviceId, at, address, device } of data?.signIns ?? []) {
    const key = takes === "sessions" ? sessionId : deviceId;
    if (key === null) continue;
    const known = choices.get(key) ?? { device: device === null ? words.unknownDevice : deviceName(device), address: address ?? "", times: [] };
    choices.set(key, known);
    known.times.push(at);
  }
  const elsewhere = chosen.filter((one) => !choices.has(one));
  return (
    <fieldset className={`column tight ${styles["signIns"] ?? ""}`}>
      <legend>{words.takes[takes]}</legend>
      <NativeSelect
        label={words.whose}
        value={accountNo}
        error={error}
        data={[
          { value: "", label: words.chooseStaff },
          ...[...staff].map(([no, name]) => ({ value: String(no), label: textOf(name) ?? w.settings.ofNumber(no) })),
        ]}
        onChange={(event) => setAccountNo(event.currentTarget.value)}
      />
      {refusal === null ? null : <ProblemNotice error={refusal} />}
      {accountNo !== "" && data !== undefined && choices.size === 0 ? <p className="small soft">{words.noSignIns}</p> : null}
      <Checkbox.Group aria-label={words.takes[takes]} value={chosen} onChange={(next) => onChange(next.join(", "))}>
        <div className="column tight">
          {elsewhere.map((key) => (
            <Checkbox key={key} value={key} label={words.alreadyChosen(key.slice(0, 8))} size="sm" />
          ))}
          {[...choices].map(([key, { device, address, times }]) => (
            <Checkbox key={key} value={key} label={device} description={list([words.signedInAt(short(times[0] ?? ""), times.length), address])} size="sm" />
          ))}
        </div>
      </Checkbox.Group>
    </fieldset>
  );
}
