import { ActionIcon, Menu, Modal, NativeSelect, Checkbox, SegmentedControl, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconBookmarkPlus, IconDots, IconPin, IconUsersGroup } from "@tabler/icons-react";
import { useState, type FormEvent } from "react";
import { sharings, type ListLayout } from "#shared/working-list.ts";
import styles from "#web/customers/saved-views.module.css";
import { DialogActs } from "#web/parts/dialog-acts.tsx";
import tabs from "#web/parts/kept-tabs.module.css";
import type { Ask } from "#web/customers/use-customer-view.ts";
import { plainAsk } from "#web/customers/use-list.ts";
import { askOfSaved, isSame, useSavedViews, type SavedView, type TypedView } from "#web/customers/use-saved-views.ts";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { showUndo } from "#web/parts/show-undo.tsx";
import { textOf, useDepartments } from "#web/parts/use-directory.ts";
import { useMe } from "#web/parts/use-me.ts";
import { useWords } from "#web/words/words.ts";

interface Given {
  readonly ask: Ask;
  readonly saved: SavedView | undefined;
  readonly columns: readonly string[];
  readonly layout: ListLayout;
  readonly onArrange: (part: Partial<ListLayout>) => void;
  readonly onOpen: (ask: Ask, savedNo: number | null, columns?: readonly string[]) => void;
}

/** The views above the list: all, starred, recent, and those that were saved. */
export function SavedViews(given: Given) {
  const { w } = useWords();
  const { views, change, remove, create } = useSavedViews();
  const { ask, saved, onOpen, layout } = given;
  const [dialog, setDialog] = useState<"new" | "change">();
  const [error, setError] = useState<unknown>(null);
  const here = saved !== undefined ? saved.savedViewNo : (ask.filters.atHand ?? "all");
  const attempt = (act: Promise<unknown>) => {
    setError(null);
    act.catch(setError);
  };
  const fixed = [
    { key: "all", label: w.list.all, ask: plainAsk },
    { key: "starred", label: w.list.starred, ask: { ...plainAsk, filters: { atHand: "starred" as const } } },
    { key: "recent", label: w.list.recent, ask: { ...plainAsk, filters: { atHand: "recent" as const } } },
  ];
  const dropSaved = (view: SavedView) => {
    const kept: TypedView = { ...askOfSaved(view), name: textOf(view.name) ?? "", sharing: view.sharing, cellNo: view.cellNo, columns: view.columns };
    attempt(
      remove(view.savedViewNo).then(() => {
        onOpen(ask, null);
        if (layout.firstViewNo === view.savedViewNo) given.onArrange({ firstViewNo: null });
        showUndo({ id: `saved-view-${view.savedViewNo}`, message: w.list.removed(kept.name), label: w.act.undo, onUndo: () => attempt(create(kept)) });
      }),
    );
  };
  return (
    <>
      <nav aria-label={w.list.views} className={`${tabs["tabs"]} ${styles["row"]}`}>
        {fixed.map((one) => (
          <button key={one.key} type="button" className={tabs["tab"]} aria-current={here === one.key || undefined} onClick={() => onOpen(one.ask, null)}>
            {one.label}
          </button>
        ))}
        {(views ?? []).map((view) => {
          const name = textOf(view.name) ?? w.settings.ofNumber(view.savedViewNo);
          const isHere = here === view.savedViewNo;
          return (
            <span key={view.savedViewNo} className={tabs["kept"]}>
              <button
                type="button"
                className={tabs["tab"]}
                aria-current={isHere || undefined}
                onClick={() => onOpen(askOfSaved(view), view.savedViewNo, view.columns ?? undefined)}
              >
                {layout.firstViewNo === view.savedViewNo ? <IconPin size={13} role="img" aria-label={w.list.openFirst} /> : null}
                {view.sharing === "own" ? null : <IconUsersGroup size={14} role="img" aria-label={w.list.sharedMark} />}
                <span data-personal>{name}</span>
              </button>
              {isHere ? (
                <ViewMenu
                  {...given}
                  view={view}
                  name={name}
                  onChange={() => setDialog("change")}
                  onRemove={() => dropSaved(view)}
                  onOverwrite={() => attempt(change(view.savedViewNo, typedOf(view, ask, view.columns === null ? null : [...given.columns])))}
                />
              ) : null}
            </span>
          );
        })}
        <ActionIcon size="sm" aria-label={w.list.saveView} title={w.list.saveView} onClick={() => setDialog("new")}>
          <IconBookmarkPlus size={17} />
        </ActionIcon>
      </nav>
      {error === null ? null : <ProblemNotice error={error} />}
      {dialog === undefined ? null : (
        <ViewDialog
          {...given}
          view={dialog === "change" ? saved : undefined}
          onClose={() => setDialog(undefined)}
          onKeep={async (typed) => {
            const no = dialog === "change" && saved !== undefined ? (await change(saved.savedViewNo, typed), saved.savedViewNo) : await create(typed);
            setDialog(undefined);
            notifications.show({ message: w.list.saved });
            onOpen({ search: typed.search, filters: typed.filters, sort: typed.sort }, no, typed.columns ?? undefined);
          }}
        />
      )}
    </>
  );
}

function typedOf(view: SavedView, ask: Ask, columns: string[] | null): TypedView {
  return { ...ask, name: textOf(view.name) ?? "", sharing: view.sharing, cellNo: view.cellNo, columns };
}

function ViewMenu({
  view,
  name,
  ask,
  layout,
  onArrange,
  onChange,
  onRemove,
  onOverwrite,
}: Given & { view: SavedView; name: string; onChange: () => void; onRemove: () => void; onOverwrite: () => void }) {
  const { w } = useWords();
  const { accountNo } = useMe();
  const isFirst = layout.firstViewNo === view.savedViewNo;
  const isOwn = view.accountNo === accountNo;
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <ActionIcon size="sm" aria-label={w.list.viewMenu(name)}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onArrange({ firstViewNo: isFirst ? null : view.savedViewNo })}>{isFirst ? w.list.notFirst : w.list.openFirst}</Menu.Item>
        {isOwn ? (
          <>
            <Menu.Item disabled={isSame(ask, askOfSaved(view)) && view.columns === null} onClick={onOverwrite}>
              {w.list.overwrite}
            </Menu.Item>
            <Menu.Item onClick={onChange}>{w.list.rename}</Menu.Item>
            <Menu.Item onClick={onRemove}>{w.list.remove}</Menu.Item>
          </>
        ) : null}
      </Menu.Dropdown>
    </Menu>
  );
}

function ViewDialog({
  ask,
  columns,
  view,
  onKeep,
  onClose,
}: Given & { view: SavedView | undefined; onKeep: (typed: TypedView) => Promise<void>; onClose: () => void }) {
  const { w } = useWords();
  const { departments: mine } = useMe();
  const departments = useDepartments().filter((one) => mine.some((each) => each.departmentNo === one.departmentNo));
  const [name, setName] = useState(textOf(view?.name) ?? "");
  const [sharing, setSharing] = useState<(typeof sharings)[number]>(view?.sharing ?? "own");
  const [cellNo, setCellNo] = useState(view?.cellNo ?? departments[0]?.cellNo ?? null);
  const [hasColumns, setHasColumns] = useState(view === undefined ? false : view.columns !== null);
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setIsBusy] = useState(false);
  const hasWords = ask.search !== "";
  const isRefused = hasWords && sharing !== "own";
  const offered = sharings.filter((one) => one !== "department" || departments.length > 0);
  const keep = (event: FormEvent) => {
    event.preventDefault();
    if (isRefused || name.trim() === "") return;
    setIsBusy(true);
    setError(null);
    onKeep({ ...ask, name: name.trim(), sharing, cellNo: sharing === "department" ? cellNo : null, columns: hasColumns ? [...columns] : null })
      .catch(setError)
      .finally(() => setIsBusy(false));
  };
  return (
    <Modal opened onClose={onClose} title={view === undefined ? w.list.saveView : w.list.rename} size="sm" closeButtonProps={{ "aria-label": w.act.close }}>
      <form className="column" onSubmit={keep}>
        <TextInput
          label={w.list.viewName}
          placeholder={w.list.viewNameHint}
          value={name}
          maxLength={60}
          autoComplete="off"
          data-autofocus
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <div className="column tight">
          <span className="small">{w.list.sharing}</span>
          <SegmentedControl
            size="xs"
            aria-label={w.list.sharing}
            value={sharing}
            data={offered.map((one) => ({ value: one, label: w.list.sharings[one] }))}
            onChange={(value) => setSharing(sharings.find((one) => one === value) ?? "own")}
          />
          {sharing === "department" ? (
            <NativeSelect
              aria-label={w.customers.department}
              value={String(cellNo)}
              data={departments.map((one) => ({ value: String(one.cellNo), label: one.name }))}
              onChange={(event) => setCellNo(Number(event.currentTarget.value))}
            />
          ) : null}
        </div>
        <Checkbox size="xs" label={w.list.withColumns} checked={hasColumns} onChange={(event) => setHasColumns(event.currentTarget.checked)} />
        {isRefused ? (
          <p role="alert" className={styles["refused"]}>
            {w.list.sharedWords}
          </p>
        ) : hasWords ? (
          <p className="small soft">{w.list.withWords}</p>
        ) : null}
        {error === null ? null : <ProblemNotice error={error} />}
        <DialogActs onCancel={onClose} label={w.act.save} isBusy={isBusy} isDisabled={isRefused || name.trim() === ""} />
      </form>
    </Modal>
  );
}
