import { Button } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useState } from "react";
import styles from "#web/parts/secret-link.module.css";
import { useWords } from "#web/words/words.ts";

/** The address that opens an invitation. The token stands in the fragment, which no server and no log ever receives. */
export function invitationLink(token: string): string {
  return `${location.origin}/#/invite/${token}`;
}

/** Something shown once, to be handed on by the reader's own hand. */
export function SecretLink({ label, text }: { label: string; text: string }) {
  const { w } = useWords();
  const [isCopied, setIsCopied] = useState(false);
  return (
    <div className="column tight">
      <strong>{label}</strong>
      <div className="line">
        <code className={styles["secret"]}>{text}</code>
        <Button
          variant="default"
          size="xs"
          leftSection={isCopied ? <IconCheck size={14} /> : <IconCopy size={14} />}
          onClick={() => void navigator.clipboard.writeText(text).then(() => setIsCopied(true))}
        >
          {isCopied ? w.act.copied : w.act.copy}
        </Button>
      </div>
    </div>
  );
}
