/**
 * Keys of the cache (W6): lists, never joined texts, and always with the account they belong to. Pure.
 */

import type { Principal } from "@vestibule/client";

/** Door, account, method, parameters. */
export type RpcKey = readonly ["vestibule", door: string, who: string, method: string, params: unknown];

/** The key of one read by one account. */
export function rpcKey(door: string, who: string, method: string, params: unknown): RpcKey {
  return ["vestibule", door, who, method, params ?? null];
}

/** An account; another role or scope sees other things, so it counts as another. */
export function whoIs({ owner, member, role, scopes }: Principal): string {
  return JSON.stringify([owner, member, role, [...scopes].sort()]);
}
