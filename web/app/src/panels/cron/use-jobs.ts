import { useGatewayEvent, useGatewayRpc } from "@vestibule/react";
import { afterEvent } from "./jobs";
import { type CronStatus, type JobList, LIST_PARAMS, readCronEvent } from "./wire";

/** Every job, kept by events: the row is in them. */
export function useJobs() {
  const jobs = useGatewayRpc<JobList>("cron.list", LIST_PARAMS);
  useGatewayEvent("cron", ({ payload }) => {
    const event = readCronEvent(payload);
    if (event) void jobs.mutate((before) => before && afterEvent(before, event), { revalidate: false });
  });
  return jobs;
}

/** Whether the scheduler runs at all, and when it wakes next. */
export const useCronStatus = () => useGatewayRpc<CronStatus>("cron.status", {});
