import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import { callBack, checkCaller, confirmCallBack, indexedKinds, isEnough, statedKinds, type StatedKind } from "#shared/desk.ts";
import { call } from "#web/call.ts";
import styles from "#web/desk/desk.module.css";
import { useDeskAct } from "#web/desk/use-desk.ts";
import { Mark } from "#web/parts/mark.tsx";
import { textOf } from "#web/parts/use-directory.ts";
import { useWords } from "#web/words/words.ts";

interface Typed {
  readonly kind: StatedKind;
  readonly value: string;
}

/** Two things that the caller states, compared unseen; or a call to the registered number. */
export function IdentityCheck({ caseNo, isAgentUnproved, isKnown }: { caseNo: number; isAgentUnproved: boolean; isKnown: boolean }) {
  const { w } = useWords();
  const words = w.desk;
  const [typed, setTyped] = useState<readonly [Typed, Typed]>([
    { kind: "name", value: "" },
    { kind: "birth-date", value: "" },
  ]);
  const [failed, setFailed] = useState(false);
  const [calling, setCalling] = useState<string>();
  const forget = () =>
    setTyped([
      { ...typed[0], value: "" },
      { ...typed[1], value: "" },
    ] as const);
  const stated = typed.map(({ kind, value }) => ({ kind, value: value.trim() }));
  const check = useDeskAct(
    () => call(checkCaller, { params: { caseNo }, body: { stated } }),
    ({ outcome }) => {
      setFailed(outcome === "unconfirmed");
      if (outcome === "identified") forget();
      return undefined;
    },
  );
  const ring = useDeskAct(
    () => call(callBack, { params: { caseNo }, body: { stated: stated.filter(({ value }) => value !== "") } }),
    ({ outcome, number }) => {
      setFailed(outcome === "unconfirmed");
      setCalling(textOf(number));
      return undefined;
    },
  );
  const reach = useDeskAct(
    (isPerson: boolean) => call(confirmCallBack, { params: { caseNo }, body: { isPerson } }),
    ({ answer }) => {
      setCalling(undefined);
      setFailed(false);
      forget();
      return answer === null ? words.notReachedDone : undefined;
    },
  );
  if (isAgentUnproved) {
    return (
      <section className="column tight" aria-label={words.identity}>
        <h2>{words.identity}</h2>
        <p className="line">
          <Mark tone="look">{words.callers.agent}</Mark> {words.agentFirst}
        </p>
      </section>
    );
  }
  const isRight = isEnough(stated.map(({ kind }) => kind));
  const isWhole = isRight && stated.every(({ value }) => value !== "");
  const set = (at: 0 | 1, part: Partial<Typed>) => {
    setFailed(false);
    const next = { ...typed[at], ...part };
    setTyped(at === 0 ? [next, typed[1]] : [typed[0], next]);
  };
  return (
    <section className="column tight" aria-label={words.identity}>
      <div className="line">
        <h2>{words.identity}</h2>
        {isKnown ? <Mark tone="act">{words.identified}</Mark> : null}
      </div>
      <p className="small soft">{words.identityLead}</p>
      <form
        className="column tight"
        autoComplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          if (isWhole) check.mutate(undefined);
        }}
      >
        {([0, 1] as const).map((at) => {
          const which = at === 0 ? words.first : words.second;
          return (
            <div key={at} className={styles["stated"]}>
              <NativeSelect
                aria-label={words.statedAs(which)}
                value={typed[at].kind}
                data={statedKinds.map((kind) => ({ value: kind, label: words.kinds[kind] }))}
                onChange={(event) => set(at, { kind: event.currentTarget.value as StatedKind, value: "" })}
              />
              <TextInput
                aria-label={words.statedValue(which)}
                autoFocus={at === 0 && !isKnown}
                value={typed[at].value}
                placeholder={words.placeholders[typed[at].kind]}
                maxLength={400}
                autoComplete="off"
                spellCheck={false}
                onChange={(event) => set(at, { value: event.currentTarget.value })}
              />
            </div>
          );
        })}
        {isRight ? null : <p className="small soft">{words.notEnough}</p>}
        <div className="line">
          <Button type="submit" loading={check.isPending} disabled={!isWhole || calling !== undefined}>
            {words.compare}
          </Button>
          <Button
            variant="default"
            loading={ring.isPending}
            disabled={calling !== undefined || !stated.some(({ kind, value }) => value !== "" && indexedKinds.includes(kind))}
            onClick={() => ring.mutate(undefined)}
          >
            {words.callRegistered}
          </Button>
        </div>
      </form>
      {failed ? (
        <div className={styles["answer"]} role="status">
          <p className={styles["word"]}>{words.unconfirmed}</p>
          <blockquote className={styles["said"]}>{words.phrases.unconfirmed}</blockquote>
          <p className="small soft">{words.unconfirmedHelp}</p>
        </div>
      ) : null}
      {calling === undefined ? (
        <p className="small soft">{words.callRegisteredHelp}</p>
      ) : (
        <div className={styles["answer"]} role="status">
          <p className={styles["word"]}>{words.lastTwo(calling.replaceAll(/\D/g, "").slice(-2))}</p>
          <div className="line">
            <Button component="a" href={`tel:${calling.replaceAll(/[^\d+]/g, "")}`}>
              {words.dial}
            </Button>
            <Button variant="default" loading={reach.isPending} onClick={() => reach.mutate(true)}>
              {words.reached}
            </Button>
            <Button variant="default" loading={reach.isPending} onClick={() => reach.mutate(false)}>
              {words.notReached}
            </Button>
          </div>
        </div>
      )}
    </section>
  );
}
