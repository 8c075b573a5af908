const mostNumber = 2_147_483_647;

/** Numbers of records out of what was typed or pasted, a column of a table too: each once, in the order they came. */
export function readNumbers(text: string): number[] {
  const found = text
    .normalize("NFKC")
    .match(/\d+/g)
    ?.map(Number)
    .filter((no) => no > 0 && no <= mostNumber);
  return [...new Set(found)];
}
