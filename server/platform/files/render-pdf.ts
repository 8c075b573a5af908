import { Worker } from "node:worker_threads";

/**
 * A PDF (ISO 32000) as data, rendered by pdfmake with Noto Sans JP in two weights, embedded as subsets. All lengths are
 * points (1/72 inch; `mm(n)` converts), measured from the upper left corner of the page.
 *
 * ```ts
 * const bytes = await renderPdf({
 *   title: "開示のご報告", at: now, page: "A4", margins: [mm(20), mm(20), mm(20), mm(20)], fontSize: 10.5,
 *   hasPageNumbers: true,
 *   content: [
 *     { text: "開示のご報告", fontSize: 16, bold: true, margin: [0, 0, 0, 12] },
 *     "一段落はただの文字列でもよい。",
 *     { table: { widths: [mm(40), "*"], headerRows: 1, body: [["項目", "内容"], ["氏名", { text: "髙﨑 𠮷乃", bold: true }]] }, layout: "lightHorizontalLines" },
 *     { columns: [{ text: "左", width: "*" }, { text: "右", width: mm(60), alignment: "right" }] },
 *     { stack: ["次のページ"], pageBreak: "before" },
 *   ],
 * });
 * ```
 *
 * Text wraps by itself (Unicode line breaking; long words are cut). Lines of a text are parted by "\n". Nothing outside the
 * document is ever fetched or read: no links to images, no files. The document is built in memory: a thousand pages are fine,
 * a hundred thousand are not.
 */
export interface PdfDocument {
  /** Stands in the file's properties: never a personal value. */
  readonly title: string;
  /** When the file was made, for its properties. */
  readonly at: Date;
  readonly language?: "ja" | "en";
  readonly page: "A4" | { readonly width: number; readonly height: number };
  /** Left, top, right, bottom. */
  readonly margins: PdfMargins;
  /** Of text that states no size of its own; 10 unless told. */
  readonly fontSize?: number;
  readonly content: readonly PdfContent[];
  /** 「2 / 5」 at the foot of each page; leave ≥ 30 pt of bottom margin for it. */
  readonly hasPageNumbers?: boolean;
  /** Stands in red at the head of each page; leave ≥ 40 pt of top margin for it. */
  readonly mark?: string;
}

export type PdfMargins = readonly [left: number, top: number, right: number, bottom: number];

/** What any node may state of its place. `absolutePosition` takes it out of the flow. */
interface Placed {
  readonly margin?: PdfMargins;
  readonly pageBreak?: "before" | "after";
  readonly absolutePosition?: { readonly x: number; readonly y: number };
  /** Inside columns: points, or a share of what is left. */
  readonly width?: number | "*" | "auto";
  /** Keeps a stack or table together on one page. */
  readonly unbreakable?: boolean;
}

export interface PdfText extends Placed {
  readonly text: string | readonly (string | PdfText)[];
  readonly fontSize?: number;
  readonly bold?: boolean;
  readonly color?: string;
  readonly alignment?: "left" | "center" | "right";
  /** Multiples of the font's own line (1.448 of its size). */
  readonly lineHeight?: number;
  readonly characterSpacing?: number;
  readonly noWrap?: boolean;
  /** OpenType features: `vert` turns the glyphs of a column set vertically. */
  readonly fontFeatures?: readonly string[];
  /**
   * Of a heading: points that must be left on the page from its upper edge on, for itself and the beginning of what follows;
   * else it goes to the next page. At most half a page is asked for. (pdfmake's name for what it tells of a node.)
   */
  readonly headlineLevel?: number;
}

export interface PdfTable extends Placed {
  readonly table: {
    readonly widths?: readonly (number | "*" | "auto")[];
    readonly headerRows?: number;
    /** So many rows stand on one page with the header rows. */
    readonly keepWithHeaderRows?: number;
    /** A row is never parted between pages. */
    readonly dontBreakRows?: boolean;
    readonly body: readonly (readonly PdfContent[])[];
  };
  readonly layout?: "noBorders" | "lightHorizontalLines" | "headerLineOnly" | "thinLines";
}

export interface PdfShape extends Placed {
  readonly canvas: readonly (
    | {
        readonly type: "rect";
        readonly x: number;
        readonly y: number;
        readonly w: number;
        readonly h: number;
        readonly lineColor: string;
        readonly lineWidth: number;
      }
    | {
        readonly type: "line";
        readonly x1: number;
        readonly y1: number;
        readonly x2: number;
        readonly y2: number;
        readonly lineColor: string;
        readonly lineWidth: number;
      }
  )[];
}

export type PdfContent =
  | string
  | PdfText
  | PdfTable
  | PdfShape
  | (Placed & { readonly stack: readonly PdfContent[] })
  | (Placed & { readonly columns: readonly PdfContent[]; readonly columnGap?: number })
  | (Placed & { readonly ul: readonly PdfContent[] });

/** Points of a length in millimetres. */
export function mm(millimetres: number): number {
  return (millimetres * 72) / 25.4;
}

/** Page objects stand uncompressed (ISO 32000-1 7.7.3.3). */
export function countPages(pdf: Buffer): number {
  return pdf.toString("latin1").match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0;
}

/** What the thread answers to the work of that number. */
export type Made = { readonly no: number; readonly bytes: Uint8Array } | { readonly no: number; readonly error: string };

interface Waiting {
  readonly resolve: (bytes: Buffer) => void;
  readonly reject: (error: Error) => void;
}

/** The thread that has the fonts in memory, from the first document on: reading them takes longer than most documents. */
let thread: { readonly worker: Worker; readonly waiting: Map<number, Waiting> } | undefined;
let lastNo = 0;

function threadAtWork(): NonNullable<typeof thread> {
  if (thread !== undefined) {
    return thread;
  }
  const worker = new Worker(new URL("./pdf-thread.ts", import.meta.url));
  const waiting = new Map<number, Waiting>();
  const started = { worker, waiting };
  const end = (error: Error): void => {
    if (thread === started) thread = undefined;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.on("message", (made: Made) => {
    const one = waiting.get(made.no);
    waiting.delete(made.no);
    if (waiting.size === 0) worker.unref();
    if ("error" in made) one?.reject(new Error(`making a PDF failed: ${made.error}`));
    else one?.resolve(Buffer.from(made.bytes.buffer, made.bytes.byteOffset, made.bytes.byteLength));
  });
  worker.on("error", end);
  worker.on("exit", (code) => end(new Error(`making a PDF ended with ${code}`)));
  thread = started;
  return started;
}

/**
 * Renders the document. The bytes hold no more than the document says. It is done in a thread of its own: five hundred
 * envelopes take two seconds in which nobody else would be served.
 */
export async function renderPdf(document: PdfDocument): Promise<Buffer> {
  const { worker, waiting } = threadAtWork();
  const no = (lastNo += 1);
  return new Promise((resolve, reject) => {
    waiting.set(no, { resolve, reject });
    worker.ref();
    worker.postMessage({ no, document });
  });
}
