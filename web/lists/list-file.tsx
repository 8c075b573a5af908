import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { IconDownload } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { downloadList, showListPassword } from "#shared/lists.ts";
import { call, download } from "#web/call.ts";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { SecretLink } from "#web/parts/secret-link.tsx";
import { textOf } from "#web/parts/use-directory.ts";
import { useWords } from "#web/words/words.ts";

/** The file of one's own list, and beside it the password that opens it. `isAtOnce` draws it without being asked. */
export function ListFile({ listNo, isAtOnce = false }: { listNo: number; isAtOnce?: boolean }) {
  const { w } = useWords();
  const client = useQueryClient();
  const password = useMutation({ mutationFn: () => call(showListPassword, { params: { listNo } }) });
  const draw = useMutation({
    mutationFn: () => download(downloadList, { params: { listNo } }),
    onSuccess: () => {
      password.mutate();
      void client.invalidateQueries({ queryKey: ["lists"] });
    },
  });
  const hasDrawn = useRef(false);
  const { mutate } = draw;
  useEffect(() => {
    if (!isAtOnce || hasDrawn.current) return;
    hasDrawn.current = true;
    mutate();
  }, [isAtOnce, mutate]);
  const shown = textOf(password.data?.password);
  return (
    <div className="column tight">
      <div className="line">
        <Button leftSection={<IconDownload size={16} aria-hidden />} loading={draw.isPending} onClick={() => draw.mutate()}>
          {w.lists.download}
        </Button>
        {shown === undefined ? (
          <Button variant="default" loading={password.isPending} onClick={() => password.mutate()}>
            {w.lists.showPassword}
          </Button>
        ) : null}
        <span role="status" className="small soft">
          {draw.isPending ? w.lists.making : draw.isSuccess ? w.lists.downloaded : ""}
        </span>
      </div>
      {draw.error === null ? null : <ProblemNotice error={draw.error} />}
      {password.error === null ? null : <ProblemNotice error={password.error} />}
      {shown === undefined ? null : (
        <>
          <SecretLink label={w.lists.passwordLabel} text={shown} />
          <p className="small soft">{w.lists.passwordHint}</p>
        </>
      )}
    </div>
  );
}
