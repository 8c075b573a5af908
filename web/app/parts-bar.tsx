import { Button } from "@mantine/core";
import { IconRefresh, IconWifiOff } from "@tabler/icons-react";
import { useSyncExternalStore } from "react";
import styles from "#web/app/parts-bar.module.css";
import { partsOfScreens } from "#web/app/parts-of-screens.ts";
import { useWords } from "#web/words/words.ts";

/** Says that a part of the screens does not come, or that the server has a newer version. What is on the screen stays as it is. */
export function PartsBar() {
  const { w } = useWords();
  const { isAway, isLooking, newer } = useSyncExternalStore(partsOfScreens.onChange, partsOfScreens.standing);
  if (newer === undefined && !isAway) return null;
  return (
    <div role="status" className={styles["bar"]} data-screen-only>
      {newer === undefined ? <IconWifiOff size={18} aria-hidden /> : <IconRefresh size={18} aria-hidden />}
      <span>{newer === undefined ? w.refusal.unreachable : w.parts.newer}</span>
      {newer === undefined ? (
        <Button size="xs" variant="default" loading={isLooking} onClick={() => partsOfScreens.lookAgain()}>
          {w.act.retry}
        </Button>
      ) : (
        <Button size="xs" onClick={() => location.reload()}>
          {w.parts.reload}
        </Button>
      )}
    </div>
  );
}
