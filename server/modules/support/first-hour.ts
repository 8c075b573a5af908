import { hasVerb, mayCall } from "#server/core/access/compile.ts";
import { queryOver, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import { archivedUpTo, hasArchivedEvent } from "#server/core/ledger/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { Problem } from "#shared/problems.ts";
import type { Access } from "#shared/rights.ts";
import type { dismissFirstHour as dismissEndpoint, FirstHourStep, showFirstHour as showEndpoint } from "#shared/support.ts";

/** Whose step it is: whoever may do it, and where many may, those whose work it is. */
const stepOf: Readonly<Record<FirstHourStep, Access>> = {
  departments: "manage-accounts",
  people: "manage-accounts",
  backup: "run-backup",
  import: "import",
  find: "customer.read",
  note: "customer.write",
  "next-action": "customer.write",
  ledger: "read-ledger",
};

/** The events that a step leaves in the ledger. */
const typesOf = {
  backup: ["backup.written", "backup.restored"],
  import: ["import.done"],
  find: ["customer.viewed"],
  note: ["note.added"],
  "next-action": ["note.added", "note.changed", "action.set"],
  ledger: ["ledger.read", "ledger.verified"],
} satisfies Partial<Record<FirstHourStep, readonly string[]>>;

/**
 * What has really been done: by the organisation (departments, people, a backup, an import), or by the caller (the rest).
 * Each question ends at the first row that answers it.
 */
async function doneSteps({ db, actor }: Context): Promise<Readonly<Record<FirstHourStep, boolean>>> {
  const [row] = await db.query<Record<FirstHourStep, boolean>>(
    `select (select count(*) from departments) > 1 as departments,
            (select count(*) from accounts) > (select case when combined_office then 1 else 2 end from organisation) as people,
            exists (select from ledger_events where type in ('backup.written', 'backup.restored')) as backup,
            exists (select from ledger_events where type = 'import.done') as import,
            exists (select from ledger_events where account_no = $1 and type = 'customer.viewed') as find,
            exists (select from ledger_events where account_no = $1 and type = 'note.added') as note,
            exists (select from ledger_events where account_no = $1 and type in ('note.added', 'note.changed', 'action.set')
                     and header::jsonb->'facts'->>'dueOn' is not null) as "next-action",
            exists (select from ledger_events where account_no = $1 and type in ('ledger.read', 'ledger.verified')) as ledger`,
    [actor.accountNo],
  );
  if (row === undefined) throw new Error("a question without an answer");
  if ((await archivedUpTo(queryOver(db))) === 0) return row;
  const done = { ...row };
  // What was done long ago lies in files.
  for (const [step, types] of Object.entries(typesOf) as [keyof typeof typesOf, readonly string[]][]) {
    const isOfAll = step === "backup" || step === "import";
    const hadDay = (facts: Readonly<Record<string, unknown>>): boolean => step !== "next-action" || facts["dueOn"] != null;
    const asked = { types, accountNo: isOfAll ? undefined : (actor.accountNo ?? -1), fits: hadDay };
    // A missing file is told where the ledger is read; a hint is not worth a refusal.
    done[step] ||= await hasArchivedEvent(queryOver(db), asked).catch((error: unknown) => {
      if (error instanceof Problem) return false;
      throw error;
    });
  }
  return done;
}

export async function showFirstHour(context: Context): Promise<Draft<ReplyOf<typeof showEndpoint>>> {
  const { db, actor } = context;
  const [dismissed] = await db.query("select account_no from first_hour_dismissals where account_no = $1", [actor.accountNo]);
  if (dismissed !== undefined) return { steps: [], isDismissed: true };
  const mine = (Object.entries(stepOf) as [FirstHourStep, Access][]).filter(([, access]) =>
    access.includes(".") ? mayCall(actor.rights, access as never) : hasVerb(actor.rights, access as never),
  );
  if (mine.length === 0) return { steps: [], isDismissed: false };
  const done = await doneSteps(context);
  return { steps: mine.map(([step]) => ({ step, isDone: done[step] })), isDismissed: false };
}

export async function dismissFirstHour(context: Context, input: Input<typeof dismissEndpoint>): Promise<Draft<ReplyOf<typeof dismissEndpoint>>> {
  const { db, actor, now, journal } = context;
  const { isDismissed } = input.body;
  await (isDismissed
    ? db.query("insert into first_hour_dismissals (account_no, dismissed_at) values ($1, $2) on conflict do nothing", [actor.accountNo, now])
    : db.query("delete from first_hour_dismissals where account_no = $1", [actor.accountNo]));
  journal.fact("dismissed", isDismissed);
  return { isDismissed };
}
