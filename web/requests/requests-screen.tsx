import { Tabs } from "@mantine/core";
import { useNavigate, useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { PageHead, useDocumentTitle } from "#web/parts/page-head.tsx";
import { useMay } from "#web/parts/use-me.ts";
import { ErasureList } from "#web/requests/erasure-list.tsx";
import { RequestList } from "#web/requests/request-list.tsx";
import { Terms } from "#web/requests/terms.tsx";
import { useWords } from "#web/words/words.ts";

/** Requests of persons, what was erased, and the terms: one tab each. */
export function RequestsScreen() {
  const { w } = useWords();
  useDocumentTitle(w.requests.title);
  const may = useMay();
  const navigate = useNavigate();
  const params: { section?: string } = useParams({ strict: false });
  const sections: readonly { key: string; label: string; isOpen: boolean; room: () => ReactNode }[] = [
    { key: "due", label: w.requests.due, isOpen: true, room: () => <RequestList state="due" /> },
    { key: "all", label: w.requests.all, isOpen: true, room: () => <RequestList state="all" /> },
    { key: "erasures", label: w.requests.erasures, isOpen: may("answer-person"), room: () => <ErasureList /> },
    { key: "terms", label: w.requests.terms, isOpen: may("manage-fields"), room: () => <Terms /> },
  ];
  const open = sections.filter((one) => one.isOpen);
  const here = open.find((one) => one.key === params.section) ?? open[0];
  return (
    <div className="page">
      <PageHead title={w.requests.title} lead={w.requests.lead} />
      <Tabs
        value={here?.key ?? null}
        keepMounted={false}
        onChange={(section) => section !== null && void navigate({ to: "/requests/$section", params: { section } })}
      >
        <Tabs.List mb={24}>
          {open.map((one) => (
            <Tabs.Tab key={one.key} value={one.key}>
              {one.label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {open.map((one) => (
          <Tabs.Panel key={one.key} value={one.key}>
            {one.room()}
          </Tabs.Panel>
        ))}
      </Tabs>
    </div>
  );
}
