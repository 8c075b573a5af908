import { Button, SegmentedControl } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconArchive, IconArrowDown, IconArrowUp, IconPencil, IconSettings, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { addFieldSection, archiveField, arrangeFields, changeFieldSection, lastingFields, removeFieldSection } from "#shared/fields.ts";
import { call } from "#web/call.ts";
import { Mark } from "#web/parts/mark.tsx";
import { showUndo } from "#web/parts/show-undo.tsx";
import { useAllFields, useFieldProgress, useSections, type Field, type FieldSection } from "#web/parts/use-directory.ts";
import { ClassSelect } from "#web/settings/class-select.tsx";
import { FieldDialog } from "#web/settings/field-dialog.tsx";
import styles from "#web/settings/fields.module.css";
import { NameSection } from "#web/settings/name-section.tsx";
import { useFieldAct } from "#web/settings/use-field-act.ts";
import { useWords } from "#web/words/words.ts";

type Kind = "customer" | "company";
interface Group {
  readonly section: FieldSection | null;
  readonly fields: readonly Field[];
}

/** 項目: what the house keeps of people and companies, in its own order, with fields of its own. */
export function Fields() {
  const { w, label } = useWords();
  const [kind, setKind] = useState<Kind>("customer");
  const [edited, setEdited] = useState<Field | "new" | null>(null);
  const [naming, setNaming] = useState<FieldSection | "new" | null>(null);
  const all = useAllFields(kind).filter((field) => field.place === "record");
  const sections = useSections(kind);
  useFieldProgress(all);
  const used = all.filter((field) => !field.isArchived);
  const retired = all.filter((field) => field.isArchived);
  const groups: readonly Group[] = [null, ...sections].map((section) => ({
    section,
    fields: used.filter((field) => field.sectionNo === (section?.sectionNo ?? null)),
  }));
  const arrange = useFieldAct((next: readonly Group[]) =>
    call(arrangeFields, {
      params: { kind },
      body: { sections: next.map((group) => ({ sectionNo: group.section?.sectionNo ?? null, fields: group.fields.map((field) => field.key) })) },
    }),
  );
  const archive = useFieldAct(
    ({ field, isArchived }: { field: Field; isArchived: boolean }) => call(archiveField, { params: { kind, key: field.key }, body: { isArchived } }),
    ({ field, isArchived }) =>
      isArchived
        ? showUndo({
            id: `field-${field.key}`,
            message: w.fields.retiredDone(label(field)),
            label: w.fields.undo,
            onUndo: () => archive.mutate({ field, isArchived: false }),
          })
        : notifications.show({ message: w.fields.restoredDone(label(field)) }),
  );
  const removeSection = useFieldAct(
    (section: FieldSection) => call(removeFieldSection, { params: { kind, sectionNo: section.sectionNo } }),
    () => notifications.show({ message: w.fields.sectionRemoved }),
  );
  const addSection = useFieldAct(
    (names: { ja: string; en: string }) => call(addFieldSection, { params: { kind }, body: names }),
    () => setNaming(null),
  );
  const renameSection = useFieldAct(
    ({ section, names }: { section: FieldSection; names: { ja: string; en: string } }) =>
      call(changeFieldSection, { params: { kind, sectionNo: section.sectionNo }, body: names }),
    () => setNaming(null),
  );
  /** The standard fields come first always; sections change places among themselves. */
  const moveSection = (groupAt: number, by: -1 | 1): void => {
    const next = [...groups];
    const [group] = next.splice(groupAt, 1);
    if (group === undefined || groupAt + by < 1) return;
    next.splice(groupAt + by, 0, group);
    arrange.mutate(next);
  };
  /** Up and down within a section, and over its edge into the next one. */
  const move = (groupAt: number, at: number, by: -1 | 1): void => {
    const next = groups.map((group) => ({ ...group, fields: [...group.fields] }));
    const [field] = next[groupAt]?.fields.splice(at, 1) ?? [];
    if (field === undefined) return;
    const to = at + by;
    const isInside = to >= 0 && to <= (next[groupAt]?.fields.length ?? 0);
    const target = isInside ? next[groupAt] : next[groupAt + by];
    if (target === undefined) return;
    target.fields.splice(isInside ? to : by === 1 ? 0 : target.fields.length, 0, field);
    arrange.mutate(next);
  };
  return (
    <div className="column">
      <p className="soft">{w.fields.lead}</p>
      <div className="line apart" style={{ flexWrap: "wrap" }}>
        <SegmentedControl
          value={kind}
          onChange={(next) => setKind(next as Kind)}
          data={[
            { value: "customer", label: w.settings.kinds.customer },
            { value: "company", label: w.settings.kinds.company },
          ]}
        />
        <div className="line">
          <Button variant="default" onClick={() => setNaming("new")}>
            {w.fields.addSection}
          </Button>
          <Button onClick={() => setEdited("new")}>{w.fields.add}</Button>
        </div>
      </div>
      {groups.map((group, groupAt) => (
        <section
          key={group.section?.sectionNo ?? 0}
          className={styles["group"]}
          aria-label={group.section === null ? w.fields.noSection : label(group.section)}
        >
          <div className={styles["head"]}>
            <h3>{group.section === null ? w.fields.noSection : label(group.section)}</h3>
            {group.section === null ? null : (
              <SectionActs
                section={group.section}
                isFirst={groupAt === 1}
                isLast={groupAt === groups.length - 1}
                isBusy={arrange.isPending}
                onMove={(by) => moveSection(groupAt, by)}
                onRename={() => setNaming(group.section)}
                onRemove={() => group.section !== null && removeSection.mutate(group.section)}
              />
            )}
          </div>
          {group.fields.length === 0 ? <p className={`soft small ${styles["empty"]}`}>{w.fields.emptySection}</p> : null}
          <ul className={styles["list"]}>
            {group.fields.map((field, at) => (
              <FieldRow
                key={field.key}
                field={field}
                isFirst={groupAt === 0 && at === 0}
                isLast={groupAt === groups.length - 1 && at === group.fields.length - 1}
                isBusy={arrange.isPending}
                onMove={(by) => move(groupAt, at, by)}
                onEdit={() => setEdited(field)}
                onArchive={lastingFields[kind] === field.key ? undefined : () => archive.mutate({ field, isArchived: true })}
              />
            ))}
          </ul>
        </section>
      ))}
      {retired.length === 0 ? null : (
        <details>
          <summary>{w.fields.retiredOf(retired.length)}</summary>
          <ul className={styles["list"]}>
            {retired.map((field) => (
              <li key={field.key} className="line apart" style={{ padding: "6px 12px" }}>
                <span>
                  {label(field)} <span className="small soft">{w.fields.types[field.type]}</span>
                </span>
                <Button variant="default" size="xs" onClick={() => archive.mutate({ field, isArchived: false })}>
                  {w.fields.restore}
                </Button>
              </li>
            ))}
          </ul>
        </details>
      )}
      {edited === null ? null : (
        <FieldDialog
          key={edited === "new" ? "new" : edited.key}
          kind={kind}
          field={edited === "new" ? undefined : edited}
          sections={sections}
          onClose={() => setEdited(null)}
        />
      )}
      {naming === null ? null : (
        <NameSection
          section={naming === "new" ? undefined : naming}
          isBusy={addSection.isPending || renameSection.isPending}
          onNamed={(names) => (naming === "new" ? addSection.mutate(names) : renameSection.mutate({ section: naming, names }))}
          onClose={() => setNaming(null)}
        />
      )}
    </div>
  );
}

function SectionActs(given: {
  section: FieldSection;
  isFirst: boolean;
  isLast: boolean;
  isBusy: boolean;
  onMove: (by: -1 | 1) => void;
  onRename: () => void;
  onRemove: () => void;
}) {
  const { w, label } = useWords();
  const acts = [
    { name: w.fields.up, Picture: IconArrowUp, isOff: given.isFirst || given.isBusy, act: () => given.onMove(-1) },
    { name: w.fields.down, Picture: IconArrowDown, isOff: given.isLast || given.isBusy, act: () => given.onMove(1) },
    { name: w.fields.renameSection, Picture: IconPencil, isOff: false, act: given.onRename },
    { name: w.fields.removeSection, Picture: IconTrash, isOff: given.isBusy, act: given.onRemove },
  ];
  return (
    <span className={styles["moves"]}>
      {acts.map(({ name, Picture, isOff, act }) => (
        <button key={name} type="button" className={styles["icon"]} aria-label={`${label(given.section)}: ${name}`} title={name} disabled={isOff} onClick={act}>
          <Picture size={16} aria-hidden />
        </button>
      ))}
    </span>
  );
}

function FieldRow(given: {
  field: Field;
  isFirst: boolean;
  isLast: boolean;
  isBusy: boolean;
  onMove: (by: -1 | 1) => void;
  onEdit: () => void;
  onArchive: (() => void) | undefined;
}) {
  const { w, label } = useWords();
  const { field } = given;
  const name = label(field);
  const progress = field.progress === null ? "" : ` ${w.fields.percent(field.progress)}`;
  return (
    <li className={styles["row"]}>
      <span className={styles["moves"]}>
        <button
          type="button"
          className={styles["icon"]}
          aria-label={`${name}: ${w.fields.up}`}
          disabled={given.isFirst || given.isBusy}
          onClick={() => given.onMove(-1)}
        >
          <IconArrowUp size={16} aria-hidden />
        </button>
        <button
          type="button"
          className={styles["icon"]}
          aria-label={`${name}: ${w.fields.down}`}
          disabled={given.isLast || given.isBusy}
          onClick={() => given.onMove(1)}
        >
          <IconArrowDown size={16} aria-hidden />
        </button>
      </span>
      <span className={styles["name"]}>
        {name} {field.isOwn ? <Mark>{w.fields.own}</Mark> : null}
      </span>
      <span className={`small soft ${styles["type"]}`}>
        {w.fields.types[field.type]}
        {field.mask === "none" ? "" : ` ・ ${w.settings.masks[field.mask]}`}
      </span>
      <span className={styles["class"]}>
        <ClassSelect field={field} />
      </span>
      <span className={styles["marks"]}>
        {field.isRequired ? <Mark>{w.fields.marks.required}</Mark> : null}
        {field.searchable ? <Mark>{w.fields.marks.searchable}</Mark> : null}
        {field.indexing === "building" ? <Mark tone="look">{w.fields.building + progress}</Mark> : null}
        {field.indexing === "clearing" ? <Mark tone="look">{w.fields.clearing + progress}</Mark> : null}
        {field.targetClass === null ? null : <Mark tone="look">{w.settings.resealing + progress}</Mark>}
      </span>
      <span className={`${styles["moves"]} ${styles["edit"]}`}>
        <button type="button" className={styles["icon"]} aria-label={w.fields.editTitle(name)} title={w.fields.editTitle(name)} onClick={given.onEdit}>
          <IconSettings size={16} aria-hidden />
        </button>
        {given.onArchive === undefined ? null : (
          <button type="button" className={styles["icon"]} aria-label={`${name}: ${w.fields.retire}`} title={w.fields.retire} onClick={given.onArchive}>
            <IconArchive size={16} aria-hidden />
          </button>
        )}
      </span>
    </li>
  );
}
