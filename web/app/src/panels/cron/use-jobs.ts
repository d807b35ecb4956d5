import {
  useDoorSnapshot,
  useGatewayEvent,
  useGatewayRefetch,
  useGatewayRpc,
  useGatewayRpcMutation,
} from "@vestibule/react";
import { useMemo, useState } from "react";
import { afterEvent, joined } from "./jobs";
import { type CronStatus, type JobList, LIST_PARAMS, readCronEvent } from "./wire";

type Later = { generation: number; list: JobList; nextOffset: number };
type Loading = { at: "idle" } | { at: "loading" } | { at: "failed"; error: unknown };

/** The jobs page by page, kept by events: the row is in them. Only a new definition is asked for again, for its revision (W7). */
export function useJobs() {
  const first = useGatewayRpc<JobList>("cron.list", LIST_PARAMS, { events: [] });
  const refetch = useGatewayRefetch();
  const call = useGatewayRpcMutation();
  // After a gap the later pages are asked for anew (W8).
  const { generation } = useDoorSnapshot();
  const [kept, setLater] = useState<Later | null>(null);
  const later = kept?.generation === generation ? kept : null;
  const [loading, setLoading] = useState<Loading>({ at: "idle" });
  const data = useMemo(() => first.data && joined(first.data, later?.list), [first.data, later?.list]);
  const nextOffset = later?.nextOffset ?? LIST_PARAMS.limit;

  useGatewayEvent("cron", ({ payload }) => {
    const event = readCronEvent(payload);
    if (!event) return;
    if (later?.list.jobs.some(({ id }) => id === event.jobId)) {
      setLater({ ...later, list: afterEvent(later.list, event) });
    } else {
      void first.mutate((before) => before && afterEvent(before, event), { revalidate: false });
    }
    if (event.action !== "started" && event.action !== "finished") refetch("cron.list");
  });

  const loadMore = async () => {
    setLoading({ at: "loading" });
    try {
      const page = await call<JobList>("cron.list", { ...LIST_PARAMS, offset: nextOffset });
      setLater({
        generation,
        list: later ? joined(later.list, page) : page,
        nextOffset: nextOffset + LIST_PARAMS.limit,
      });
      setLoading({ at: "idle" });
    } catch (error) {
      setLoading({ at: "failed", error });
    }
  };
  return { jobs: { ...first, data }, hasMore: data !== undefined && nextOffset < data.total, loading, loadMore };
}

/** Whether the scheduler runs at all, and when it wakes next. */
export const useCronStatus = () => useGatewayRpc<CronStatus>("cron.status", {});
