import { useGatewayRpc, useMethods } from "@vestibule/react";
import { GatedButton, navigate, type Needs, Panel, Resource, useCan, usePanelRest } from "@/shell";
import { Button, Card, Empty, ErrorNote, RelativeTime, SearchInput, Segmented } from "@/ui";
import { CalendarClock, PauseCircle, Plus, SearchX } from "lucide-react";
import { useState } from "react";
import { JobForm } from "./job-form";
import { JobSheet } from "./job-sheet";
import { JobTable } from "./job-table";
import { found, inOrder, type JobFilter } from "./jobs";
import { RunList } from "./run-list";
import { useCronStatus, useJobs } from "./use-jobs";
import type { CronStatus, Job } from "./wire";

/** In place of a job's id in the address. */
const RUNS = "runs";
const NEW = "new";

const ADD: Needs = { methods: ["cron.add"], scopes: ["operator.admin"] };

const toList = () => navigate({ at: "panel", id: "cron", rest: [] });
const toNew = () => navigate({ at: "panel", id: "cron", rest: [NEW] });

/** Jobs by the clock: what runs next, how the last runs went, and everything to change them. */
export default function Cron() {
  const { jobs, ...pages } = useJobs();
  const status = useCronStatus();
  const channels = useChannels();
  const canAdd = useCan(ADD);
  const place = usePanelRest()[0];
  const [filter, setFilter] = useState<JobFilter>({ query: "", show: "all" });
  const [edited, setEdited] = useState<Job | null>(null);
  const all = jobs.data?.jobs ?? [];
  const opened = place === RUNS || place === NEW ? undefined : place;
  return (
    <Panel
      title="Cron"
      note={status.data && <Note status={status.data} />}
      toolbar={
        <>
          <Segmented
            label="What to look at"
            value={place === RUNS ? RUNS : "jobs"}
            onChange={(view) => navigate({ at: "panel", id: "cron", rest: view === RUNS ? [RUNS] : [] })}
            options={[
              { value: "jobs", label: "Jobs" },
              { value: RUNS, label: "All runs" },
            ]}
          />
          {place !== RUNS && (
            <>
              <SearchInput
                label="Filter jobs"
                value={filter.query}
                onChange={(query) => setFilter({ ...filter, query })}
                className="w-56 max-md:grow"
              />
              <Segmented
                label="Which jobs"
                value={filter.show}
                onChange={(show) => setFilter({ ...filter, show })}
                options={[
                  { value: "all", label: "All" },
                  { value: "enabled", label: "Enabled" },
                  { value: "failing", label: "Failing" },
                ]}
              />
            </>
          )}
        </>
      }
      actions={<NewJob />}
    >
      {status.data && !status.data.enabled && <Stopped />}
      {place === RUNS ? (
        <RunList jobId={null} jobs={all} />
      ) : (
        <Resource
          of={jobs}
          what="jobs"
          empty={(data) =>
            data.jobs.length === 0 && (
              <Empty icon={<CalendarClock />} title="No jobs yet" actions={<NewJob />}>
                A job asks an agent something by the clock: every morning, each hour, or once.
              </Empty>
            )
          }
        >
          {(data) => (
            <>
              <Jobs jobs={found(inOrder(data.jobs), filter)} />
              {pages.loading.at === "failed" && (
                <ErrorNote
                  error={pages.loading.error}
                  doing="Loading more jobs"
                  onRetry={() => void pages.loadMore()}
                />
              )}
              {pages.hasMore && (
                <p className="flex flex-wrap items-center justify-center gap-3 text-[0.8125rem] text-muted-foreground">
                  {data.jobs.length} of {data.total} jobs are here.
                  <Button busy={pages.loading.at === "loading"} onClick={() => void pages.loadMore()}>
                    Show more
                  </Button>
                </p>
              )}
            </>
          )}
        </Resource>
      )}
      {opened !== undefined && jobs.data && (
        <JobSheet id={opened} listed={all.find(({ id }) => id === opened)} onClose={toList} onEdit={setEdited} />
      )}
      {place === NEW && canAdd.allowed && (
        <JobForm job={null} latest={undefined} channels={channels} onClose={toList} />
      )}
      {edited && (
        <JobForm
          key={edited.id}
          job={edited}
          latest={all.find(({ id }) => id === edited.id)}
          channels={channels}
          onClose={() => setEdited(null)}
        />
      )}
    </Panel>
  );
}

function Jobs({ jobs }: { jobs: readonly Job[] }) {
  if (jobs.length === 0) return <Empty icon={<SearchX />} title="No job matches" />;
  return (
    <Card flush>
      <JobTable jobs={jobs} />
    </Card>
  );
}

function NewJob() {
  return (
    <GatedButton variant="primary" needs={ADD} onClick={toNew}>
      <Plus />
      New job
    </GatedButton>
  );
}

function Note({ status }: { status: CronStatus }) {
  return (
    <>
      {status.jobs} {status.jobs === 1 ? "job" : "jobs"}
      {status.nextWakeAtMs != null && (
        <>
          {" "}
          · next <RelativeTime atMs={status.nextWakeAtMs} />
        </>
      )}
    </>
  );
}

function Stopped() {
  return (
    <p role="status" className="flex items-center gap-2.5 rounded-lg bg-warning-soft px-3.5 py-3 text-[0.8125rem]">
      <PauseCircle aria-hidden className="size-4 shrink-0 text-warning" />
      The scheduler is switched off in the config (cron.enabled): no job runs by itself.
    </p>
  );
}

/** Channels that could take an announcement. */
function useChannels(): readonly string[] {
  const methods = useMethods();
  const status = useGatewayRpc<{ channelOrder?: readonly string[] }>(
    methods?.has("channels.status") ? "channels.status" : null,
    {},
  );
  return status.data?.channelOrder ?? [];
}
