/** Keys to shortcuts: pure. A shortcut is "mod k", "?" or a sequence: "g then c". */

export type Press = { key: string; mod: boolean; alt: boolean; inText: boolean };

/** What was pressed, as shortcuts are written; null where keys are for writing. */
export function nameOf({ key, mod, alt, inText }: Press): string | null {
  const plain = key.length === 1 ? key.toLowerCase() : key === "Escape" ? "esc" : null;
  if (plain === null || alt) return null;
  if (mod) return `mod ${plain}`;
  return inText ? null : plain;
}

/** The next step of a sequence: what it has become, or the shortcut that is complete. */
export function advance(
  pending: string | null,
  pressed: string,
  known: ReadonlySet<string>,
): { at: "found"; shortcut: string } | { at: "pending"; keys: string } | { at: "none" } {
  const whole = pending === null ? pressed : `${pending} then ${pressed}`;
  if (known.has(whole)) return { at: "found", shortcut: whole };
  for (const shortcut of known) if (shortcut.startsWith(`${whole} then `)) return { at: "pending", keys: whole };
  return pending === null ? { at: "none" } : advance(null, pressed, known);
}
