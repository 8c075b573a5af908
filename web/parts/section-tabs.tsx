import { Tabs } from "@mantine/core";
import { useNavigate, useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";

export interface Section {
  readonly key: string;
  readonly label: string;
  readonly isOpen: boolean;
  readonly room: () => ReactNode;
}

/** The rooms of a place as tabs, one address each. Whoever may not enter a room does not see its tab. */
export function SectionTabs({ place, sections }: { place: "/settings/$section" | "/requests/$section"; sections: readonly Section[] }) {
  const navigate = useNavigate();
  const params: { section?: string } = useParams({ strict: false });
  const open = sections.filter((one) => one.isOpen);
  const here = open.find((one) => one.key === params.section) ?? open[0];
  return (
    <Tabs value={here?.key ?? null} keepMounted={false} onChange={(section) => section !== null && void navigate({ to: place, params: { section } })}>
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
  );
}
