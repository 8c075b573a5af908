import { Button } from "@mantine/core";
import { IconFileExport, IconPrinter, type Icon } from "@tabler/icons-react";
import { lazy, Suspense, useState, type ComponentType } from "react";
import type { Verb } from "#shared/rights.ts";
import type { WholeView } from "#web/lists/export-dialog.tsx";
import { useMay } from "#web/parts/use-me.ts";
import { useWords, type Words } from "#web/words/words.ts";

/** What an act on chosen customers is given: their numbers, in the order of the list as far as it is known. */
export interface Chosen {
  readonly customerNos: readonly number[];
  /** Given when everybody of the opened list is chosen. */
  readonly view: WholeView | undefined;
  readonly isTrash: boolean;
  readonly onDone: () => void;
}

/** An act that opens a dialog, for those who may. Not for customers in the trash. */
function dialogAct(
  verb: Verb,
  label: (w: Words) => string,
  Picture: Icon,
  Dialog: ComponentType<{ customerNos: readonly number[]; view?: WholeView | undefined; onClose: () => void }>,
) {
  return function DialogAct({ customerNos, view, isTrash }: Chosen) {
    const { w } = useWords();
    const may = useMay();
    const [isOpen, setIsOpen] = useState(false);
    if (isTrash || !may(verb)) return null;
    return (
      <>
        <Button size="xs" variant="default" leftSection={<Picture size={14} aria-hidden />} onClick={() => setIsOpen(true)}>
          {label(w)}
        </Button>
        {isOpen ? (
          <Suspense fallback={null}>
            <Dialog customerNos={customerNos} view={view} onClose={() => setIsOpen(false)} />
          </Suspense>
        ) : null}
      </>
    );
  };
}

const BulkActions = lazy(() => import("#web/customers/bulk-actions.tsx").then((room) => ({ default: room.BulkActions })));
const ExportDialog = lazy(() => import("#web/lists/export-dialog.tsx").then((room) => ({ default: room.ExportDialog })));
const PrintDialog = lazy(() => import("#web/customers/print-labels.tsx").then((room) => ({ default: room.PrintDialog })));

function BulkActs({ customerNos, isTrash, onDone }: Chosen) {
  const may = useMay();
  if (!may("bulk")) return null;
  return (
    <Suspense fallback={null}>
      <BulkActions selection={{ customerNos: [...customerNos] }} isTrash={isTrash} onDone={onDone} />
    </Suspense>
  );
}

/** Every act on chosen customers, in the order of the bar. One line an act. */
export const selectionActions: readonly ComponentType<Chosen>[] = [
  dialogAct("export", (w) => w.list.takeOut, IconFileExport, ExportDialog),
  dialogAct("print", (w) => w.uses.labels, IconPrinter, PrintDialog),
  BulkActs,
];
