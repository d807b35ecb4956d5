/**
 * Patterns of event names: a name, or a beginning followed by `*`.
 */

/** Whether an event's name matches one of the patterns. */
export function matcher(patterns: string | readonly string[]): (name: string) => boolean {
  const all = typeof patterns === "string" ? [patterns] : patterns;
  const names = new Set(all.filter((pattern) => !pattern.endsWith("*")));
  const beginnings = all.filter((pattern) => pattern.endsWith("*")).map((pattern) => pattern.slice(0, -1));
  return (name) => names.has(name) || beginnings.some((beginning) => name.startsWith(beginning));
}
