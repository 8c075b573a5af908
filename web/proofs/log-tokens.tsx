import { Button, Modal, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import type { ReplyOf } from "#shared/endpoint.ts";
import { listLogTokens, makeLogToken, withdrawLogToken } from "#shared/proofs.ts";
import { call } from "#web/call.ts";
import { At } from "#web/parts/at.tsx";
import { AccountChip } from "#web/parts/chip.tsx";
import { Confirm } from "#web/parts/confirm.tsx";
import { DialogActs } from "#web/parts/dialog-acts.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { SecretLink } from "#web/parts/secret-link.tsx";
import { useAct } from "#web/parts/use-act.ts";
import { textOf } from "#web/parts/use-directory.ts";
import { useMay } from "#web/parts/use-me.ts";
import { Value } from "#web/parts/value.tsx";
import styles from "#web/proofs/outlets.module.css";
import { useWords } from "#web/words/words.ts";

type Token = ReplyOf<typeof listLogTokens>["tokens"][number];
const changes = ["log-tokens"];

/** 監視用トークン: by which a monitor outside reads checkpoints and hashes, and nothing else. */
export function LogTokens() {
  const { w } = useWords();
  const words = w.proofs.tokens;
  const may = useMay();
  const { data, error } = useQuery({ queryKey: changes, queryFn: () => call(listLogTokens) });
  const [isMaking, setIsMaking] = useState(false);
  const [ending, setEnding] = useState<Token>();
  const end = useAct(
    () => call(withdrawLogToken, { params: { tokenNo: ending?.tokenNo ?? 0 } }),
    () => {
      setEnding(undefined);
      return words.withdrawnNow;
    },
    { changes },
  );
  const mayEnd = may("run-backup") || may("consent-rights");
  if (error !== null) return <ProblemNotice error={error} />;
  return (
    <section className="column" aria-label={words.title}>
      <div className="line apart">
        <h2>{words.title}</h2>
        {may("run-backup") ? (
          <Button variant="default" leftSection={<IconPlus size={16} />} onClick={() => setIsMaking(true)}>
            {words.make}
          </Button>
        ) : null}
      </div>
      <p className="small soft">{words.lead}</p>
      {data === undefined ? null : data.tokens.length === 0 ? (
        <p className="soft">{words.none}</p>
      ) : (
        <ul className={styles["places"]} aria-label={words.title}>
          {data.tokens.map((token) => (
            <Line key={token.tokenNo} token={token} onEnd={mayEnd && token.withdrawnAt === null ? () => setEnding(token) : undefined} />
          ))}
        </ul>
      )}
      {isMaking ? <MakeToken onClose={() => setIsMaking(false)} /> : null}
      <Confirm
        title={words.withdraw}
        lead={words.withdrawLead}
        action={words.withdraw}
        isOpen={ending !== undefined}
        isBusy={end.isPending}
        isLoss
        onConfirm={() => end.mutate(undefined)}
        onClose={() => setEnding(undefined)}
      />
    </section>
  );
}

function Line({ token, onEnd }: { token: Token; onEnd: (() => void) | undefined }) {
  const { w } = useWords();
  const words = w.proofs.tokens;
  return (
    <li>
      <div className={styles["what"]}>
        <span className="line">
          <strong>
            <Value shown={token.name} isBare />
          </strong>
          <Mark tone={token.withdrawnAt === null ? "act" : "plain"}>{token.withdrawnAt === null ? words.inUse : words.withdrawn}</Mark>
          {token.withdrawnAt === null && !token.isTold ? <Mark tone="look">{words.notYetSeen}</Mark> : null}
        </span>
        <span className="line soft small">
          {words.made} <At iso={token.madeAt} form="short" /> <AccountChip no={token.madeBy} />
        </span>
        <span className="line soft small">
          {token.usedHour === null ? (
            words.neverUsed
          ) : (
            <>
              {words.used} <At iso={token.usedHour} form="short" />
            </>
          )}
          {token.withdrawnAt === null ? null : (
            <>
              {" "}
              {words.withdrawn} <At iso={token.withdrawnAt} form="short" /> {token.withdrawnBy === null ? null : <AccountChip no={token.withdrawnBy} />}
            </>
          )}
        </span>
      </div>
      {onEnd === undefined ? null : (
        <Button variant="default" size="xs" aria-label={words.withdrawOf(textOf(token.name) ?? "")} onClick={onEnd}>
          {words.withdraw}
        </Button>
      )}
    </li>
  );
}

/** The token is shown until the dialog closes, and never again. */
function MakeToken({ onClose }: { onClose: () => void }) {
  const { w } = useWords();
  const words = w.proofs.tokens;
  const [name, setName] = useState("");
  const [token, setToken] = useState<string>();
  const make = useAct(
    () => call(makeLogToken, { body: { name: name.trim() } }),
    (made) => {
      setToken(made.token);
      return undefined;
    },
    { changes },
  );
  return (
    <Modal opened onClose={onClose} title={words.make} closeOnClickOutside={token === undefined} closeButtonProps={{ "aria-label": w.act.close }}>
      {token === undefined ? (
        <form
          className="column"
          onSubmit={(event) => {
            event.preventDefault();
            if (name.trim() !== "" && !make.isPending) make.mutate(undefined);
          }}
        >
          <p className="soft">{words.makeLead}</p>
          <TextInput
            label={words.name}
            description={words.nameHelp}
            data-autofocus
            value={name}
            maxLength={100}
            autoComplete="off"
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <DialogActs onCancel={onClose} label={words.make} isBusy={make.isPending} isDisabled={name.trim() === ""} />
        </form>
      ) : (
        <div className="column">
          <SecretLink label={words.once} text={token} />
          <p className="small soft">{words.onceHelp}</p>
          <SecretLink label={words.witness} text={`./kuraban witness --dir witness --follow ${location.origin} --token-file token.txt --log-key '…'`} />
          <div className="line apart">
            <span />
            <Button onClick={onClose}>{w.act.close}</Button>
          </div>
        </div>
      )}
    </Modal>
  );
}
