import type { Db } from "#server/core/context/db.ts";

export interface OwnNotice {
  readonly notice_no: number;
  readonly sealed_text: Buffer | null;
  readonly author_no: number;
  readonly written_at: Date;
}

/** The organisation's own words as they stand now; undefined where nothing was ever written. */
export async function currentNotice(db: Db): Promise<OwnNotice | undefined> {
  const [row] = await db.query<OwnNotice>("select notice_no, sealed_text, author_no, written_at from monitoring_notices order by notice_no desc limit 1");
  return row;
}
