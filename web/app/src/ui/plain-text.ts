/** What Markdown says, on one line and without its marks: for titles and previews. Pure. */
export function plainText(markdown: string): string {
  return markdown
    .replace(/^\s*```.*$/gm, " ")
    .replace(/!?\[([^\]]*)\]\([^)\s]*\)/g, "$1")
    .replace(/^\s{0,3}(?:#{1,6}|>|[-*+])\s+/gm, "")
    .replace(/(\*\*|~~)(?=\S)(.+?)(?<=\S)\1/g, "$2")
    .replace(/(?<![\w*])\*(?=\S)([^*]+)(?<=\S)\*(?![\w*])/g, "$1")
    .replace(/`+([^`]+)`+/g, "$1")
    .replace(/\s+/g, " ")
    .trim()
    .replace(/^(?:\*\*|~~|`+)/, ""); // a mark whose end was cut off
}
