import { useGatewayEvent, useGatewayRefetch, useGatewayRpc } from "@vestibule/react";
import { afterEvent } from "./jobs";
import { type CronStatus, type JobList, LIST_PARAMS, readCronEvent } from "./wire";

/** Every job, kept by events: the row is in them. Only a new definition is asked for again, for its revision (W7). */
export function useJobs() {
  const jobs = useGatewayRpc<JobList>("cron.list", LIST_PARAMS, { events: [] });
  const refetch = useGatewayRefetch();
  useGatewayEvent("cron", ({ payload }) => {
    const event = readCronEvent(payload);
    if (!event) return;
    void jobs.mutate((before) => before && afterEvent(before, event), { revalidate: false });
    if (event.action === "added" || event.action === "updated") refetch("cron.list");
  });
  return jobs;
}

/** Whether the scheduler runs at all, and when it wakes next. */
export const useCronStatus = () => useGatewayRpc<CronStatus>("cron.status", {});
