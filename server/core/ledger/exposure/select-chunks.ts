/** A select of expressions over some chunks. */
export const selectChunks = (expressions: readonly string[], chunkNos: readonly number[]): string =>
  `select ${expressions.join()} from ledger_exposure_chunks where chunk_no = any('{${chunkNos.join()}}'::int8[])`;
