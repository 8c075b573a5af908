import { Button } from "@mantine/core";
import { IconUserShare } from "@tabler/icons-react";
import { useState } from "react";
import { BulkPreview } from "#web/customers/bulk-preview.tsx";
import { useMay } from "#web/parts/use-me.ts";
import { useWords } from "#web/words/words.ts";

/**
 * Hands over one person, or all customers of a member of staff (a leaver), with their open next actions. Nothing for who may
 * not change many at once: they change the owner where they edit the person.
 */
export function HandOver({ of, onDone }: { of: { readonly customerNo: number } | { readonly accountNo: number }; onDone?: () => void }) {
  const { w } = useWords();
  const may = useMay();
  const [isOpen, setIsOpen] = useState(false);
  if (!may("bulk")) return null;
  return (
    <>
      <Button variant="default" leftSection={<IconUserShare size={16} />} onClick={() => setIsOpen(true)}>
        {"accountNo" in of ? w.bulk.handOverAll : w.bulk.handOver}
      </Button>
      {isOpen ? (
        <BulkPreview
          form="hand-over"
          selection={"accountNo" in of ? { portfolioOf: of.accountNo } : { customerNos: [of.customerNo] }}
          onClose={() => setIsOpen(false)}
          onDone={onDone}
        />
      ) : null}
    </>
  );
}
