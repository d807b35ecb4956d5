import { useGatewayRpc, useGatewayRpcMutation } from "@vestibule/react";
import { type SubmitEvent, useState } from "react";
import { GatedButton, notify, sessionTitle, useCan } from "@/shell";
import { ErrorNote, Field, Input, Select } from "@/ui";
import { useNeeds } from "./needs";
import type { SessionList } from "./use-session-list";
import type { ModelsList, SessionPatch, SessionRow } from "./wire";

const INHERITED = "*";
type Failure = { doing: string; error: unknown };

/** What of a session can be changed: its name, its model, how much it thinks. */
export function Settings({ row, list }: { row: SessionRow; list: SessionList }) {
  const call = useGatewayRpcMutation();
  const needs = useNeeds();
  const { allowed } = useCan(needs.patch);
  const [label, setLabel] = useState(row.label ?? "");
  const [failure, setFailure] = useState<Failure | null>(null);
  const renamed = label.trim() !== (row.label ?? "");

  const patch = async (doing: string, fields: SessionPatch) => {
    setFailure(null);
    try {
      await call("sessions.patch", { key: row.key, ...fields });
      list.patched(row.key, fields);
      notify.success("Saved");
    } catch (error) {
      setFailure({ doing, error });
    }
  };
  const rename = (event: SubmitEvent) => {
    event.preventDefault();
    void patch("Renaming", { label: label.trim() || null });
  };
  return (
    <section className="grid gap-4">
      <form onSubmit={rename} className="flex items-end gap-2">
        <Field label="Name" className="grow">
          {(control) => (
            <Input
              {...control}
              value={label}
              maxLength={512}
              placeholder={row.label ? undefined : sessionTitle(row)}
              disabled={!allowed}
              onChange={(event) => setLabel(event.target.value)}
            />
          )}
        </Field>
        <GatedButton needs={needs.patch} type="submit" disabled={!renamed}>
          Rename
        </GatedButton>
      </form>
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <ModelField row={row} disabled={!allowed} onChange={(model) => void patch("Changing the model", { model })} />
        <ThinkingField
          row={row}
          disabled={!allowed}
          onChange={(thinkingLevel) => void patch("Changing the thinking level", { thinkingLevel })}
        />
      </div>
      {failure && <ErrorNote error={failure.error} doing={failure.doing} />}
    </section>
  );
}

type ChoiceProps = { row: SessionRow; disabled: boolean; onChange: (value: string | null) => void };

function ModelField({ row, disabled, onChange }: ChoiceProps) {
  const models = useGatewayRpc<ModelsList>("models.list").data?.models ?? [];
  const own = row.modelOverrideSource ? nameOf(row.modelProvider, row.model) : INHERITED;
  const names = models.map(({ id, provider }) => nameOf(provider, id));
  const options = [
    { value: INHERITED, label: "As the agent has it" },
    // One that is set but not listed any more is still what is set.
    ...[...new Set([...names, ...(own === INHERITED ? [] : [own])])].map((name) => ({ value: name, label: name })),
  ];
  return (
    <Field label="Model" hint={row.model && own === INHERITED ? `now ${row.model}` : undefined}>
      {(control) => (
        <Select
          id={control.id}
          aria-describedby={control["aria-describedby"]}
          value={own}
          disabled={disabled}
          options={options}
          onChange={(name) => onChange(name === INHERITED ? null : name)}
        />
      )}
    </Field>
  );
}

const nameOf = (provider: string | null | undefined, model: string | null | undefined): string =>
  provider ? `${provider}/${model ?? ""}` : (model ?? "");

function ThinkingField({ row, disabled, onChange }: ChoiceProps) {
  const levels = row.thinkingLevels ?? [];
  if (levels.length === 0) return null;
  return (
    <Field label="Thinking">
      {(control) => (
        <Select
          id={control.id}
          value={row.thinkingLevel ?? INHERITED}
          disabled={disabled}
          options={[
            { value: INHERITED, label: row.thinkingDefault ? `Default (${row.thinkingDefault})` : "Default" },
            ...levels.map(({ id, label }) => ({ value: id, label: label ?? id })),
          ]}
          onChange={(level) => onChange(level === INHERITED ? null : level)}
        />
      )}
    </Field>
  );
}
