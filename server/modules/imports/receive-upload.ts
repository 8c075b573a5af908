import {
  sealStaged,
  readStaged,
  removeStaged,
  sealText,
  type Context,
  type Door,
  type Draft,
  type Input,
  type Received,
  type Storehouse,
} from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { uploadImport, type ImportKind } from "#shared/imports.ts";
import { Problem } from "#shared/problems.ts";
import { likeliestSheet, openTable, previewTable } from "./reading/index.ts";

const longestName = 255;

/** A file that has arrived: sealed, and readable as a table as far as its beginning tells. */
export interface ArrivedFile {
  readonly importNo: number;
  readonly bytes: number;
  readonly encoding: string | null;
  readonly kind: "csv" | "xlsx" | "vcard";
  readonly becomes: ImportKind;
}

/**
 * Seals a file while it arrives and looks at its beginning, so that what is no table is refused at once and leaves nothing.
 * @throws Problem file-too-large, file-unreadable
 */
export async function takeIn(storehouse: Storehouse, source: AsyncIterable<Buffer>, becomes: ImportKind = "customers"): Promise<ArrivedFile> {
  const { door } = storehouse;
  const importNo = await nextNumber(storehouse);
  const bytes = await sealStaged(door, importNo, source, uploadImport.bodyLimit);
  try {
    return { importNo, bytes, becomes, ...(await lookAt(door, importNo, bytes, becomes)) };
  } catch (error) {
    await removeStaged(door, importNo);
    throw error;
  }
}

async function nextNumber({ pool }: Storehouse): Promise<number> {
  try {
    const { rows } = await pool.query<{ no: number }>("select nextval(pg_get_serial_sequence('imports', 'import_no'))::integer as no");
    return (rows[0] as { no: number }).no;
  } catch {
    throw new Problem("storehouse-unavailable");
  }
}

async function lookAt(door: Door, importNo: number, bytes: number, becomes: ImportKind): Promise<Pick<ArrivedFile, "encoding" | "kind">> {
  // The event of the upload, which follows, speaks of it.
  const file = await readStaged({ door, journal: { touched: () => undefined } }, importNo, bytes);
  try {
    const table = await openTable(file);
    try {
      if (becomes === "purchases" && table.kind === "vcard") {
        throw new Problem("file-unreadable", { reason: "wrong-type" });
      }
      await previewTable(table, likeliestSheet(table), undefined, becomes);
      return { encoding: table.encoding, kind: table.kind };
    } finally {
      table.close();
    }
  } finally {
    await file.close();
  }
}

/** Notes an arrived file as an import of whoever acts. `fileName` may be a personal value, so it is sealed. */
export async function noteArrived(context: Context, file: ArrivedFile, fileName: string): Promise<void> {
  const { importNo } = file;
  const sealedName = sealText(context.door.vault, { kind: "import", no: importNo }, "personal", 1, { fileName: fileName.slice(0, longestName) });
  await context.db.query(
    `insert into imports (import_no, account_no, state, sealed_name, bytes, encoding, created_at, kind) overriding system value
     values ($1, $2, 'awaits-mapping', $3, $4, $5, $6, $7)`,
    [importNo, context.actor.accountNo, sealedName, file.bytes, file.encoding, context.now, file.becomes],
  );
  context.journal.touched("import", importNo);
  context.journal.fact("import", importNo);
  context.journal.fact("bytes", file.bytes);
  context.journal.fact("kind", file.kind);
  context.journal.fact("becomes", file.becomes);
}

/** The upload of the contract: the raw file is the body, its name comes percent-encoded in a header. */
export async function receiveUpload(storehouse: Storehouse, input: Input<typeof uploadImport>): Promise<Received<typeof uploadImport>> {
  const fileName = decodeName(input.header("x-file-name"));
  const announced = Number(input.header("content-length") ?? "0");
  if (announced > uploadImport.bodyLimit) {
    throw new Problem("file-too-large", { mostBytes: uploadImport.bodyLimit });
  }
  const file = await takeIn(storehouse, input.upload as AsyncIterable<Buffer>, input.query.kind).catch((error: unknown) => {
    // A caller who went away in the middle sent no whole file.
    throw input.upload.destroyed && !input.upload.complete && !(error instanceof Problem) ? new Problem("invalid-input", { field: "file" }) : error;
  });
  return {
    useCase: async (context): Promise<Draft<ReplyOf<typeof uploadImport>>> => {
      await noteArrived(context, file, fileName);
      return { importNo: file.importNo };
    },
    discard: () => removeStaged(storehouse.door, file.importNo),
  };
}

function decodeName(header: string | undefined): string {
  try {
    const name = decodeURIComponent(header ?? "").trim();
    if (name !== "" && name.isWellFormed() && !/\p{Cc}/u.test(name)) {
      return name;
    }
  } catch {
    // Not percent-encoded: refused below.
  }
  throw new Problem("invalid-input", { field: "x-file-name" });
}
