import { useParams } from "@tanstack/react-router";
import { CompanyPreview } from "#web/companies/company-preview.tsx";
import { useDocumentTitle } from "#web/parts/page-head.tsx";
import { useWords } from "#web/words/words.ts";

export function CompanyPage() {
  const { w } = useWords();
  useDocumentTitle(w.companies.title);
  const params: { companyNo?: string } = useParams({ strict: false });
  return (
    <div className="page">
      <CompanyPreview companyNo={Number(params.companyNo)} as="h1" />
    </div>
  );
}
