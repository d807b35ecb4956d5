/**
 * Session keys as the gateway and the door compare and make them (P16).
 */

import type { Principal } from "@vestibule/client";

/** The form in which two keys of the same session are equal; a bare name belongs to the agent. */
export function normalKey(agent: string, key: string): string {
  const folded = key.trim().toLowerCase();
  return folded.startsWith("agent:") ? folded : `agent:${normalAgent(agent)}:${folded}`;
}

/** An agent's name as the gateway turns it into an id. */
export function normalAgent(agent: string): string {
  const folded = agent.trim().toLowerCase();
  if (/^[a-z0-9][a-z0-9_-]{0,63}$/.test(folded)) return folded;
  const slug = folded.replace(/[^a-z0-9_-]+/g, "-").replace(/^-+|-+$/g, "");
  return slug.slice(0, 64) || "main";
}

/**
 * The session that messages without a key go to: the agent's main one, or the member's own inside an owner that has
 * several (C1). Null where it cannot be worked out: the first answer tells it then.
 */
export async function defaultKey(agent: string, { owner, member }: Principal): Promise<string | null> {
  if (owner === member) return `agent:${normalAgent(agent)}:main`;
  const slug = await memberSlug(member);
  return slug === null ? null : `agent:${normalAgent(agent)}:member-${slug}`;
}

async function memberSlug(member: string): Promise<string | null> {
  if (/^[a-z0-9_-]{1,64}$/.test(member)) return member;
  const readable = member
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, "-")
    .slice(0, 24)
    .replace(/^-+|-+$/g, "");
  // Browsers have no digests on a page that was not served over HTTPS.
  const source: Partial<Pick<Crypto, "subtle">> = crypto;
  if (source.subtle === undefined) return null;
  const digest = new Uint8Array(await source.subtle.digest("SHA-256", new TextEncoder().encode(member)));
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${readable}.${hex.slice(0, 20)}`;
}
