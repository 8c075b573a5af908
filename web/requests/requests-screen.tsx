import { PageHead, useDocumentTitle } from "#web/parts/page-head.tsx";
import { SectionTabs, type Section } from "#web/parts/section-tabs.tsx";
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
  const sections: readonly Section[] = [
    { key: "due", label: w.requests.due, isOpen: true, room: () => <RequestList state="due" /> },
    { key: "all", label: w.requests.all, isOpen: true, room: () => <RequestList state="all" /> },
    { key: "erasures", label: w.requests.erasures, isOpen: may("answer-person"), room: () => <ErasureList /> },
    { key: "terms", label: w.requests.terms, isOpen: may("manage-fields"), room: () => <Terms /> },
  ];
  return (
    <div className="page">
      <PageHead title={w.requests.title} lead={w.requests.lead} />
      <SectionTabs place="/requests/$section" sections={sections} />
    </div>
  );
}
