import { Checkbox, Modal, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { addField, changeField, masksOf, ownFieldTypes, searchForms, type FieldChoice, type Mask, type OwnFieldType } from "#shared/fields.ts";
import { fieldClasses, type FieldClass } from "#shared/rights.ts";
import { call } from "#web/call.ts";
import { DialogActs } from "#web/parts/dialog-acts.tsx";
import { FormField } from "#web/parts/form-field.tsx";
import type { Field, FieldSection } from "#web/parts/use-directory.ts";
import styles from "#web/settings/fields.module.css";
import { useFieldAct } from "#web/settings/use-field-act.ts";
import { useWords } from "#web/words/words.ts";

type Kind = "customer" | "company";

/** A choice a line, English after a slash. A line that is as a known label was keeps its key, so that values keep their answer. */
function readLines(text: string, former: readonly FieldChoice[]): { key: string | null; ja: string; en: string; isRetired: boolean }[] {
  return text
    .split("\n")
    .map((line) => line.split(/\s+[/／]\s*|\s*[/／]\s+/))
    .map(([ja = "", en = ""]) => ({ ja: ja.trim(), en: en.trim() }))
    .filter(({ ja }) => ja !== "")
    .map(({ ja, en }) => ({ key: former.find((one) => one.ja === ja)?.key ?? null, ja, en, isRetired: false }));
}

function writeLines(choices: readonly FieldChoice[]): string {
  return choices
    .filter((one) => !one.isRetired)
    .map((one) => (one.en === one.ja ? one.ja : `${one.ja} / ${one.en}`))
    .join("\n");
}

/** Adds a field or changes one, with the control as people will meet it. */
export function FieldDialog({
  kind,
  field,
  sections,
  onClose,
}: {
  kind: Kind;
  /** Undefined: a new one. */
  field: Field | undefined;
  sections: readonly FieldSection[];
  onClose: () => void;
}) {
  const { w, label } = useWords();
  const [ja, setJa] = useState(field?.ja ?? "");
  const [en, setEn] = useState(field === undefined || field.en === field.ja ? "" : field.en);
  const [type, setType] = useState<Field["type"]>(field?.type ?? "text");
  const [fieldClass, setFieldClass] = useState<FieldClass>(field?.class ?? "personal");
  const [mask, setMask] = useState<Mask>(field?.mask ?? "none");
  const [isSearchable, setIsSearchable] = useState(field === undefined ? true : field.indexing === "ready" || field.indexing === "building");
  const [isRequired, setIsRequired] = useState(field?.isRequired ?? false);
  const [sectionNo, setSectionNo] = useState<number | null>(field?.sectionNo ?? null);
  const [lines, setLines] = useState(writeLines(field?.choices ?? []));
  const [tried, setTried] = useState("");
  const isNew = field === undefined;
  const isOwn = isNew || field.isOwn;
  const isChoice = isOwn && (type === "choice" || type === "multi");
  const canSearch = searchForms[type] !== undefined;
  const former = field?.choices ?? [];
  const typed = isChoice ? readLines(lines, former) : [];
  const choices = typed.map((one) => ({ ...one, key: one.key ?? one.ja, en: one.en || one.ja }));
  const save = useFieldAct(
    () => {
      const shared = { ja, en: en.trim(), mask, isSearchable: isOwn ? canSearch && isSearchable : (field?.searchable ?? false), isRequired, choices: typed };
      return isNew
        ? call(addField, { params: { kind }, body: { ...shared, type: type as OwnFieldType, class: fieldClass, sectionNo } })
        : call(changeField, { params: { kind, key: field.key }, body: shared });
    },
    () => onClose(),
  );
  const noSearch = w.fields.searchNone[type as keyof typeof w.fields.searchNone] as string | undefined;
  const bySearch = w.fields.searchBy[type as keyof typeof w.fields.searchBy] as string | undefined;
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={isNew ? w.fields.addTitle(w.settings.kinds[kind]) : w.fields.editTitle(label(field))}
      closeButtonProps={{ "aria-label": w.act.close }}
    >
      <form
        method="post"
        className="column"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(undefined);
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.nativeEvent.isComposing || event.keyCode === 229)) event.preventDefault();
        }}
      >
        <div className="line" style={{ alignItems: "flex-start", flexWrap: "wrap" }}>
          <TextInput
            label={w.fields.ja}
            value={ja}
            maxLength={40}
            required
            data-autofocus
            flex="1 1 200px"
            onChange={(event) => setJa(event.currentTarget.value)}
          />
          <TextInput
            label={w.fields.en}
            value={en}
            maxLength={60}
            placeholder={w.fields.enHint}
            flex="1 1 200px"
            onChange={(event) => setEn(event.currentTarget.value)}
          />
        </div>
        <div className="line" style={{ alignItems: "flex-start", flexWrap: "wrap" }}>
          {isOwn ? (
            <NativeSelect
              label={w.fields.type}
              description={isNew ? w.fields.typeFixed : undefined}
              inputWrapperOrder={["label", "input", "description", "error"]}
              value={type}
              disabled={!isNew}
              flex="1 1 200px"
              data={ownFieldTypes.map((one) => ({ value: one, label: w.fields.types[one] }))}
              onChange={(event) => {
                const next = event.currentTarget.value as OwnFieldType;
                setType(next);
                setTried("");
                if (!masksOf(next).includes(mask)) setMask("none");
              }}
            />
          ) : null}
          {isNew ? (
            <NativeSelect
              label={w.settings.fieldClass}
              description={w.classHelp[fieldClass]}
              inputWrapperOrder={["label", "input", "description", "error"]}
              value={fieldClass}
              flex="1 1 200px"
              data={fieldClasses.map((one) => ({ value: one, label: w.classes[one] }))}
              onChange={(event) => setFieldClass(event.currentTarget.value as FieldClass)}
            />
          ) : null}
        </div>
        {isChoice ? (
          <Textarea
            label={w.fields.choices}
            description={isNew ? w.fields.choicesHelp : `${w.fields.choicesHelp} ${w.fields.choicesStay}`}
            value={lines}
            rows={4}
            required
            onChange={(event) => setLines(event.currentTarget.value)}
          />
        ) : null}
        {isOwn ? (
          <div className="line" style={{ alignItems: "flex-start", flexWrap: "wrap" }}>
            <NativeSelect
              label={w.settings.fieldMask}
              value={mask}
              flex="1 1 200px"
              data={masksOf(type).map((one) => ({ value: one, label: w.settings.masks[one] }))}
              onChange={(event) => setMask(event.currentTarget.value as Mask)}
            />
            {isNew && sections.length > 0 ? (
              <NativeSelect
                label={w.fields.section}
                value={sectionNo === null ? "" : String(sectionNo)}
                flex="1 1 200px"
                data={[{ value: "", label: w.fields.noSection }, ...sections.map((one) => ({ value: String(one.sectionNo), label: label(one) }))]}
                onChange={(event) => setSectionNo(event.currentTarget.value === "" ? null : Number(event.currentTarget.value))}
              />
            ) : null}
          </div>
        ) : null}
        <Checkbox
          label={w.fields.required}
          description={w.fields.requiredHelp}
          checked={isRequired}
          onChange={(event) => setIsRequired(event.currentTarget.checked)}
        />
        {isOwn ? (
          <Checkbox
            label={w.fields.searchable}
            description={canSearch ? `${bySearch ?? ""} ${w.fields.searchHelp}` : noSearch}
            disabled={!canSearch}
            checked={canSearch && isSearchable}
            onChange={(event) => setIsSearchable(event.currentTarget.checked)}
          />
        ) : null}
        <div className={styles["preview"]}>
          <p className="small soft">{w.fields.preview}</p>
          <FormField
            key={type}
            label={label({ ja: ja || w.fields.ja, en: en || ja || w.fields.ja })}
            type={type}
            value={tried}
            onChange={setTried}
            choices={choices}
            isOwn={isOwn}
            isRequired={isRequired}
          />
        </div>
        <DialogActs
          onCancel={onClose}
          label={isNew ? w.fields.create : w.act.save}
          isBusy={save.isPending}
          isDisabled={ja.trim() === "" || (isChoice && typed.length === 0)}
        />
      </form>
    </Modal>
  );
}
