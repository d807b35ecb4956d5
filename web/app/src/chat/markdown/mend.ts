/** Closes what an answer has opened but not closed yet, so that its last line does not flicker while it is written. */

/** The markdown of a growing paragraph as it will probably go on. */
export function mend(source: string): string {
  const end = source.trimEnd();
  const open = openMarks(end);
  // A link whose address is still coming: its words alone.
  const link = /\[([^\]\n]*)\]\([^)\n]*$/.exec(open.rest);
  if (link !== null && open.marks === "") return `${end.slice(0, end.length - link[0].length)}${link[1] ?? ""}`;
  // A mark with nothing behind it yet is not shown.
  const bare = /(?:^|\s)(\*{1,3}|~~|`+)$/.exec(end);
  if (bare !== null && open.marks.startsWith(bare[1] ?? "\0")) return end.slice(0, -(bare[1] ?? "").length);
  return open.marks === "" ? source : end + open.marks;
}

/** What would close the marks still open, innermost first; `rest`: the text outside of code. */
function openMarks(text: string): { marks: string; rest: string } {
  const ticks = /(?<!\\)(`+)(?:(?!\1)[\s\S]|(?<!`)\1`+)*?(?<!`)\1(?!`)/g;
  const rest = text.replace(ticks, "");
  const code = /(?<![\\`])(`+)(?!`)/.exec(rest)?.[1];
  if (code !== undefined) return { marks: code, rest };
  const stack: string[] = [];
  for (const [mark] of rest.matchAll(/(?<!\\)(?:\*{1,3}|~~)/g)) {
    const at = stack.lastIndexOf(mark);
    if (at === -1) stack.push(mark);
    else stack.splice(at, 1);
  }
  // A lone star is more often a product than an emphasis.
  return {
    marks: stack
      .filter((mark) => mark !== "*")
      .reverse()
      .join(""),
    rest,
  };
}
