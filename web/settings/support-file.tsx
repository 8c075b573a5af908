import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { downloadSupportBundle } from "#shared/support.ts";
import { download } from "#web/call.ts";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import styles from "#web/settings/support-file.module.css";
import { useWords } from "#web/words/words.ts";

/** The file for whoever helps, with what is in it and what is not. */
export function SupportFile() {
  const { w } = useWords();
  const words = w.help.support;
  const save = useMutation({ mutationFn: () => download(downloadSupportBundle), onSuccess: () => notifications.show({ message: words.saved }) });
  return (
    <section className="column">
      <p className="soft">{words.lead}</p>
      <dl className="column tight">
        <div>
          <dt className="soft small">{words.holdsTitle}</dt>
          <dd className={styles["flush"]}>{words.holds}</dd>
        </div>
        <div>
          <dt className="soft small">{words.lacksTitle}</dt>
          <dd className={styles["flush"]}>{words.lacks}</dd>
        </div>
      </dl>
      {save.error === null ? null : <ProblemNotice error={save.error} />}
      <div>
        <Button loading={save.isPending} onClick={() => save.mutate()}>
          {words.save}
        </Button>
      </div>
    </section>
  );
}
