import { useGatewayEvent, useGatewayRefetch, useGatewayRpc } from "@vestibule/react";
import { useDeferredValue, useMemo, useState } from "react";
import { agentOf, sameKey } from "../place";
import { changed, readChange } from "./rows";
import type { SessionRow, SessionsList } from "./wire";

const PAGE = 60;
const KEEP = { revalidate: false } as const;
/** A list that was not on the screen heard none of the events meanwhile. */
const ALWAYS_ANEW = { events: [], dedupingInterval: 0 };

export type Wanted = {
  readonly agent: string;
  readonly search: string;
  readonly archived: boolean;
  /** The gateway tells of changes. */ readonly told: boolean;
};

/** The sessions of an agent, kept up to date by events. */
export function useSessions({ agent, search, archived, told }: Wanted) {
  const [pages, setPages] = useState(1);
  const asked = useDeferredValue(search.trim());
  const params = useMemo(
    () => ({
      limit: pages * PAGE,
      agentId: agent,
      includeDerivedTitles: true,
      includeLastMessage: true,
      ...(asked !== "" && { search: asked }),
      ...(archived && { archived: true }),
    }),
    [pages, agent, asked, archived],
  );
  const answer = useGatewayRpc<SessionsList>("sessions.list", params, ALWAYS_ANEW);
  const refetch = useGatewayRefetch();
  const { data, mutate } = answer;

  const change = (key: string, row: SessionRow | null) =>
    void mutate((before) => before && { ...before, sessions: changed(before.sessions, { key, row }, belongs) }, KEEP);
  const belongs = (row: SessionRow) =>
    (row.agentId ?? agentOf(row.key)) === agent && (row.archived ?? false) === archived && asked === "";

  useGatewayEvent("sessions.changed", ({ payload }) => {
    const news = readChange(payload);
    if (news === null) refetch("sessions.list");
    else change(news.key, news.row);
  });
  // Older gateways tell of no rows: the end of a run is the hint to ask again.
  useGatewayEvent("chat", ({ payload }) => {
    if (!told && isEnd(payload)) refetch("sessions.list");
  });

  return {
    answer,
    rows: data?.sessions ?? NONE,
    hasMore: data?.hasMore === true,
    loadMore: () => setPages(pages + 1),
    /** What was just written, before its event comes. */
    patched: (key: string, patch: Partial<SessionRow>) => {
      const row = data?.sessions.find((one) => sameKey(one.key, key));
      if (row !== undefined) change(key, { ...row, ...patch });
    },
    removed: (key: string) => change(key, null),
  };
}

export type Sessions = ReturnType<typeof useSessions>;

const NONE: readonly SessionRow[] = [];
const isEnd = (payload: unknown): boolean =>
  typeof payload === "object" &&
  payload !== null &&
  "state" in payload &&
  ["final", "aborted", "error"].some((end) => end === payload.state);
