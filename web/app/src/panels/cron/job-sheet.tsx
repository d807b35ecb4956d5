import { useGatewayRpc, useGatewayRpcMutation } from "@vestibule/react";
import { GatedButton, Resource, useCan } from "@/shell";
import {
  Button,
  ConfirmButton,
  Empty,
  formatDateTime,
  formatDuration,
  KeyValue,
  readError,
  RelativeTime,
  Sheet,
  SheetContent,
  Tooltip,
  useNowMs,
} from "@/ui";
import { Pencil, Trash2 } from "lucide-react";
import { ConditionBadge, OverdueBadge, SystemBadge } from "./badges";
import { EnabledSwitch } from "./enabled-switch";
import { isLocked, isOverdue, isSystem, nextRunOf, saidOf, textOf, titleOf } from "./jobs";
import { RunList } from "./run-list";
import { RunNow } from "./run-now";
import { exactOf, nextRunsOf, sayOf, timeOf } from "./schedule";
import type { Job } from "./wire";

export type JobSheetProps = {
  id: string;
  /** The list's own row, which events keep up to date. */
  listed: Job | undefined;
  onClose: () => void;
  onEdit: (job: Job) => void;
};

/** One job: what it does, when, how it went; and everything that can be done with it. */
export function JobSheet({ id, listed, onClose, onEdit }: JobSheetProps) {
  return (
    <Sheet open onOpenChange={(open) => !open && onClose()}>
      {listed ? (
        <Opened job={listed} onClose={onClose} onEdit={onEdit} />
      ) : (
        <Asking id={id} onClose={onClose} onEdit={onEdit} />
      )}
    </Sheet>
  );
}

/** A job that the list does not show: by a link, or beyond its first page. */
function Asking({ id, ...acts }: Omit<JobSheetProps, "listed">) {
  const offered = useCan({ methods: ["cron.get"] }).allowed;
  const job = useGatewayRpc<Job>(offered ? "cron.get" : null, { id }, { events: ["cron"], shouldRetryOnError: false });
  if (job.data) return <Opened job={job.data} {...acts} />;
  return (
    <SheetContent title="Job">
      {!offered || isGone(job.error) ? (
        <Empty title="There is no such job">It may have been deleted, or have run its only time.</Empty>
      ) : (
        <Resource of={job} what="job">
          {() => null}
        </Resource>
      )}
    </SheetContent>
  );
}

function isGone(error: unknown): boolean {
  const { details } = readError(error);
  return details !== undefined && "code" in details && details.code === "CRON_JOB_NOT_FOUND";
}

function Opened({ job, onClose, onEdit }: Omit<JobSheetProps, "id" | "listed"> & { job: Job }) {
  return (
    <SheetContent
      title={titleOf(job)}
      description={saidOf(job) ?? sayOf(job.schedule)}
      footer={
        <>
          <Delete job={job} onDeleted={onClose} />
          <span className="grow" />
          <GatedButton
            needs={{ methods: ["cron.update"], scopes: ["operator.admin"] }}
            disabled={isLocked(job)}
            onClick={() => onEdit(job)}
          >
            <Pencil />
            Edit
          </GatedButton>
          <RunNow job={job} variant="primary" />
        </>
      }
    >
      <div className="grid gap-6 *:min-w-0">
        <Facts job={job} />
        <section className="grid gap-2 *:min-w-0">
          <h3 className="text-[0.8125rem] font-semibold">Runs</h3>
          <RunList jobId={job.id} />
        </section>
      </div>
    </SheetContent>
  );
}

function Facts({ job }: { job: Job }) {
  const next = nextRunOf(job);
  const nowMs = useNowMs();
  const exact = exactOf(job.schedule);
  const after = next === null ? [] : nextRunsOf(job.schedule, next, 2);
  const given = job.enabled ? undefined : job.state.autoDisabled;
  return (
    <KeyValue
      rows={[
        ["Enabled", <EnabledSwitch job={job} />],
        [
          "State",
          <span className="inline-flex flex-wrap items-center gap-2">
            <ConditionBadge job={job} />
            {isSystem(job) && <SystemBadge />}
          </span>,
        ],
        ["Given up", given && `${given.reason.replaceAll("-", " ")}, ${formatDateTime(given.atMs)}`],
        [
          "Schedule",
          <>
            {sayOf(job.schedule)}
            {exact !== null && <code className="ml-2 text-xs text-muted-foreground">{exact}</code>}
          </>,
        ],
        [
          "Next run",
          next === null ? null : (
            <>
              {timeOf(next)} (<RelativeTime atMs={next} />) {isOverdue(job, nowMs) && <OverdueBadge />}
              {after.map((atMs) => (
                <div key={atMs} className="text-muted-foreground">
                  {timeOf(atMs)}
                </div>
              ))}
            </>
          ),
        ],
        [
          "Last run",
          job.state.lastRunAtMs == null ? null : (
            <>
              {formatDateTime(job.state.lastRunAtMs)}
              {job.state.lastDurationMs != null && `, ${formatDuration(job.state.lastDurationMs)}`}
            </>
          ),
        ],
        ["Last error", job.state.lastError == null ? null : <span className="text-danger">{job.state.lastError}</span>],
        ["Agent", job.effectiveAgentId ?? job.agentId],
        ["Runs in", job.sessionTarget === "isolated" ? "a session of its own" : `the session ${job.sessionTarget}`],
        ["Wakes", job.wakeMode === "now" ? "at once" : "with the next heartbeat"],
        ["Delivers", job.delivery && deliveryOf(job.delivery)],
        [WORK[job.payload.kind], <span className="line-clamp-6 whitespace-pre-wrap">{textOf(job)}</span>],
      ]}
    />
  );
}

const WORK: Readonly<Record<Job["payload"]["kind"], string>> = {
  agentTurn: "Message",
  systemEvent: "Event",
  command: "Command",
  script: "Script",
  heartbeat: "Work",
};

const deliveryOf = ({ mode, channel, to }: NonNullable<Job["delivery"]>): string => {
  if (mode === "none") return "nothing";
  return [mode === "announce" ? "to" : "by webhook to", channel ?? (mode === "announce" ? "the last channel" : ""), to]
    .filter(Boolean)
    .join(" ");
};

function Delete({ job, onDeleted }: { job: Job; onDeleted: () => void }) {
  const call = useGatewayRpcMutation();
  const can = useCan({ methods: ["cron.remove"], scopes: ["operator.admin"] });
  const reason = isSystem(job) ? "Kept by the gateway or a plugin: it would come back." : can.reason;
  if (reason !== null) {
    return (
      <Tooltip text={reason}>
        <Button variant="danger-ghost" aria-disabled>
          <Trash2 />
          Delete
        </Button>
      </Tooltip>
    );
  }
  return (
    <ConfirmButton
      variant="danger-ghost"
      danger
      title={`Delete “${titleOf(job)}”?`}
      description="It runs no more, and its history goes with it. This cannot be undone."
      action="Delete job"
      onConfirm={async () => {
        await call("cron.remove", { id: job.id }, { refetch: "cron.*" });
        onDeleted();
      }}
    >
      <Trash2 />
      Delete
    </ConfirmButton>
  );
}
