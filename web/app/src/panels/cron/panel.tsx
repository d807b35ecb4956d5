import { useGatewayRpc, useMethods } from "@vestibule/react";
import { GatedButton, navigate, Panel, Resource, usePanelRest } from "@/shell";
import { Card, Empty, RelativeTime, SearchInput, Segmented } from "@/ui";
import { CalendarClock, PauseCircle, Plus, SearchX } from "lucide-react";
import { useState } from "react";
import { JobForm } from "./job-form";
import { JobSheet } from "./job-sheet";
import { JobTable } from "./job-table";
import { found, inOrder, type JobFilter } from "./jobs";
import { RunList } from "./run-list";
import { useCronStatus, useJobs } from "./use-jobs";
import type { CronStatus, Job } from "./wire";

const RUNS = "runs";
type Editing = { job: Job | null } | null;

/** Jobs by the clock: what runs next, how the last runs went, and everything to change them. */
export default function Cron() {
  const jobs = useJobs();
  const status = useCronStatus();
  const channels = useChannels();
  const place = usePanelRest()[0];
  const [filter, setFilter] = useState<JobFilter>({ query: "", show: "all" });
  const [editing, setEditing] = useState<Editing>(null);
  const all = jobs.data?.jobs ?? [];
  const opened = all.find((job) => job.id === place) ?? null;
  const editedId = editing?.job?.id;
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
      actions={<NewJob onClick={() => setEditing({ job: null })} />}
    >
      {status.data && !status.data.enabled && <Stopped />}
      {place === RUNS ? (
        <RunList jobId={null} />
      ) : (
        <Resource
          of={jobs}
          what="jobs"
          empty={(data) =>
            data.jobs.length === 0 && (
              <Empty
                icon={<CalendarClock />}
                title="No jobs yet"
                actions={<NewJob onClick={() => setEditing({ job: null })} />}
              >
                A job asks an agent something by the clock: every morning, each hour, or once.
              </Empty>
            )
          }
        >
          {(data) => <Jobs jobs={found(inOrder(data.jobs), filter)} />}
        </Resource>
      )}
      <JobSheet
        job={opened}
        onClose={() => navigate({ at: "panel", id: "cron", rest: [] })}
        onEdit={(job) => setEditing({ job })}
      />
      {editing && (
        <JobForm
          key={editedId ?? "new"}
          job={editing.job}
          latest={all.find((job) => job.id === editedId)}
          channels={channels}
          onClose={() => setEditing(null)}
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

function NewJob({ onClick }: { onClick: () => void }) {
  return (
    <GatedButton variant="primary" needs={{ methods: ["cron.add"], scopes: ["operator.admin"] }} onClick={onClick}>
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
