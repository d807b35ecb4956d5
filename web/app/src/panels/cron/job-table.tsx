import { navigate } from "@/shell";
import { RelativeTime, Table, TBody, TD, TH, THead, TR, useNowMs } from "@/ui";
import { ConditionBadge, OverdueBadge, SystemBadge } from "./badges";
import { EnabledSwitch } from "./enabled-switch";
import { isOverdue, isSystem, nextRunOf, saidOf, textOf, titleOf } from "./jobs";
import { RunNow } from "./run-now";
import { exactOf, sayOf } from "./schedule";
import type { Job } from "./wire";

export const openJob = (id: string) => navigate({ at: "panel", id: "cron", rest: [id] });

/** Jobs with their next and last run. On a phone each is a card of its own. */
export function JobTable({ jobs }: { jobs: readonly Job[] }) {
  return (
    <>
      <div className="max-md:hidden">
        <Table>
          <THead>
            <TR>
              <TH>Job</TH>
              <TH>Schedule</TH>
              <TH>Next run</TH>
              <TH>Last run</TH>
              <TH>
                <span className="sr-only">Enabled and run now</span>
              </TH>
            </TR>
          </THead>
          <TBody>
            {jobs.map((job) => (
              <TR key={job.id} data-clickable onClick={() => openJob(job.id)}>
                <TD className="max-w-72">
                  <Name job={job} />
                </TD>
                <TD className="max-w-56">
                  <When job={job} />
                </TD>
                <TD className="whitespace-nowrap">
                  <Next job={job} />
                </TD>
                <TD className="whitespace-nowrap">
                  <Last job={job} />
                </TD>
                <TD>
                  <div className="flex items-center justify-end gap-3">
                    <RunNow job={job} size="sm" variant="ghost" />
                    <EnabledSwitch job={job} />
                  </div>
                </TD>
              </TR>
            ))}
          </TBody>
        </Table>
      </div>
      <ul className="divide-y md:hidden">
        {jobs.map((job) => (
          <li key={job.id} className="grid gap-2 p-4 *:min-w-0">
            <div className="flex items-center justify-between gap-3">
              <Name job={job} />
              <EnabledSwitch job={job} />
            </div>
            <When job={job} />
            <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-muted-foreground">
              <span>
                Next: <Next job={job} />
              </span>
              <Last job={job} />
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}

function Name({ job }: { job: Job }) {
  return (
    <div className="min-w-0">
      <div className="flex items-center gap-2">
        <button
          type="button"
          onClick={(event) => {
            event.stopPropagation();
            openJob(job.id);
          }}
          className="min-w-0 truncate rounded-sm text-left font-medium max-md:min-h-9 hover:underline"
        >
          {titleOf(job)}
        </button>
        {isSystem(job) && <SystemBadge />}
      </div>
      <div className="truncate text-xs text-muted-foreground">{saidOf(job) ?? textOf(job)}</div>
    </div>
  );
}

function When({ job }: { job: Job }) {
  const exact = exactOf(job.schedule);
  return (
    <div className="min-w-0">
      <div className="truncate">{sayOf(job.schedule)}</div>
      {exact !== null && <div className="truncate font-mono text-xs text-muted-foreground">{exact}</div>}
    </div>
  );
}

function Next({ job }: { job: Job }) {
  const atMs = nextRunOf(job);
  const nowMs = useNowMs();
  if (atMs === null) return <span className="text-muted-foreground">–</span>;
  return isOverdue(job, nowMs) ? <OverdueBadge /> : <RelativeTime atMs={atMs} />;
}

function Last({ job }: { job: Job }) {
  return (
    <div className="flex items-center gap-2">
      <ConditionBadge job={job} />
      {job.state.lastRunAtMs != null && (
        <RelativeTime atMs={job.state.lastRunAtMs} className="text-xs text-muted-foreground" />
      )}
    </div>
  );
}
