import { Kbd, Modal } from "@mantine/core";
import { useWords } from "#web/words/words.ts";

export function KeyboardSheet({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { w } = useWords();
  const keys: readonly (readonly [readonly string[], string])[] = [
    [["Ctrl", "K"], w.list.keyPalette],
    [["/"], w.keys.search],
    [["j", "↓"], w.keys.down],
    [["k", "↑"], w.keys.up],
    [["Enter"], w.keys.open],
    [["Esc"], w.keys.close],
    [["e"], w.keys.edit],
    [["r"], w.keys.reveal],
    [["c"], w.uses.callKey],
    [["m"], w.uses.mailKey],
    [["s"], w.list.keyStar],
    [["x"], w.list.keyChoose],
    [["Ctrl", "A"], w.list.keyChooseAll],
    [["n"], w.activities.keys.note],
    [["d"], w.activities.keys.done],
    [["p"], w.activities.keys.day],
    [["w"], w.activities.keys.week],
    [["?"], w.keys.help],
  ];
  return (
    <Modal opened={isOpen} onClose={onClose} title={w.keys.title} size="xs" closeButtonProps={{ "aria-label": w.act.close }}>
      <table className="plain-table">
        <tbody>
          {keys.map(([names, what]) => (
            <tr key={what}>
              <td>
                <span className="line">
                  {names.map((name) => (
                    <Kbd key={name}>{name}</Kbd>
                  ))}
                </span>
              </td>
              <td>{what}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Modal>
  );
}
