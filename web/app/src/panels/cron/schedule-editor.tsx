import { Button, Field, Input, Segmented, Select, useNowMs } from "@/ui";
import { Repeat } from "lucide-react";
import { memo, useId } from "react";
import { localOf, type ScheduleDraft, scheduleOf, type Unit } from "./form";
import { nextRunsOf, sayOf, timeOf } from "./schedule";
import type { Schedule } from "./wire";

export type ScheduleEditorProps = {
  draft: ScheduleDraft;
  onChange: (draft: ScheduleDraft) => void;
  before: Schedule | undefined;
  problem: string | undefined;
};

const KINDS = [
  { value: "cron", label: "At times" },
  { value: "every", label: "Every…" },
  { value: "at", label: "Once" },
] as const;

const PRESETS = [
  { label: "Every hour", expr: "0 * * * *" },
  { label: "Every morning", expr: "0 8 * * *" },
  { label: "Workdays at 9", expr: "0 9 * * 1-5" },
  { label: "Mondays", expr: "0 9 * * 1" },
  { label: "First of the month", expr: "0 9 1 * *" },
] as const;

const UNIT_NAMES: readonly Unit[] = ["seconds", "minutes", "hours", "days"];
const ZONES: readonly string[] = Intl.supportedValuesOf("timeZone");
export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** When a job runs: as an expression, an interval or one moment, with its reading and the next times below. */
export function ScheduleEditor({ draft, onChange, before, problem }: ScheduleEditorProps) {
  const schedule = scheduleOf(draft, before);
  if (draft.kind === "kept") {
    return (
      <div className="rounded-lg border bg-muted/50 px-3.5 py-3 text-[0.8125rem]">
        <p>{sayOf(schedule)}</p>
        <p className="mt-1 text-xs text-muted-foreground">A schedule of this kind is kept as it is.</p>
      </div>
    );
  }
  return (
    <div className="grid gap-3">
      <Segmented
        label="Kind of schedule"
        value={draft.kind}
        onChange={(kind) => kind !== draft.kind && onChange(blank(kind))}
        options={KINDS}
        className="justify-self-start"
      />
      <Fields draft={draft} onChange={onChange} problem={problem} />
      <Reading schedule={schedule} problem={problem} />
    </div>
  );
}

function blank(kind: (typeof KINDS)[number]["value"]): ScheduleDraft {
  if (kind === "cron") return { kind, expr: "0 9 * * 1-5", tz: ownZone() };
  if (kind === "every") return { kind, amount: "1", unit: "hours" };
  return { kind, local: localOf(Date.now() + 3_600_000) };
}

type FieldsProps = Pick<ScheduleEditorProps, "onChange" | "problem"> & {
  draft: Exclude<ScheduleDraft, { kind: "kept" }>;
};

function Fields({ draft, onChange, problem }: FieldsProps) {
  const zones = useId();
  switch (draft.kind) {
    case "cron":
      return (
        <>
          <div className="grid gap-3 sm:grid-cols-2">
            <Field label="Expression" error={problem} hint="Minute, hour, day, month, weekday">
              {(control) => (
                <Input
                  {...control}
                  value={draft.expr}
                  onChange={(event) => onChange({ ...draft, expr: event.target.value })}
                  className="font-mono"
                  autoCapitalize="off"
                  spellCheck={false}
                />
              )}
            </Field>
            <Field label="Time zone" hint="Empty: the gateway's own, which may not be yours">
              {(control) => (
                <Input
                  {...control}
                  value={draft.tz}
                  list={zones}
                  placeholder="The gateway's own"
                  onChange={(event) => onChange({ ...draft, tz: event.target.value })}
                />
              )}
            </Field>
            <Zones id={zones} />
          </div>
          <div className="flex flex-wrap gap-1.5" role="group" aria-label="Common schedules">
            {PRESETS.map(({ label, expr }) => (
              <Button
                key={expr}
                size="sm"
                variant="ghost"
                className="bg-muted"
                onClick={() => onChange({ ...draft, expr })}
              >
                {label}
              </Button>
            ))}
          </div>
        </>
      );
    case "every":
      return (
        <div className="grid grid-cols-2 gap-3">
          <Field label="Every" error={problem}>
            {(control) => (
              <Input
                {...control}
                type="number"
                min={1}
                inputMode="numeric"
                value={draft.amount}
                onChange={(event) => onChange({ ...draft, amount: event.target.value })}
              />
            )}
          </Field>
          <Field label="Unit">
            {(control) => (
              <Select<Unit>
                {...control}
                value={draft.unit}
                onChange={(unit) => onChange({ ...draft, unit })}
                options={UNIT_NAMES.map((value) => ({ value, label: value }))}
              />
            )}
          </Field>
        </div>
      );
    case "at":
      return (
        <Field label="Day and time" hint={`In your time zone, ${ownZone()}`} error={problem}>
          {(control) => (
            <Input
              {...control}
              type="datetime-local"
              value={draft.local}
              onChange={(event) => onChange({ ...draft, local: event.target.value })}
              className="max-w-60"
            />
          )}
        </Field>
      );
  }
}

/** Four hundred options: written once, not with every key. */
const Zones = memo(function Zones({ id }: { id: string }) {
  return (
    <datalist id={id}>
      {ZONES.map((zone) => (
        <option key={zone} value={zone} />
      ))}
    </datalist>
  );
});

function Reading({ schedule, problem }: { schedule: Schedule; problem: string | undefined }) {
  const nowMs = useNowMs();
  if (problem !== undefined) return null;
  const next = nextRunsOf(schedule, nowMs, 3);
  const guessed = schedule.kind === "cron" && schedule.tz === undefined;
  return (
    <div className="flex gap-3 rounded-lg bg-muted/60 px-3.5 py-3 text-[0.8125rem]" aria-live="polite">
      <Repeat aria-hidden className="mt-0.5 size-4 shrink-0 text-muted-foreground" />
      <div>
        <p className="font-medium">{sayOf(schedule)}</p>
        {next.length > 0 && (
          <p className="mt-0.5 text-xs text-muted-foreground">
            {guessed ? "If the gateway is in your time zone: " : "Next: "}
            {next.map(timeOf).join(" · ")}
          </p>
        )}
      </div>
    </div>
  );
}
