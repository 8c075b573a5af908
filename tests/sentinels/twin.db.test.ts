import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createTwinDatabase, fillTwinWith } from "#bench/twin/fill-twin.ts";
import { fold } from "#server/core/vault/index.ts";
import { sentinelsOf, sentinelValues, type Sentinel } from "#server/modules/sample/index.ts";
import { connectOwner } from "#server/platform/database/connect.ts";
import { buildScanner } from "../support/sentinel-scanner.ts";

/**
 * The scanner that finds nothing in the product's storage can see: over the same customers in the plain twin's database it
 * finds every one.
 */
const sentinels: Sentinel[] = Array.from({ length: 60 }, (_, index) => sentinelsOf("customer", index)).flat();
const name = "kuraban_test_twin";
let url: string;

beforeAll(async () => {
  url = await createTwinDatabase(inject("templateDatabase").ownerUrl, name);
  await fillTwinWith(url, { accountNo: 1, ownCell: 1, otherCell: 2 }, () =>
    Array.from({ length: 60 }, (_, index) => ({ customerNo: index + 1, ownerNo: 1, cellNo: 1, values: sentinelValues("customer", index) })),
  );
});
afterAll(async () => {
  const owner = await connectOwner(inject("templateDatabase").ownerUrl);
  await owner.query(`drop database if exists ${name} with (force)`);
  await owner.end();
});

test("every sentinel is found in the raw files of the plain twin's table, typed and folded", async () => {
  const scanner = buildScanner(sentinels, fold);
  const client = await connectOwner(url);
  try {
    await client.query("checkpoint");
    const bytesOf = async (table: string): Promise<Buffer> => {
      const { rows } = await client.query<{ bytes: Buffer }>(`select pg_read_binary_file(pg_relation_filepath('${table}')) as bytes`);
      return rows[0]!.bytes;
    };
    const scannable = sentinels.filter((sentinel) => sentinel.core !== null);
    const inRows = new Set(scanner.scan(await bytesOf("customers")).map((finding) => finding.sentinel));
    expect(scannable.filter((sentinel) => !inRows.has(sentinel))).toEqual([]);
    const searchable = new Set(["fullName", "kana", "companyName", "mail", "phone", "mobile", "address", "memberNumber"]);
    const inSearch = new Set(scanner.scan(await bytesOf("customer_search")).map((finding) => finding.sentinel));
    expect(scannable.filter((sentinel) => searchable.has(sentinel.field) && !inSearch.has(sentinel))).toEqual([]);
  } finally {
    await client.end();
  }
});
