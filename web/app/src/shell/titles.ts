/** How a session is called, wherever it is listed. Pure. */

import { plainText } from "@/ui";

export type Titled = {
  readonly key: string;
  readonly isMain?: boolean;
  readonly label?: string | null;
  readonly derivedTitle?: string | null;
  readonly displayName?: string | null;
  readonly lastMessagePreview?: string | null;
};

const UUID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/i;

export const isMainSession = ({ key, isMain }: Titled): boolean => isMain ?? /^agent:[^:]+:main$/i.test(key);

/** Why a session cannot be deleted; null where it can. */
export const keptSession = (row: Titled): string | null =>
  isMainSession(row) ? "The main session cannot be deleted" : null;

/** What people call it: its name, else what it is about, else its key without what only machines read. */
export function sessionTitle(row: Titled): string {
  if (row.label) return row.label;
  if (isMainSession(row)) return "Main conversation";
  const said = row.derivedTitle ?? row.displayName ?? row.lastMessagePreview;
  if (said) return titleFrom(said);
  const rest = row.key.split(":").slice(row.key.startsWith("agent:") ? 2 : 0);
  const words = rest.filter((part) => !UUID.test(part) && part !== "dashboard");
  return words.length === 0 ? "New chat" : words.join(" ");
}

/** The beginning of a text as a title: one line, cut between words. */
export function titleFrom(text: string, longest = 60): string {
  const line = plainText(text);
  if (line.length <= longest) return line;
  const cut = line.slice(0, longest);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(" "), longest / 2)).trimEnd()}…`;
}
