/**
 * Text that a spreadsheet program would take for a formula, with an apostrophe in front (OWASP, CSV Injection): for files on
 * the way out; characters that show nothing, or that a writer of files drops, hide no sign behind them. On the way in such text is kept as it is. Plain signed numbers stay numbers.
 */
export function neutraliseFormula(text: string): string {
  if (!/^[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠﹦﹢﹣﹫\t\r\n|%]/u.test(text)) return text;
  return /^[+-]?\d+(?:\.\d+)?$/.test(text) ? text : `'${text}`;
}
