/** A call as a line for a shell. Pure. */

export function commandOf(method: string, params: unknown): string {
  const words = ["vestibule", "call", method];
  if (params !== undefined) words.push(JSON.stringify(params));
  return words.map(quote).join(" ");
}

const quote = (word: string): string =>
  /^[\w./:@%+,=-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
