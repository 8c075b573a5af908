import { ActionIcon, Button, Checkbox, TextInput } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import styles from "#web/desk/desk.module.css";
import { MomentField, momentOf, momentText } from "#web/incidents/moment-field.tsx";
import { textOf, useStaff } from "#web/parts/use-directory.ts";
import { useWords } from "#web/words/words.ts";

/** Operators as they are being typed. */
export interface OperatorsTyped {
  readonly lines: readonly { readonly name: string; readonly mail: string }[];
  readonly accountNos: readonly number[];
  readonly until: string;
}

const twoWeeksMs = 14 * 86_400_000;
export const noOperators = (): OperatorsTyped => ({ lines: [{ name: "", mail: "" }], accountNos: [], until: momentText(new Date(Date.now() + twoWeeksMs)) });

/** What is sent of it; undefined while a line is half typed or the term is none. */
export function operatorsOf(typed: OperatorsTyped) {
  const until = momentOf(typed.until);
  const lines = typed.lines.map(({ name, mail }) => ({ name: name.trim(), mail: mail.trim() })).filter(({ name, mail }) => name !== "" || mail !== "");
  if (until === undefined || lines.some(({ name, mail }) => name === "" || !mail.includes("@"))) return undefined;
  return { invite: lines, accountNos: [...typed.accountNos], until };
}

/** People to invite, former operators, and until when. */
export function OperatorFields({ typed, former, onType }: { typed: OperatorsTyped; former: readonly number[]; onType: (typed: OperatorsTyped) => void }) {
  const { w } = useWords();
  const words = w.desk;
  const staff = useStaff();
  const set = (at: number, part: object) => onType({ ...typed, lines: typed.lines.map((line, index) => (index === at ? { ...line, ...part } : line)) });
  return (
    <div className="column">
      <p className="small soft">{words.operatorsLead}</p>
      {typed.lines.map((line, at) => (
        <div key={at} className={styles["pairs"]}>
          <TextInput
            label={words.name}
            value={line.name}
            maxLength={80}
            autoComplete="off"
            onChange={(event) => set(at, { name: event.currentTarget.value })}
          />
          <TextInput
            label={words.mailAddress}
            value={line.mail}
            maxLength={254}
            inputMode="email"
            autoComplete="off"
            onChange={(event) => set(at, { mail: event.currentTarget.value })}
          />
          <ActionIcon
            size={36}
            aria-label={words.removeLine(at + 1)}
            disabled={typed.lines.length === 1}
            onClick={() => onType({ ...typed, lines: typed.lines.filter((_, index) => index !== at) })}
          >
            <IconX size={16} />
          </ActionIcon>
        </div>
      ))}
      <div>
        <Button variant="default" size="xs" onClick={() => onType({ ...typed, lines: [...typed.lines, { name: "", mail: "" }] })}>
          {words.addLine}
        </Button>
      </div>
      {former.length === 0 ? null : (
        <Checkbox.Group label={words.former} value={typed.accountNos.map(String)} onChange={(next) => onType({ ...typed, accountNos: next.map(Number) })}>
          <div className="line">
            {former.map((no) => (
              <Checkbox key={no} value={String(no)} label={textOf(staff.get(no)) ?? w.settings.ofNumber(no)} />
            ))}
          </div>
        </Checkbox.Group>
      )}
      <MomentField label={words.until} help={words.untilHelp} value={typed.until} isRequired onChange={(until) => onType({ ...typed, until })} />
    </div>
  );
}
