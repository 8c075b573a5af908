import { ActionIcon } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useWords } from "#web/words/words.ts";

/** One click to what happened five minutes before and after. */
export function AroundLink({ eventNo, isOwn }: { eventNo: number; isOwn: boolean }) {
  const { w } = useWords();
  return (
    <ActionIcon
      component={Link}
      size="sm"
      aria-label={w.records.replay.around}
      title={w.records.replay.around}
      onClick={(event: { stopPropagation: () => void }) => event.stopPropagation()}
      to={isOwn ? "/record" : "/ledger/replay"}
      search={{ event: eventNo } as never}
    >
      <IconHistory size={16} />
    </ActionIcon>
  );
}
