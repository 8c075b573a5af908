/**
 * One line at the terminal that is written over as work goes on: what, how many rows, how many MB and how fast. Silent when
 * the terminal is a file or when asked to be.
 */
export function showProgress(isSilent: boolean): { readonly report: (at: { table: string; rows: number; bytes: number }) => void; readonly end: () => void } {
  const started = performance.now();
  let shownAt = 0;
  const isShown = !isSilent && process.stderr.isTTY;
  return {
    report({ table, rows, bytes }) {
      const now = performance.now();
      if (!isShown || now - shownAt < 200) {
        return;
      }
      shownAt = now;
      const megabytes = bytes / 1e6;
      const rate =
        bytes === 0
          ? `${Math.round((1_000 * rows) / (now - started)).toLocaleString("en")} rows/s`
          : `${(megabytes / ((now - started) / 1_000)).toFixed(1)} MB/s`;
      process.stderr.write(`\r\u001b[K  ${table}  ${rows.toLocaleString("en")} 件/rows  ${bytes === 0 ? "" : `${megabytes.toFixed(0)} MB  `}${rate}`);
    },
    end() {
      if (isShown && shownAt > 0) {
        process.stderr.write("\r\u001b[K");
      }
    },
  };
}
