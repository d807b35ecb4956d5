import { useOffer } from "@vestibule/react";

/** Older gateways have no archive. */
export const useHasArchive = (): boolean => (useOffer()?.protocol ?? 4) >= 4;

/** What begins or ends a session must name the one that is meant: another may have taken its place meanwhile. */
export const lifecycle = (
  { sessionId }: { readonly sessionId?: string | null },
  { archived }: { readonly archived?: boolean },
): { readonly expectedSessionId?: string } =>
  archived !== undefined && sessionId != null ? { expectedSessionId: sessionId } : {};
