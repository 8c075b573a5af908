import { Button, Menu } from "@mantine/core";
import { useState } from "react";
import { changeRedress, redressStates, type RedressKind, type RedressState } from "#shared/incident-afterwards.ts";
import { call } from "#web/call.ts";
import { useAfterwardsAct } from "#web/incidents/afterwards/use-afterwards.ts";
import { Confirm } from "#web/parts/confirm.tsx";
import { useWords } from "#web/words/words.ts";

/** Carries all entries of a kind in a state on to another; said in numbers before. */
export function CarryOn({ incidentNo, kind, state, count }: { incidentNo: number; kind: RedressKind; state: RedressState; count: number }) {
  const { w } = useWords();
  const words = w.incidentAfterwards;
  const [next, setNext] = useState<RedressState>();
  const label = words.carryOn(count, words.kinds[kind], words.redressStates[state]);
  const carry = useAfterwardsAct(
    (to: RedressState) => call(changeRedress, { params: { incidentNo }, body: { allOf: { kind, state }, state: to } }),
    ({ changed }) => {
      setNext(undefined);
      return words.carriedOn(changed);
    },
  );
  return (
    <>
      <Menu>
        <Menu.Target>
          <Button size="xs" variant="default">
            {label}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {redressStates
            .filter((one) => one !== state)
            .map((one) => (
              <Menu.Item key={one} onClick={() => setNext(one)}>
                {words.redressStates[one]}
              </Menu.Item>
            ))}
        </Menu.Dropdown>
      </Menu>
      <Confirm
        title={label}
        lead={next === undefined ? "" : `${words.redressStates[state]} → ${words.redressStates[next]}`}
        action={next === undefined ? "" : words.redressStates[next]}
        isOpen={next !== undefined}
        isBusy={carry.isPending}
        onConfirm={() => next !== undefined && carry.mutate(next)}
        onClose={() => setNext(undefined)}
      />
    </>
  );
}
