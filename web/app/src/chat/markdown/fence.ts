/** A fenced code block, taken apart. */

export type Fence = { readonly language: string; readonly code: string; readonly closed: boolean };

export function readFence(source: string): Fence {
  const end = source.indexOf("\n");
  const head = end === -1 ? source : source.slice(0, end);
  const [, indent = "", fence = "```", info = ""] = /^( *)(`{3,}|~{3,})\s*(.*)$/.exec(head.trimEnd()) ?? [];
  const lines =
    end === -1
      ? []
      : source
          .slice(end + 1)
          .trimEnd()
          .split("\n");
  const last = lines.at(-1)?.trim() ?? "";
  const closed = last.length >= fence.length && last === fence.charAt(0).repeat(last.length);
  if (closed) lines.pop();
  const code = indent === "" ? lines : lines.map((line) => line.replace(new RegExp(`^ {0,${indent.length}}`), ""));
  return { language: info.split(/[\s{]/)[0]?.toLowerCase() ?? "", code: code.join("\n"), closed };
}
