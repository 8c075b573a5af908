import { Button, FileButton, Progress, Radio } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { IconFileUpload } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { importKinds, uploadImport, type ImportKind } from "#shared/imports.ts";
import { upload, type Sending } from "#web/call.ts";
import styles from "#web/imports/imports.module.css";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { formatNumber } from "#web/words/format.ts";
import { useWords } from "#web/words/words.ts";

class Stopped extends Error {}

/** Takes a file by drop or choice and sends it, with its progress and a way to stop. */
export function FileDrop({ onUploaded }: { onUploaded: (importNo: number) => void }) {
  const { w } = useWords();
  const [isOver, setIsOver] = useState(false);
  const [kind, setKind] = useState<ImportKind>("customers");
  const [sending, setSending] = useState<Sending & { readonly since: number; readonly now: number }>();
  const stop = useRef<AbortController>(undefined);
  useEffect(() => () => stop.current?.abort(new Stopped()), []);
  const send = useMutation({
    mutationFn: (file: File) => {
      const since = performance.now();
      stop.current = new AbortController();
      setSending({ sentBytes: 0, totalBytes: file.size, since, now: since });
      return upload(uploadImport, file, {
        query: { kind },
        signal: stop.current.signal,
        onProgress: (now) => setSending({ ...now, since, now: performance.now() }),
      });
    },
    onSuccess: ({ importNo }) => onUploaded(importNo),
    onSettled: () => setSending(undefined),
  });
  const take = (file: File | null | undefined) => {
    if (file !== null && file !== undefined && !send.isPending) send.mutate(file);
  };
  return (
    <div className="column tight">
      {send.error === null ? null : send.error instanceof Stopped ? (
        <p className="soft" role="status">
          {w.importing.stopped}
        </p>
      ) : (
        <ProblemNotice error={send.error} />
      )}
      <Radio.Group
        label={w.importing.becomes}
        description={w.importing.kindHelp[kind]}
        inputWrapperOrder={["label", "input", "description"]}
        value={kind}
        onChange={(value) => setKind(importKinds.find((one) => one === value) ?? "customers")}
      >
        <div className="line">
          {importKinds.map((one) => (
            <Radio key={one} value={one} label={w.importing.kinds[one]} disabled={send.isPending} mr={16} />
          ))}
        </div>
      </Radio.Group>
      <div
        className={styles["drop"]}
        data-over={isOver || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setIsOver(true);
        }}
        onDragLeave={() => setIsOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setIsOver(false);
          take(event.dataTransfer.files[0]);
        }}
      >
        {sending === undefined ? (
          <>
            <IconFileUpload size={28} stroke={1.5} aria-hidden />
            <p>{w.imports.drop}</p>
            <FileButton
              accept={kind === "customers" ? ".xlsx,.csv,.tsv,.txt,.vcf" : ".xlsx,.csv,.tsv,.txt"}
              onChange={take}
              inputProps={{ "aria-label": w.imports.choose }}
            >
              {(props) => <Button {...props}>{w.imports.choose}</Button>}
            </FileButton>
          </>
        ) : (
          <SendingFile {...sending} onStop={() => stop.current?.abort(new Stopped())} />
        )}
        <p className="small soft">{w.imports.limits}</p>
      </div>
    </div>
  );
}

function SendingFile({ sentBytes, totalBytes, since, now, onStop }: Sending & { since: number; now: number; onStop: () => void }) {
  const { w } = useWords();
  const share = totalBytes === 0 ? 1 : sentBytes / totalBytes;
  const seconds = (now - since) / 1000;
  // Before half a second has gone the rate says nothing.
  const rate = seconds >= 0.5 && sentBytes > 0 ? sentBytes / seconds : undefined;
  const isSent = sentBytes >= totalBytes;
  return (
    <>
      <p role="status">{isSent ? w.importing.checking : w.importing.sending}</p>
      <Progress.Root size="lg" w="min(100%, 420px)">
        <Progress.Section value={share * 100} animated={isSent} aria-label={w.importing.sending} />
      </Progress.Root>
      <p className="line">
        <strong>{formatNumber(Math.floor(share * 100))}%</strong>
        <span className="soft">{w.importing.sent(sentBytes, totalBytes)}</span>
        {rate === undefined || isSent ? null : <span className="soft">{w.importing.sendingRate(Math.round(rate))}</span>}
        {rate === undefined || isSent ? null : (
          <span className="soft">{w.importing.sendingLeft(Math.max(1, Math.round((totalBytes - sentBytes) / rate)))}</span>
        )}
      </p>
      <Button variant="default" onClick={onStop}>
        {w.importing.stop}
      </Button>
    </>
  );
}
