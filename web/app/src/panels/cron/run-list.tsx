import { useGatewayRpc } from "@vestibule/react";
import { href, Resource } from "@/shell";
import { Button, cn, Empty, formatCount, formatDuration, RelativeTime, Segmented } from "@/ui";
import { ArrowUpRight, ChevronRight, History } from "lucide-react";
import { useState } from "react";
import { RunBadge } from "./badges";
import { titleOf } from "./jobs";
import type { Job, Run, RunList as Answer, RunStatus } from "./wire";

const STATUSES = ["all", "ok", "error", "skipped"] as const;
const PAGE = 25;

/** How runs went, the latest first; of one job, or of all, which are told apart by their names. */
export function RunList({ jobId, jobs = [] }: { jobId: string | null; jobs?: readonly Job[] }) {
  const [show, setShow] = useState<(typeof STATUSES)[number]>("all");
  const [limit, setLimit] = useState(PAGE);
  const runs = useGatewayRpc<Answer>("cron.runs", paramsOf(jobId, show, limit), { events: ["cron", "task"] });
  return (
    <div className="grid gap-3 *:min-w-0">
      <Segmented
        label="Which runs"
        value={show}
        onChange={setShow}
        options={STATUSES.map((value) => ({ value, label: LABEL[value] }))}
        className="justify-self-start"
      />
      <Resource
        of={runs}
        what="runs"
        empty={(data) =>
          data.entries.length === 0 && (
            <Empty icon={<History />} title={show === "all" ? "No runs yet" : "No such runs"} className="py-8">
              {show === "all"
                ? "Each run appears here with how it went, what it said and what it cost."
                : "Others may be there."}
            </Empty>
          )
        }
      >
        {(data) => (
          <>
            <ul className="divide-y rounded-lg border bg-card">
              {data.entries.map((run) => (
                <RunRow
                  key={run.runId ?? `${run.jobId} ${run.ts}`}
                  run={run}
                  name={jobId === null ? nameOf(run, jobs) : null}
                />
              ))}
            </ul>
            {data.entries.length >= limit && limit < 200 && (
              <Button className="justify-self-center" onClick={() => setLimit(Math.min(200, limit + 50))}>
                Show older runs
              </Button>
            )}
          </>
        )}
      </Resource>
    </div>
  );
}

const LABEL: Readonly<Record<(typeof STATUSES)[number], string>> = {
  all: "All",
  ok: "Ok",
  error: "Errors",
  skipped: "Skipped",
};

const paramsOf = (jobId: string | null, show: RunStatus | "all", limit: number) => ({
  ...(jobId === null ? { scope: "all" } : { scope: "job", id: jobId }),
  limit,
  sortDir: "desc",
  ...(show === "all" ? {} : { statuses: [show] }),
});

/** As it is called now; the run knows how the job was called then. */
function nameOf({ jobId, jobName }: Run, jobs: readonly Job[]): string {
  const job = jobs.find(({ id }) => id === jobId);
  return job ? titleOf(job) : (jobName ?? jobId);
}

function RunRow({ run, name }: { run: Run; name: string | null }) {
  const said = run.error ?? run.summary;
  return (
    <li className="px-4 py-2.5">
      <details className="group">
        <summary className="flex list-none items-center gap-2.5 rounded-sm text-[0.8125rem] max-md:min-h-11">
          <ChevronRight
            aria-hidden
            className="size-3.5 shrink-0 text-muted-foreground transition-transform group-open:rotate-90"
          />
          <RunBadge status={run.status} />
          {name !== null && <span className="min-w-0 truncate font-medium">{name}</span>}
          <span className={cn("min-w-0 flex-1 truncate text-muted-foreground", name !== null && "max-md:hidden")}>
            {said}
          </span>
          <span className="ml-auto shrink-0 text-xs text-muted-foreground tabular-nums">
            {run.durationMs !== undefined && `${formatDuration(run.durationMs)} · `}
            <RelativeTime atMs={run.runAtMs ?? run.ts} />
          </span>
        </summary>
        <div className="grid gap-2.5 pt-2.5 pl-6">
          {run.error !== undefined && <p className="text-[0.8125rem] wrap-anywhere text-danger">{run.error}</p>}
          {run.summary !== undefined && (
            <pre className="rounded-lg bg-muted/70 p-3 font-sans text-[0.8125rem] wrap-anywhere whitespace-pre-wrap">
              {run.summary}
            </pre>
          )}
          <div className="flex flex-wrap items-center gap-x-4 gap-y-1 text-xs text-muted-foreground">
            {run.model !== undefined && <span>{run.model}</span>}
            {run.usage?.total_tokens !== undefined && <span>{formatCount(run.usage.total_tokens)} tokens</span>}
            {run.deliveryStatus !== undefined && <span>delivery: {run.deliveryStatus.replaceAll("-", " ")}</span>}
            {run.sessionKey !== undefined && (
              <a
                href={transcriptOf(run.sessionKey)}
                className="inline-flex items-center gap-1 text-foreground underline underline-offset-4"
              >
                Transcript
                <ArrowUpRight aria-hidden className="size-3" />
              </a>
            )}
          </div>
        </div>
      </details>
    </li>
  );
}

/** The run's own session, in the chat: `agent:<id>:…`. */
function transcriptOf(sessionKey: string): string {
  const agent = /^agent:([^:]+):/.exec(sessionKey)?.[1] ?? "main";
  return href({ at: "chat", agent, sessionKey });
}
