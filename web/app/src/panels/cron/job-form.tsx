import { useGatewayRpcMutation } from "@vestibule/react";
import { Button, Confirm, Dialog, DialogContent, ErrorNote, Field, Input, Segmented, Textarea, useNowMs } from "@/ui";
import { type ReactNode, type SubmitEvent, useId, useState } from "react";
import { Conflict, isChangedMeanwhile } from "./conflict";
import { DeliveryFields } from "./delivery-fields";
import { addParamsOf, type Draft, draftOf, newDraft, patchOf, type Problems, problemsOf, type WorkDraft } from "./form";
import { titleOf } from "./jobs";
import { MoreFields } from "./more-fields";
import { ownZone, ScheduleEditor } from "./schedule-editor";
import type { Job } from "./wire";

export type JobFormProps = {
  /** The job as it was when the form was opened; null: a new one. */
  job: Job | null;
  /** The same job as it is now. */
  latest: Job | undefined;
  channels: readonly string[];
  onClose: () => void;
};

/** A job to write or to change. It stays open, with everything typed, until the gateway has taken it. */
export function JobForm({ job: opened, latest, channels, onClose }: JobFormProps) {
  const call = useGatewayRpcMutation();
  const nowMs = useNowMs();
  const formId = useId();
  const [job, setJob] = useState(opened);
  const [begun, setBegun] = useState<Draft>(() =>
    job ? draftOf(job) : newDraft({ hasChannel: channels.length > 0, tz: ownZone() }),
  );
  const [draft, setDraft] = useState(begun);
  const [leaving, setLeaving] = useState(false);
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const problems = problemsOf(draft, nowMs, job ?? undefined);
  const shown: Problems = tried ? problems : onlySchedule(problems);
  const leave = () => {
    if (JSON.stringify(draft) === JSON.stringify(begun)) onClose();
    else setLeaving(true);
  };
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));

  const save = async (options: { over: boolean }) => {
    setTried(true);
    if (Object.keys(problems).length > 0) return;
    setBusy(true);
    setError(null);
    try {
      if (job) await call("cron.update", updateOf(job, draft, options), { refetch: "cron.*" });
      else await call("cron.add", addParamsOf(draft), { refetch: "cron.*" });
      onClose();
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void save({ over: false });
  };
  return (
    <Dialog open onOpenChange={(open) => !open && !busy && leave()}>
      <DialogContent
        size="lg"
        title={job ? `Edit “${titleOf(job)}”` : "New job"}
        onInteractOutside={(event) => event.preventDefault()}
        footer={
          <>
            <Button onClick={leave} disabled={busy}>
              Cancel
            </Button>
            <Button type="submit" form={formId} variant="primary" busy={busy}>
              {job ? "Save" : "Add job"}
            </Button>
          </>
        }
      >
        <form id={formId} onSubmit={submit} className="grid gap-5" noValidate>
          <Field label="Name" error={shown.name}>
            {(control) => (
              <Input
                {...control}
                value={draft.name}
                placeholder="Morning brief"
                onChange={(event) => change({ name: event.target.value })}
              />
            )}
          </Field>
          <Group title="When">
            <ScheduleEditor
              draft={draft.schedule}
              before={job?.schedule}
              problem={shown.schedule}
              onChange={(schedule) => change({ schedule })}
            />
          </Group>
          <Group title="What">
            <Work work={draft.work} problem={shown.work} onChange={(work) => change({ work })} />
          </Group>
          {draft.work.kind === "agentTurn" && (
            <Group title="Delivery">
              <DeliveryFields
                delivery={draft.delivery}
                channels={channels}
                problem={shown.delivery}
                onChange={(delivery) => change({ delivery })}
              />
            </Group>
          )}
          <MoreFields draft={draft} onChange={change} />
          {job && isChangedMeanwhile(error) ? (
            <Conflict
              before={job}
              latest={latest}
              onTake={(taken) => {
                setJob(taken);
                setBegun(draftOf(taken));
                setDraft(draftOf(taken));
                setError(null);
              }}
              onSaveOver={() => void save({ over: true })}
            />
          ) : (
            error != null && <ErrorNote error={error} doing={job ? "Saving the job" : "Adding the job"} />
          )}
        </form>
        <Confirm
          open={leaving}
          onOpenChange={setLeaving}
          title="Discard what you wrote?"
          description={job ? "The job stays as it was." : "No job is added."}
          action="Discard"
          danger
          onConfirm={onClose}
        />
      </DialogContent>
    </Dialog>
  );
}

/** An expression is checked while it is written; what is empty is not held against one before one tries to save. */
const onlySchedule = ({ schedule }: Problems): Problems => (schedule === undefined ? {} : { schedule });

/** With the revision that was read, so that nobody's change is lost; `over`: it may be. */
const updateOf = (job: Job, draft: Draft, { over }: { over: boolean }) => ({
  id: job.id,
  patch: patchOf(job, draft),
  ...(over || job.configRevision === undefined ? {} : { expectedConfigRevision: job.configRevision }),
});

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className="grid min-w-0 gap-2.5">
      <legend className="mb-2 text-[0.8125rem] font-medium">{title}</legend>
      {children}
    </fieldset>
  );
}

const WORK = [
  { value: "agentTurn", label: "Ask an agent" },
  { value: "systemEvent", label: "Note to the main session" },
] as const;

type WorkProps = { work: WorkDraft; problem: string | undefined; onChange: (work: WorkDraft) => void };

function Work({ work, problem, onChange }: WorkProps) {
  if (work.kind === "kept") {
    return (
      <pre className="rounded-lg border bg-muted/50 p-3 text-xs wrap-anywhere whitespace-pre-wrap">
        {JSON.stringify(work.payload, null, 2)}
      </pre>
    );
  }
  const text = work.kind === "agentTurn" ? work.message : work.text;
  const write = (said: string) =>
    onChange(work.kind === "agentTurn" ? { ...work, message: said } : { ...work, text: said });
  const turn = (kind: "agentTurn" | "systemEvent") => {
    if (kind === work.kind) return;
    onChange(kind === "systemEvent" ? { kind, text } : { kind, message: text, model: "", timeoutSeconds: "" });
  };
  return (
    <>
      <Segmented label="Kind of work" value={work.kind} onChange={turn} options={WORK} className="justify-self-start" />
      <Field
        label={work.kind === "agentTurn" ? "Message" : "Event"}
        error={problem}
        hint={
          work.kind === "agentTurn"
            ? "Runs in a session of its own; its answer is in the run's history."
            : "The agent finds it in its main session at the next heartbeat."
        }
      >
        {(control) => <Textarea {...control} rows={3} value={text} onChange={(event) => write(event.target.value)} />}
      </Field>
    </>
  );
}
