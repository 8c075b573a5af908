import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { actAs } from "#server/core/door/index.ts";
import { liftMeasureAs, measureColumns, stateAt, takeMeasureAs, type MeasureRow } from "#server/modules/measures/index.ts";
import { CannotStart } from "#server/platform/database/cannot-start.ts";
import { findRunningServer } from "#server/platform/database/find-running-server.ts";
import type { MeasureKind } from "#shared/measures.ts";
import { Problem, problems } from "#shared/problems.ts";
import type { Asked } from "./asked.ts";
import { openStorehouse, type OpenStorehouse } from "./open-storehouse.ts";

const taken: Readonly<Record<string, MeasureKind>> = { stop: "stop", "read-only": "read-only", hold: "hold-exports", "cut-all": "cut-sessions" };

/**
 * `./kuraban measures stop | read-only | hold | cut-all | lift N | list`: measures by the terminal, beside a running server or
 * without one. Who stands at the terminal acts alone; the event carries an alarm.
 */
export async function run(asked: Asked): Promise<number> {
  const [word = "list", which] = asked.words;
  const kind = taken[word];
  const measureNo = Number(which);
  if (kind === undefined && word !== "list" && (word !== "lift" || !Number.isInteger(measureNo) || measureNo < 1)) {
    throw new CannotStart({
      ja: "使い方: ./kuraban measures stop | read-only | hold | cut-all | lift 番号 | list",
      en: "Usage: ./kuraban measures stop | read-only | hold | cut-all | lift NUMBER | list",
    });
  }
  const { place } = asked;
  if (place.databaseUrl === undefined && !existsSync(join(place.dataFolder, "postgres"))) {
    throw new CannotStart({
      ja: `${place.dataFolder} に蔵番のデータがありません。--data を確かめてください。`,
      en: `There is no data of Kuraban in ${place.dataFolder}. Check --data.`,
    });
  }
  const running = place.databaseUrl === undefined ? findRunningServer(place) : undefined;
  const open = await openStorehouse({
    place: running === undefined ? place : { ...place, databaseUrl: running },
    onTrouble: (what) => process.stderr.write(`${what}\n`),
    appConnections: 4,
  });
  try {
    if (kind !== undefined) {
      const made = await actAs(open.storehouse, "console", "measure.taken", randomUUID(), (context) =>
        takeMeasureAs(context, {
          kind,
          target: kind === "cut-sessions" ? "everybody" : "service",
          accountNo: null,
          roleKey: null,
          departmentNo: null,
          reason: asked.option("reason") ?? "端末から / by the terminal",
          incidentNo: null,
          isDrill: false,
          hours: null,
          waits: false,
          message: kind === "stop" ? { messageJa: asked.option("message") ?? "", messageEn: "", callBack: asked.option("call") ?? "" } : null,
        }),
      );
      say(asked, made, `第${made.measureNo}号の措置を実行しました。解除: ./kuraban measures lift ${made.measureNo}`, `Measure ${made.measureNo} is in force.`);
    } else if (word === "lift") {
      await actAs(open.storehouse, "console", "measure.lifted", randomUUID(), (context) => liftMeasureAs(context, measureNo));
      say(asked, { measureNo, lifted: true }, `第${measureNo}号の措置を解除しました。`, `Measure ${measureNo} was lifted.`);
    } else {
      await showList(open, asked);
    }
    return 0;
  } catch (error) {
    if (error instanceof Problem) {
      const { ja, en } = problems[error.code];
      throw new CannotStart({ ja, en: `${en} ${JSON.stringify(error.facts)}` });
    }
    throw error;
  } finally {
    await open.close();
  }
}

function say(asked: Asked, made: object, ja: string, en: string): void {
  process.stdout.write(asked.json ? `${JSON.stringify(made)}\n` : `${ja}\n${en}\n`);
}

/** What is in force, by numbers and codes: the terminal reads no reason and no name. */
async function showList({ storehouse }: OpenStorehouse, asked: Asked): Promise<void> {
  const { rows } = await storehouse.pool.query<MeasureRow>(`select ${measureColumns} from measures where ended_at is null order by measure_no`);
  const now = storehouse.clock();
  const standing = rows.map((row) => ({
    measureNo: row.measure_no,
    kind: row.kind,
    target: row.target,
    state: stateAt(row, now).state,
    accounts: row.accounts_meant,
    takenAt: row.taken_at.toISOString(),
    confirmBy: row.confirm_by?.toISOString() ?? null,
    endsAt: row.ends_at?.toISOString() ?? null,
    isDrill: row.is_drill,
  }));
  if (asked.json) {
    process.stdout.write(`${JSON.stringify(standing)}\n`);
    return;
  }
  process.stdout.write(standing.length === 0 ? "効いている措置はありません。/ No measure is in force.\n" : "");
  for (const one of standing) {
    process.stdout.write(`${one.measureNo}  ${one.kind}  ${one.target}  ${one.state}  ${one.takenAt}${one.isDrill ? "  drill" : ""}\n`);
  }
}
