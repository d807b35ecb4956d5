/** What can be set up, and the patch that does it: from the gateway's own schema. Pure. */
import type { Lookup } from "./wire";

export type Offer = { id: string; label: string; help: string | undefined };

/** Shared defaults stand among the channels in the config. */
const NO_CHANNELS: ReadonlySet<string> = new Set(["defaults", "modelByChannel"]);

/** The channels this gateway knows, without those that are there already. */
export const offersOf = (lookup: Lookup, existing: readonly string[]): readonly Offer[] =>
  lookup.children
    .filter(({ key }) => !NO_CHANNELS.has(key) && !existing.includes(key))
    .map(({ key, hint }) => ({ id: key, label: hint?.label ?? key, help: hint?.help }));

export type SecretField = { key: string; label: string; help: string | undefined };

/** Its tokens and passwords: write-only, never read back. */
export const secretsOf = (lookup: Lookup): readonly SecretField[] =>
  lookup.children
    .filter(({ hint }) => hint?.sensitive)
    .map(({ key, hint }) => ({ key, label: hint?.label ?? words(key), help: hint?.help }));

/** "botToken" -> "Bot token". */
const words = (key: string): string => {
  const spaced = key.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return `${spaced[0]?.toUpperCase() ?? ""}${spaced.slice(1)}`;
};

/** A merge patch of exactly what was typed: nothing else of the config is written back. */
export function patchOf(channel: string, secrets: Readonly<Record<string, string>>): string {
  const typed = Object.entries(secrets).filter(([, value]) => value.trim() !== "");
  const own = { enabled: true, ...Object.fromEntries(typed.map(([key, value]) => [key, value.trim()])) };
  return JSON.stringify({ channels: { [channel]: own } });
}
