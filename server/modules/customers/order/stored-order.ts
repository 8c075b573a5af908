import type { Context } from "#server/core/door/index.ts";
import { BlobRejected, type Vault } from "#server/core/vault/index.ts";

/**
 * The order of customers by a field: who stands before whom, for the version of each row. It holds no value, and for a row
 * in another version it says nothing; so it may be as old as it likes and is never wrong.
 */
export interface StoredOrder {
  /** Counts the orders of the field; 0: none yet. */
  readonly version: number;
  /** Milliseconds since 1970. */
  readonly builtAt: number;
  /** Ascending by the field's value, the first `known` of them; behind those, by number, who has none. */
  readonly numbers: Int32Array;
  /** Below zero for a row that could not be opened. */
  readonly versions: Int32Array;
  readonly known: number;
  /** All numbers ascending, and where each stands in `numbers`. */
  readonly byNo: Int32Array;
  readonly places: Int32Array;
}

const numbersAPage = 16_384;
/** Most customers of which an order is kept: place and number of one fit a double. */
export const mostInOrder = 2 ** 22;
/**
 * Raised with each change of what values are compared by (the door's order keys, the vault's fold): orders of another edition
 * do not open and are made anew (stored-order.test.ts).
 */
export const orderEdition = 1;

type Rows = Pick<StoredOrder, "numbers" | "versions" | "known">;

/** An order of rows that stand in it already, with what finding one by number takes. */
function orderOf(given: { version: number; builtAt: number } & Rows): StoredOrder {
  const { numbers } = given;
  const keys = new Float64Array(numbers.length);
  numbers.forEach((no, place) => (keys[place] = no * mostInOrder + place));
  keys.sort();
  const byNo = new Int32Array(keys.length);
  const places = new Int32Array(keys.length);
  keys.forEach((key, index) => {
    byNo[index] = Math.floor(key / mostInOrder);
    places[index] = key % mostInOrder;
  });
  return { ...given, byNo, places };
}

export const noOrder: StoredOrder = orderOf({ version: 0, builtAt: 0, numbers: new Int32Array(), versions: new Int32Array(), known: 0 });

function nameOf(fieldNo: number, pageNo: number, version: number): string {
  return `customer-order|${orderEdition}|${fieldNo}|${pageNo}|${version}`;
}

/**
 * The stored order of a field, or `former` where that is still the newest. None where nothing is stored, or where what is
 * stored does not open: it can always be made anew.
 */
export async function readOrder(context: Pick<Context, "db" | "door">, fieldNo: number, former: StoredOrder = noOrder): Promise<StoredOrder> {
  const [head] = await context.db.query<{ version: number }>("select version from order_pages where field_no = $1 and page_no = 0", [fieldNo], "order-version");
  if (head === undefined) {
    return noOrder;
  }
  if (head.version === former.version) {
    return former;
  }
  const pages = await context.db.query<{ version: number; built_at: Date; sealed: Buffer }>(
    "select version, built_at, sealed from order_pages where field_no = $1 order by page_no",
    [fieldNo],
  );
  const version = pages[0]?.version ?? 0;
  try {
    const opened = pages.map(({ sealed }, pageNo) => context.door.vault.openSecret(nameOf(fieldNo, pageNo, version), sealed));
    return orderOf({ version, builtAt: pages[0]?.built_at.getTime() ?? 0, ...unpack(opened) });
  } catch (error) {
    if (error instanceof BlobRejected) {
      return { ...noOrder, version };
    }
    throw error;
  }
}

/** Puts an order in the place of the one of version `former`; false when that was replaced meanwhile. */
export async function writeOrder(context: Pick<Context, "db" | "door" | "now">, fieldNo: number, former: number, order: Rows): Promise<boolean> {
  const [head] = await context.db.query<{ version: number }>("select version from order_pages where field_no = $1 and page_no = 0 for update", [fieldNo]);
  if ((head?.version ?? 0) !== former) {
    return false;
  }
  const version = former + 1;
  const sealed = pack(order).map((page, pageNo) => sealPage(context.door.vault, nameOf(fieldNo, pageNo, version), page));
  await context.db.query("delete from order_pages where field_no = $1", [fieldNo]);
  await context.db.query(
    "insert into order_pages (field_no, page_no, version, built_at, sealed) select $1, n.no - 1, $2, $3, n.sealed from unnest($4::bytea[]) with ordinality n (sealed, no)",
    [fieldNo, version, context.now, sealed],
  );
  return true;
}

function sealPage(vault: Vault, name: string, page: Buffer): Buffer {
  const sealed = vault.sealSecret(name, page);
  page.fill(0);
  return sealed;
}

/** Number and version of each, 4 bytes little-endian; the number below zero for who has no value. One page at least. */
function pack({ numbers, versions, known }: Rows): Buffer[] {
  const pages: Buffer[] = [];
  do {
    const from = pages.length * numbersAPage;
    const page = Buffer.alloc(Math.min(numbersAPage, numbers.length - from) * 8);
    for (let at = 0; at < page.length; at += 8) {
      const place = from + at / 8;
      const no = numbers[place] as number;
      page.writeInt32LE(place < known ? no : -no, at);
      page.writeInt32LE(versions[place] as number, at + 4);
    }
    pages.push(page);
  } while (pages.length * numbersAPage < numbers.length);
  return pages;
}

function unpack(pages: readonly Buffer[]): Rows {
  const count = pages.reduce((sum, page) => sum + page.length / 8, 0);
  const numbers = new Int32Array(count);
  const versions = new Int32Array(count);
  let place = 0;
  let known = 0;
  for (const page of pages) {
    for (let at = 0; at < page.length; at += 8) {
      const no = page.readInt32LE(at);
      if (no > 0) known += 1;
      numbers[place] = Math.abs(no);
      versions[place] = page.readInt32LE(at + 4);
      place += 1;
    }
    page.fill(0);
  }
  return { numbers, versions, known };
}
