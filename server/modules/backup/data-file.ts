/** What a data file says of itself in its first frame. */
export interface DataHeader {
  readonly v: 1;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Name of the ledger's tree at that time. */
  readonly epoch: string;
  /** The newest signed checkpoint in the data (C2SP signed-note), or null. */
  readonly checkpoint: string | null;
  readonly checkpointSize: number;
  readonly migrations: readonly { readonly number: number; readonly name: string; readonly sha256: string }[];
  readonly tables: readonly string[];
  /** Files of the ledger's old months that belong to the data; absent in backups from before there were any. */
  readonly archives?: readonly ArchivedFile[];
}

export interface ArchivedFile {
  /** Name within the folder of old months. */
  readonly file: string;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** A table's first frame. */
export interface TableHeader {
  readonly name: string;
  readonly columns: readonly string[];
}

/** What a data file says of itself in its last frame. Values of sequences are decimal text, null when never used. */
export interface DataEnd {
  readonly tables: Readonly<Record<string, number>>;
  readonly sequences: Readonly<Record<string, string | null>>;
}

/** Settings under which COPY's text means the same on every server. */
export const copySettings =
  "set datestyle to 'ISO, YMD'; set intervalstyle to 'postgres'; set timezone to 'UTC'; set extra_float_digits to 3; set bytea_output to 'hex'; set statement_timeout to 0; set lock_timeout to '10s'";
