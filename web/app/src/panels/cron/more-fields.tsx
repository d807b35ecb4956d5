import { useGatewayRpc, useMethods } from "@vestibule/react";
import { Checkbox, Field, Input, Label, Select } from "@/ui";
import { ChevronRight } from "lucide-react";
import { useId } from "react";
import type { Draft } from "./form";

type Agents = { defaultId?: string; agents: readonly { id: string }[] };
type Models = { models?: readonly { id: string; provider?: string }[] };

const DEFAULT_AGENT = "the default agent";

/** What a job has besides: folded away, for it is seldom touched. */
export function MoreFields({ draft, onChange }: { draft: Draft; onChange: (part: Partial<Draft>) => void }) {
  const known = useId();
  const deleted = useId();
  const enabled = useId();
  const methods = useMethods();
  const agents = useGatewayRpc<Agents>(methods?.has("agents.list") ? "agents.list" : null, {});
  const models = useGatewayRpc<Models>(methods?.has("models.list") ? "models.list" : null, {});
  const { work } = draft;
  const ids = new Set([...(agents.data?.agents ?? []).map((agent) => agent.id), draft.agentId].filter(Boolean));
  return (
    <details className="group">
      <summary className="flex list-none items-center gap-1.5 rounded-sm text-[0.8125rem] text-muted-foreground hover:text-foreground max-md:min-h-11">
        <ChevronRight aria-hidden className="size-3.5 transition-transform group-open:rotate-90" />
        More
      </summary>
      <div className="grid gap-4 pt-3 sm:grid-cols-2">
        <Field label="Description" className="sm:col-span-2">
          {(control) => (
            <Input
              {...control}
              value={draft.description}
              onChange={(event) => onChange({ description: event.target.value })}
            />
          )}
        </Field>
        <Field label="Agent">
          {(control) => (
            <Select
              {...control}
              value={draft.agentId === "" ? DEFAULT_AGENT : draft.agentId}
              onChange={(agentId) => onChange({ agentId: agentId === DEFAULT_AGENT ? "" : agentId })}
              options={[
                {
                  value: DEFAULT_AGENT,
                  label: `Default${agents.data?.defaultId ? ` (${agents.data.defaultId})` : ""}`,
                },
                ...[...ids].map((id) => ({ value: id, label: id })),
              ]}
            />
          )}
        </Field>
        <Field label="Starts">
          {(control) => (
            <Select
              {...control}
              value={draft.wakeMode}
              onChange={(wakeMode) => onChange({ wakeMode })}
              options={[
                { value: "now", label: "At once" },
                { value: "next-heartbeat", label: "With the next heartbeat" },
              ]}
            />
          )}
        </Field>
        {work.kind === "agentTurn" && (
          <>
            <Field label="Model" hint="Empty: the agent's own">
              {(control) => (
                <Input
                  {...control}
                  list={known}
                  value={work.model}
                  onChange={(event) => onChange({ work: { ...work, model: event.target.value } })}
                />
              )}
            </Field>
            <Field label="Time limit in seconds" hint="Empty: the gateway's own">
              {(control) => (
                <Input
                  {...control}
                  inputMode="numeric"
                  value={work.timeoutSeconds}
                  onChange={(event) => onChange({ work: { ...work, timeoutSeconds: event.target.value } })}
                />
              )}
            </Field>
            <datalist id={known}>
              {(models.data?.models ?? []).map((model) => (
                <option key={model.id} value={model.provider ? `${model.provider}/${model.id}` : model.id} />
              ))}
            </datalist>
          </>
        )}
        <div className="flex items-center gap-2.5">
          <Checkbox id={enabled} checked={draft.enabled} onCheckedChange={(on) => onChange({ enabled: on === true })} />
          <Label htmlFor={enabled}>Enabled</Label>
        </div>
        {draft.schedule.kind === "at" && (
          <div className="flex items-center gap-2.5">
            <Checkbox
              id={deleted}
              checked={draft.deleteAfterRun}
              onCheckedChange={(on) => onChange({ deleteAfterRun: on === true })}
            />
            <Label htmlFor={deleted}>Delete the job after its run</Label>
          </div>
        )}
      </div>
    </details>
  );
}
