/** Anything that runs SQL with numbered parameters: a pg pool, one of its clients, a transaction. */
export interface Query {
  query(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
}
