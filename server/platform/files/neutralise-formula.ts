/**
 * Text that a spreadsheet program would take for a formula, with an apostrophe in front (OWASP, CSV Injection): for files on
 * the way out. On the way in such text is kept as it is. Plain signed numbers stay numbers.
 */
export function neutraliseFormula(text: string): string {
  if (!/^[\s\u3000\u200b\ufeff]*[=+\-@＝＋－＠\t\r\n|%]/.test(text)) return text;
  return /^[+-]?\d+(?:\.\d+)?$/.test(text) ? text : `'${text}`;
}
