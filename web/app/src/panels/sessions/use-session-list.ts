import {
  useConnection,
  useDoorSnapshot,
  useGatewayEvent,
  useGatewayRefetch,
  useGatewayRpc,
  useGatewayRpcMutation,
} from "@vestibule/react";
import { useEffect, useMemo, useState } from "react";
import { useCan } from "@/shell";
import { admits, type Filter, paramsOf } from "./filter";
import { applyChange, type Change, endsRun, isRunEnd, joinPages, readChange, sameKey, sortRows } from "./rows";
import type { SessionPatch, SessionRow, SessionsList } from "./wire";

type More = { of: string; rows: readonly SessionRow[]; nextOffset: number | null };
type Loading = { at: "idle" } | { at: "loading" } | { at: "failed"; error: unknown };

/** The sessions of a filter, page by page, kept up to date by events: the row is in the event (W7). */
export function useSessionList(filter: Filter) {
  const { offer, generation } = useDoorSnapshot();
  const call = useGatewayRpcMutation();
  const refetch = useGatewayRefetch();
  const isTold = useSubscription();
  const params = useMemo(() => paramsOf(filter, offer?.protocol ?? 4), [filter, offer?.protocol]);
  const first = useGatewayRpc<SessionsList>("sessions.list", params, ALWAYS_ANEW);

  // Later pages belong to one question and to one past: after a gap they are asked for anew (W8).
  const of = JSON.stringify([generation, params]);
  const [kept, setMore] = useState<More | null>(null);
  const more = kept?.of === of ? kept : null;
  const [loading, setLoading] = useState<Loading>({ at: "idle" });

  const rows = useMemo(
    () => sortRows(joinPages(first.data?.sessions ?? [], more?.rows ?? [])),
    [first.data, more?.rows],
  );
  const nextOffset = more ? more.nextOffset : first.data?.hasMore ? (first.data.nextOffset ?? null) : null;

  const change = (what: Exclude<Change, { at: "unclear" }>) => {
    const known = rows.some(({ key }) => sameKey(key, what.key));
    const belongs = (row: SessionRow) => admits(filter, row, known);
    const inMore = more?.rows.some(({ key }) => sameKey(key, what.key)) ?? false;
    if (inMore && more) setMore({ ...more, rows: applyChange(more.rows, what, belongs) });
    else void first.mutate((before) => before && withRows(before, applyChange(before.sessions, what, belongs)), KEEP);
  };

  useGatewayEvent("sessions.changed", ({ payload }) => {
    const what = readChange(payload);
    if (what.at === "unclear") return refetch("sessions.list");
    const ended = endsRun(rows, what);
    change(what);
    if (ended) refetch("sessions.list");
  });
  // Where the gateway tells of no rows (older ones), the end of a run is the hint to ask again.
  useGatewayEvent("chat", ({ payload }) => {
    if (!isTold && isRunEnd(payload)) refetch("sessions.list");
  });

  const loadMore = async () => {
    if (nextOffset === null || loading.at === "loading") return;
    setLoading({ at: "loading" });
    try {
      const page = await call<SessionsList>("sessions.list", { ...params, offset: nextOffset });
      const next = page.hasMore ? (page.nextOffset ?? null) : null;
      setMore({ of, rows: joinPages(more?.rows ?? [], page.sessions), nextOffset: next });
      setLoading({ at: "idle" });
    } catch (error) {
      setLoading({ at: "failed", error });
    }
  };

  return {
    first,
    rows,
    total: first.data?.totalCount ?? first.data?.count,
    hasMore: nextOffset !== null,
    loading,
    loadMore,
    /** What was just written, shown before the event of it comes. */
    patched: (key: string, patch: SessionPatch) => {
      const row = rows.find((one) => sameKey(one.key, key));
      if (row) change({ at: "changed", key, row: { ...row, ...patch } });
    },
    removed: (key: string) => change({ at: "gone", key }),
  };
}

export type SessionList = ReturnType<typeof useSessionList>;

const KEEP = { revalidate: false } as const;
/** A list that was not on the screen heard none of the events meanwhile. */
const ALWAYS_ANEW = { events: [], dedupingInterval: 0 };

function withRows(list: SessionsList, sessions: readonly SessionRow[]): SessionsList {
  if (sessions === list.sessions) return list;
  const grown = sessions.length - list.sessions.length;
  return { ...list, sessions, ...(list.totalCount === undefined ? {} : { totalCount: list.totalCount + grown }) };
}

/** Asks the gateway to tell of every change of a session, on each new connection; false where it cannot. */
function useSubscription(): boolean {
  const call = useGatewayRpcMutation();
  const { state } = useConnection();
  const { allowed } = useCan({ methods: ["sessions.subscribe"] });
  const [told, setTold] = useState(false);
  useEffect(() => {
    if (!allowed || state.at !== "open") return;
    const ended = new AbortController();
    call("sessions.subscribe", {}, { signal: ended.signal }).then(
      () => setTold(true),
      // Not told: the list is asked again at the end of each run instead.
      () => setTold(false),
    );
    return () => ended.abort();
  }, [call, allowed, state]);
  return allowed && told;
}
