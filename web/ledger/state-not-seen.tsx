import { Textarea } from "@mantine/core";
import { useState } from "react";
import { stateNotSeen, stateNotSeenPdf } from "#shared/ledger-export.ts";
import { download } from "#web/call.ts";
import { readNumbers } from "#web/ledger/read-numbers.ts";
import { TakeStatement } from "#web/ledger/take-statement.tsx";
import { useWords } from "#web/words/words.ts";

const most = 100;
const usualDays = 30;

/** 見ていないことの証明: that an account, or oneself, did not see given people. */
export function StateNotSeen({ accountNo }: { accountNo?: number }) {
  const { w } = useWords();
  const words = w.statements;
  const [text, setText] = useState("");
  const customerNos = readNumbers(text);
  return (
    <TakeStatement
      open={words.notSeen}
      title={words.notSeenTitle}
      lead={accountNo === undefined ? words.notSeenOwnLead : words.notSeenLead}
      usualDays={usualDays}
      isReady={customerNos.length > 0 && customerNos.length <= most}
      onTake={(form, time) =>
        download(form === "json" ? stateNotSeen : stateNotSeenPdf, { body: { ...time, customerNos, ...(accountNo === undefined ? {} : { accountNo }) } })
      }
    >
      <Textarea
        label={words.people}
        description={words.peopleHelp}
        rows={3}
        maxLength={4_000}
        data-autofocus
        autoComplete="off"
        spellCheck={false}
        inputMode="numeric"
        value={text}
        error={customerNos.length > most ? words.tooMany(most) : undefined}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <p className="small soft" role="status">
        {words.peopleCount(customerNos.length)}
      </p>
    </TakeStatement>
  );
}
