import { Button, NumberInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { entrustCustomers, showEntrusted } from "#shared/entrusted.ts";
import { call } from "#web/call.ts";
import { useAct } from "#web/parts/use-act.ts";
import { useMay } from "#web/parts/use-me.ts";
import { useWords } from "#web/words/words.ts";

/** 委託元: how many customers a company entrusted us with, by import; and a list that was imported before noted as entrusted. */
export function EntrustedData({ companyNo }: { companyNo: number }) {
  const words = useWords().w.incidentConsignors.entrusted;
  const may = useMay();
  const [importNo, setImportNo] = useState<number | "">("");
  const { data } = useQuery({ queryKey: ["company-entrusted", companyNo], queryFn: () => call(showEntrusted, { params: { companyNo } }), staleTime: 0 });
  const act = useAct(
    (given: { importNo: number; isEntrusted: boolean }) => call(entrustCustomers, { params: { companyNo }, body: given }),
    ({ changed }, { isEntrusted }) => {
      setImportNo("");
      return isEntrusted ? words.added(changed) : words.removed(changed);
    },
    { changes: ["company-entrusted"] },
  );
  if (data === undefined) return null;
  return (
    <details open={data.people > 0}>
      <summary>
        {words.title}
        {data.people > 0 ? ` ${data.people.toLocaleString()}` : ""}
      </summary>
      <div className="column tight" style={{ paddingTop: 8 }}>
        <p className="small soft">{data.people === 0 ? words.nobody : words.people(data.people)}</p>
        {data.imports.map((one) => (
          <p key={one.importNo ?? 0} className="line small">
            <span>{one.importNo === null ? words.byHand(one.people) : words.byImport(one.importNo, one.people)}</span>
            {one.importNo === null || !may("bulk") ? null : (
              <Button size="compact-xs" variant="subtle" onClick={() => act.mutate({ importNo: one.importNo ?? 0, isEntrusted: false })}>
                {words.remove}
              </Button>
            )}
          </p>
        ))}
        {may("bulk") ? (
          <form
            className="column tight"
            onSubmit={(event) => {
              event.preventDefault();
              if (importNo !== "") act.mutate({ importNo, isEntrusted: true });
            }}
          >
            <NumberInput
              label={words.add}
              description={words.importHelp}
              placeholder={words.importNo}
              min={1}
              allowDecimal={false}
              value={importNo}
              onChange={(value) => setImportNo(value === "" ? "" : Number(value))}
            />
            <div>
              <Button type="submit" variant="default" size="xs" loading={act.isPending} disabled={importNo === ""}>
                {words.keep}
              </Button>
            </div>
          </form>
        ) : null}
      </div>
    </details>
  );
}
