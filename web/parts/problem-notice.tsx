import { Button } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import type { ReplyOf } from "#shared/endpoint.ts";
import { standardFields, type listFields } from "#shared/fields.ts";
import { problems } from "#shared/problems.ts";
import { Refusal, type RefusalCode } from "#web/call.ts";
import { articleOfRefusal } from "#web/help/article-of-refusal.ts";
import styles from "#web/parts/problem-notice.module.css";
import { Why } from "#web/parts/why.tsx";
import type { Field } from "#web/parts/use-directory.ts";
import { useWords, type Spoken } from "#web/words/words.ts";

/** The sentence of a code in the screen's language. */
export function sentenceOf(code: RefusalCode, { w, language }: Spoken): string {
  return code === "unreachable" ? w.refusal.unreachable : problems[code][language];
}

export function refusalOf(error: unknown): Refusal {
  return error instanceof Refusal ? error : new Refusal("unexpected");
}

/** The reason behind a code, where the server named one and it has words. */
export function reasonOf({ facts }: Refusal, { w }: Spoken): string | undefined {
  const { reason, retryAfterSeconds } = facts;
  if (typeof retryAfterSeconds === "number") return w.why.wait(retryAfterSeconds);
  return typeof reason === "string" && Object.hasOwn(w.reasons, reason) ? w.reasons[reason as keyof typeof w.reasons] : undefined;
}

/** A refusal in a passing message, where there is no room for more: what, why, and what next. */
export function tellRefusal(error: unknown, spoken: Spoken): string {
  const refusal = refusalOf(error);
  const reason = reasonOf(refusal, spoken);
  return `${sentenceOf(refusal.code, spoken)}${reason === undefined ? "" : ` (${reason})`} → ${spoken.w.help.nextSteps[refusal.code]}`;
}

function detailOf(refusal: Refusal, { w, label }: Spoken, fields: readonly Pick<Field, "key" | "ja" | "en">[]): string | undefined {
  const told = Object.entries(refusal.facts)
    .filter(([name, value]) => !["reason", "retryAfterSeconds"].includes(name) && ["string", "number", "boolean"].includes(typeof value))
    .map(([name, value]) => {
      const field = name === "field" ? fields.find((one) => one.key === value) : undefined;
      return `${name === "field" ? w.why.field : name}: ${field === undefined ? String(value) : label(field)}`;
    });
  if (refusal.requestId !== null) told.push(`${w.why.requestNumber}: ${refusal.requestId}`);
  return told.length === 0 ? undefined : told.join(" / ");
}

/** A refusal, said once: what, why, and what next. */
export function ProblemNotice({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const spoken = useWords();
  const refusal = refusalOf(error);
  const reason = reasonOf(refusal, spoken);
  // Before sign-in nobody has read them.
  const known = useQueryClient().getQueryData<ReplyOf<typeof listFields>>(["fields"]);
  const detail = detailOf(refusal, spoken, [...(known?.fields ?? []), ...standardFields]);
  return (
    <div role="alert" className={styles["notice"]}>
      <IconAlertTriangle size={18} aria-hidden />
      <div className={styles["words"]}>
        <p>
          {sentenceOf(refusal.code, spoken)} {reason === undefined ? null : `(${reason}) `}
          <Why article={articleOfRefusal[refusal.code]}>
            <p>
              {spoken.w.why.next}: {spoken.w.help.nextSteps[refusal.code]}
            </p>
            {detail === undefined ? null : <p className="soft">{detail}</p>}
          </Why>
        </p>
        {onRetry === undefined ? null : (
          <Button variant="default" size="xs" onClick={onRetry}>
            {spoken.w.act.retry}
          </Button>
        )}
      </div>
    </div>
  );
}
