import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { PageHead, useDocumentTitle } from "#web/parts/page-head.tsx";
import { SectionTabs, type Section } from "#web/parts/section-tabs.tsx";
import { useIsAtDeskAlone, useMay, useMe } from "#web/parts/use-me.ts";
import { Archives } from "#web/archives/archives.tsx";
import { ListLimits } from "#web/lists/list-limits.tsx";
import { Outlets } from "#web/proofs/outlets.tsx";
import { Consents } from "#web/settings/consents.tsx";
import { Departments } from "#web/settings/departments.tsx";
import { Fields } from "#web/settings/fields.tsx";
import { OwnAccount } from "#web/settings/own-account.tsx";
import { People } from "#web/settings/people.tsx";
import { SupportFile } from "#web/settings/support-file.tsx";
import { Roles } from "#web/settings/roles.tsx";
import { TrashRules } from "#web/settings/trash-rules.tsx";
import { useWords } from "#web/words/words.ts";

export function Settings() {
  const { w } = useWords();
  useDocumentTitle(w.settings.title);
  const { mayRead } = useMe();
  const may = useMay();
  const isAtDeskAlone = useIsAtDeskAlone();
  const sections: readonly Section[] = [
    { key: "people", label: w.settings.people, isOpen: mayRead.account, room: () => <People /> },
    { key: "departments", label: w.settings.departments, isOpen: !isAtDeskAlone, room: () => <Departments /> },
    { key: "roles", label: w.settings.roles, isOpen: !isAtDeskAlone, room: () => <Roles /> },
    { key: "consents", label: w.settings.consents, isOpen: may("consent-rights") || may("manage-accounts") || may("manage-roles"), room: () => <Consents /> },
    { key: "fields", label: w.settings.fields, isOpen: may("manage-fields"), room: () => <Fields /> },
    { key: "trash", label: w.bulk.rules, isOpen: may("manage-fields"), room: () => <TrashRules /> },
    { key: "lists", label: w.lists.policyTitle, isOpen: may("manage-fields"), room: () => <ListLimits /> },
    { key: "checkpoints", label: w.proofs.title, isOpen: may("verify-ledger"), room: () => <Outlets /> },
    { key: "archives", label: w.archives.title, isOpen: may("verify-ledger"), room: () => <Archives /> },
    { key: "support", label: w.help.support.title, isOpen: may("run-backup"), room: () => <SupportFile /> },
    { key: "own", label: w.settings.own, isOpen: true, room: () => <OwnAccount /> },
  ];
  return (
    <div className="page">
      <PageHead title={w.settings.title}>
        {may("take-measures") ? (
          <Button variant="default" component={Link} to="/reach">
            {w.reach.title}
          </Button>
        ) : null}
        {may("read-ledger") || may("manage-accounts") ? (
          <Button variant="default" component={Link} to="/reviews">
            {w.reviews.title}
          </Button>
        ) : null}
      </PageHead>
      <SectionTabs place="/settings/$section" sections={sections} />
    </div>
  );
}
