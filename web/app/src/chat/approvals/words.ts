/** Decisions of the gateway in words; one that is not known is shown as it is. */

const VERBS: Readonly<Record<string, string>> = {
  "allow-once": "Allow once",
  "allow-always": "Always allow",
  allow: "Allow",
  deny: "Deny",
};
const PAST: Readonly<Record<string, string>> = {
  "allow-once": "Allowed once",
  "allow-always": "Allowed from now on",
  allow: "Allowed",
  deny: "Denied",
};

export const verbOf = (decision: string): string => VERBS[decision] ?? plain(decision);
export const isRefusal = (decision: string): boolean => decision.startsWith("deny") || decision.startsWith("reject");

/** "Denied by grace". */
export function settledWords(decision: string | null, by: string | null, byUs: boolean): string {
  const what = decision === null ? "Decided" : (PAST[decision] ?? plain(decision));
  return byUs ? `${what} by you` : by === null ? what : `${what} by ${by}`;
}

/** "29 min 12 s". */
export function remaining(expiresAtMs: number, nowMs: number): string {
  const seconds = Math.max(0, Math.ceil((expiresAtMs - nowMs) / 1_000));
  return seconds >= 60 ? `${Math.floor(seconds / 60)} min ${seconds % 60} s` : `${seconds} s`;
}

const plain = (decision: string): string => {
  const words = decision.replaceAll(/[_-]+/g, " ");
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
};
