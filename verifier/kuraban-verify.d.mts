export interface VerifierKey {
  readonly name: string;
  readonly type: 1 | 4;
  readonly raw: Buffer;
}
export interface ExportFinding {
  readonly sequence: number | null;
  /** Where the fault may begin, when all that is known is that it lies before `sequence`. */
  readonly since?: number;
  readonly what: string;
}
export interface ExportVerification {
  readonly ok: boolean;
  readonly findings: readonly ExportFinding[];
  readonly remarks: readonly ExportFinding[];
  readonly events: number;
  readonly from: number;
  readonly to: number;
  readonly treeSize: number;
  readonly root: string | null;
  readonly origin: string | null;
  readonly firstAt: string | null;
  readonly lastAt: string | null;
  readonly isWhole: boolean;
  readonly hasEntries: boolean;
  readonly cosigned: Readonly<Record<string, number>>;
  readonly keptCheckpoints: number;
}
/** The parts of a header that statements speak of. */
export interface ExportedHeader {
  readonly at: string;
  readonly type: string;
  readonly principal: string;
  readonly accountNo?: number;
  readonly facts?: Readonly<Record<string, unknown>>;
}
export type OnEvent = (header: ExportedHeader, entries: Buffer | null, writes: Buffer | null, sequence: number | null) => void;
/** @throws Error when it is no verifier key */
export function readVerifierKey(text: string): VerifierKey;
export function verifyExport(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: {
    readonly keys: readonly VerifierKey[];
    readonly witnesses?: readonly VerifierKey[];
    readonly notes?: readonly string[];
    readonly onEvent?: OnEvent;
  },
): Promise<ExportVerification>;
export function verifyStatement(
  text: string,
  options: { readonly keys: readonly VerifierKey[] },
): { readonly ok: boolean; readonly findings: readonly ExportFinding[]; readonly treeSize: number; readonly people: readonly number[] };
export function compareWithExport(text: string): {
  readonly onEvent: OnEvent;
  finish(result: ExportVerification): { readonly ok: boolean; readonly findings: readonly ExportFinding[] };
};
export interface BundleFinding {
  /** Path of the item within the bundle. */
  readonly item: string;
  readonly what: string;
  readonly sequence?: number | null;
}
export interface BundleVerification {
  readonly ok: boolean;
  readonly findings: readonly BundleFinding[];
  readonly remarks: readonly BundleFinding[];
  readonly items: number;
  readonly incidentNo: number | null;
  readonly at: string | null;
  readonly treeSize: number | null;
  readonly origin: string | null;
}
/** @throws Error when it is no zip */
export function verifyBundle(
  path: string,
  options: {
    readonly keys: readonly VerifierKey[];
    readonly witnesses?: readonly VerifierKey[];
    readonly password?: string | undefined;
    readonly onOpened?: (path: string, bytes: Buffer) => void;
  },
): Promise<BundleVerification>;
/** Numbers of customers whom packed sections of an event name. */
export function customersOf(entries: Buffer | null, writes: Buffer | null): number[];
/** The function that hashes four messages at once, as WebAssembly. */
export function laneBytes(): Buffer;
export function rootOfEntries(bytes: Buffer, seed: Buffer, isPlain?: boolean): { readonly count: number; readonly root: Buffer };
