const dayMs = 86_400_000;

/**
 * The moment of a spreadsheet serial (ECMA-376 18.17.4) as ISO 8601 without zone: `1984-04-01`, `1984-04-01T09:30:00`
 * or, below one day in the 1900 system, `09:30:00`. `undefined` for what is no date: negative, beyond 9999, or the
 * 29 February 1900 that never was.
 * @param is1904 the date system that counts from 1 January 1904
 */
export function writeExcelDate(serial: number, is1904: boolean): string | undefined {
  const seconds = Math.round(serial * 86_400);
  if (!(seconds >= 0) || seconds >= 2_958_466 * 86_400) return undefined;
  let day = Math.floor(seconds / 86_400);
  const secondOfDay = seconds - day * 86_400;
  if (!is1904) {
    if (day === 0) return new Date(secondOfDay * 1000).toISOString().slice(11, 19);
    if (day === 60) return undefined;
    // Excel keeps the leap day of 1900 that Lotus 1-2-3 invented.
    if (day < 60) day++;
  }
  const epoch = is1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, 30);
  const iso = new Date(epoch + day * dayMs + secondOfDay * 1000).toISOString();
  return secondOfDay === 0 ? iso.slice(0, 10) : iso.slice(0, 19);
}
