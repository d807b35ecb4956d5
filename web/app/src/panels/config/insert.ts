/** A key put into an object of a text, with its layout. Pure. */
import type { Path } from "@/ui/editor";
import { type Node, outlineOf } from "@/ui/editor/outline";

export function inserted(text: string, path: Path, key: string, skeleton: string): string | null {
  const root = outlineOf(text);
  const node = nodeAt(root, path);
  if (node?.kind !== "object" || node.entries.some((entry) => entry.key === key)) return null;
  const outer = indentAt(text, node.from);
  const line = `${outer}  ${JSON.stringify(key)}: ${skeleton === "" ? "null" : skeleton}`;
  const last = node.entries.at(-1);
  if (!last) return `${text.slice(0, node.from)}{\n${line}\n${outer}}${text.slice(node.to)}`;
  return `${text.slice(0, last.to)},\n${line}${text.slice(last.to)}`;
}

function nodeAt(root: Node | null, path: Path): Node | null {
  let node = root;
  for (const step of path) {
    if (node?.kind === "object") node = node.entries.find((entry) => entry.key === step)?.value ?? null;
    else if (node?.kind === "array") node = node.items[Number(step)] ?? null;
    else return null;
  }
  return node;
}

/** The white space a line begins with. */
function indentAt(text: string, position: number): string {
  const begins = text.lastIndexOf("\n", position - 1) + 1;
  return /^[ \t]*/.exec(text.slice(begins))?.[0] ?? "";
}
