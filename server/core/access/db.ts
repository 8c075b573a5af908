/** What this room needs of a transaction. */
export interface Db {
  query<Row extends object>(text: string, values?: readonly unknown[], name?: string): Promise<Row[]>;
}
