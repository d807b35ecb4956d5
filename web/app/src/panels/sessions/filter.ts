/** What of the sessions is shown, as the gateway is asked for it. Pure. */
import type { SessionRow } from "./wire";

export type Filter = { search: string; agentId: string | null; archived: boolean };

export const PAGE = 100;

/** Parameters of `sessions.list`; nothing that is not asked for is sent, for the gateway refuses what it does not know. */
export function paramsOf({ search, agentId, archived }: Filter, wire: number): Record<string, unknown> {
  return {
    limit: PAGE,
    includeDerivedTitles: true,
    includeLastMessage: true,
    ...(search.trim() ? { search: search.trim() } : {}),
    ...(agentId === null ? {} : { agentId }),
    ...(archived && wire >= 4 ? { archived: true } : {}),
  };
}

/** Whether a row that an event brings belongs into the list. What is searched for, only the gateway can say. */
export function admits(filter: Filter, row: SessionRow, known: boolean): boolean {
  if ((row.archived ?? false) !== filter.archived) return false;
  if (filter.agentId !== null && row.agentId !== filter.agentId) return false;
  return known || filter.search.trim() === "";
}
