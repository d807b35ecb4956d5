/**
 * Names of methods and events, or beginnings of them followed by `*`. Pure.
 */

/** A name (`health`), a beginning (`cron.*`), or several. */
export type Pattern = string | readonly string[];

/** Whether a name is meant. */
export function matches(pattern: Pattern, name: string): boolean {
  if (typeof pattern !== "string") return pattern.some((each) => matches(each, name));
  return pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}
