import { Loader } from "@mantine/core";
import { useEffect } from "react";
import { health } from "#shared/system.ts";
import styles from "#web/app/outage-notice.module.css";
import { call, type RefusalCode } from "#web/call.ts";
import { sentenceOf } from "#web/parts/problem-notice.tsx";
import { Seal } from "#web/parts/seal.tsx";
import { useWords } from "#web/words/words.ts";

const lookMilliseconds = 3000;

/** A calm page while nothing may be shown. It looks again by itself and goes away by itself. */
export function OutageNotice({ code, onOpen }: { code: RefusalCode; onOpen: () => void }) {
  const spoken = useWords();
  useEffect(() => {
    const timer = setInterval(() => {
      call(health).then(
        (now) => {
          if (now.kind === "open" && now.ledger === "recording") onOpen();
        },
        () => undefined,
      );
    }, lookMilliseconds);
    return () => clearInterval(timer);
  }, [onOpen]);
  return (
    <div role="alertdialog" aria-modal="true" aria-label={spoken.w.refusal.outageTitle} className={styles["notice"]}>
      <Seal size={40} />
      <h1>{spoken.w.refusal.outageTitle}</h1>
      <p>{sentenceOf(code, spoken)}</p>
      <p className="line soft">
        <Loader size={14} color="gray" aria-hidden /> {spoken.w.refusal.outageAgain}
      </p>
    </div>
  );
}
