import { Button, PasswordInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { changePassword, listSessions, revokeSession } from "#shared/session.ts";
import { call } from "#web/call.ts";
import { At } from "#web/parts/at.tsx";
import { deviceName } from "#web/parts/device-name.ts";
import { Mark } from "#web/parts/mark.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { NewPassword } from "#web/session/new-password.tsx";
import { checkPassword } from "#web/session/password-rules.ts";
import { useWords } from "#web/words/words.ts";

/** One's own sessions and password. */
export function OwnAccount() {
  return (
    <div className="column">
      <OwnSessions />
      <hr className="hairline" />
      <ChangePassword />
    </div>
  );
}

function OwnSessions() {
  const { w } = useWords();
  const client = useQueryClient();
  const { data, error } = useQuery({ queryKey: ["sessions"], queryFn: () => call(listSessions) });
  const end = useMutation({
    mutationFn: (sessionId: string) => call(revokeSession, { params: { sessionId } }),
    onSuccess: () => {
      notifications.show({ message: w.settings.endedOne });
      void client.invalidateQueries({ queryKey: ["sessions"] });
    },
  });
  return (
    <section className="column tight">
      <h2>{w.settings.sessions}</h2>
      {error === null ? null : <ProblemNotice error={error} />}
      {end.error === null ? null : <ProblemNotice error={end.error} />}
      <div className="scroll-x" tabIndex={0} role="region" aria-label={w.settings.sessions}>
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">{w.settings.sessions}</th>
              <th scope="col">{w.ledger.address}</th>
              <th scope="col">{w.settings.started}</th>
              <th scope="col">{w.settings.seen}</th>
              <th scope="col">{w.settings.endSession}</th>
            </tr>
          </thead>
          <tbody>
            {data?.sessions.map((one) => (
              <tr key={one.sessionId}>
                <td title={one.device}>{deviceName(one.device)}</td>
                <td>{one.address}</td>
                <td>
                  <At iso={one.startedAt} form="short" />
                </td>
                <td>
                  <At iso={one.lastSeenAt} form="short" />
                </td>
                <td>
                  {one.isCurrent ? (
                    <Mark tone="act">{w.settings.thisDevice}</Mark>
                  ) : (
                    <Button variant="default" size="xs" loading={end.isPending && end.variables === one.sessionId} onClick={() => end.mutate(one.sessionId)}>
                      {w.settings.endSession}
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function ChangePassword() {
  const { w } = useWords();
  const client = useQueryClient();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const rules = checkPassword(next);
  const change = useMutation({
    mutationFn: () => call(changePassword, { body: { current, next } }),
    onSuccess: () => {
      setCurrent("");
      setNext("");
      notifications.show({ message: w.settings.passwordChanged });
      void client.invalidateQueries({ queryKey: ["sessions"] });
    },
  });
  return (
    <form
      method="post"
      className="column"
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate();
      }}
    >
      <h2>{w.settings.changePassword}</h2>
      {change.error === null ? null : <ProblemNotice error={change.error} />}
      <PasswordInput
        maw={400}
        label={w.settings.current}
        name="password"
        autoComplete="current-password"
        required
        withAsterisk={false}
        value={current}
        onChange={(event) => setCurrent(event.currentTarget.value)}
        visibilityToggleButtonProps={{ "aria-label": w.session.showPassword }}
      />
      <NewPassword label={w.settings.nextPassword} value={next} onChange={setNext} />
      <div>
        <Button type="submit" loading={change.isPending} disabled={!rules.isLong || !rules.isVaried || current === ""}>
          {w.settings.changePassword}
        </Button>
      </div>
    </form>
  );
}
