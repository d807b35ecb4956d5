import { Field, Input, Select } from "@/ui";
import { useId } from "react";
import type { Draft } from "./form";

type Delivery = Draft["delivery"];
export type DeliveryFieldsProps = {
  delivery: Delivery;
  channels: readonly string[];
  problem: string | undefined;
  onChange: (delivery: Delivery) => void;
};

const MODES = [
  { value: "none", label: "Nowhere", hint: "The answer stays in the history" },
  { value: "announce", label: "To a channel", hint: "As a message of the agent" },
  { value: "webhook", label: "To a web address", hint: "As a POST request" },
] as const;

/** Where a run's answer goes. */
export function DeliveryFields({ delivery, channels, problem, onChange }: DeliveryFieldsProps) {
  const known = useId();
  return (
    <div className="grid gap-3">
      <Select
        aria-label="Delivery"
        value={delivery.mode}
        onChange={(mode) => onChange({ ...delivery, mode })}
        options={MODES}
        className="max-w-60 max-md:max-w-none"
      />
      {delivery.mode === "announce" && (
        <>
          {channels.length === 0 && (
            <p className="text-xs text-warning">
              No channel is set up: such a run would end with “Channel is required”.
            </p>
          )}
          <div className="grid gap-3 sm:grid-cols-2">
            <Field label="Channel" hint="Empty: where the agent was spoken to last">
              {(control) => (
                <Input
                  {...control}
                  list={known}
                  value={delivery.channel}
                  onChange={(event) => onChange({ ...delivery, channel: event.target.value })}
                />
              )}
            </Field>
            <Field label="To" hint="A chat or number, as the channel writes it">
              {(control) => (
                <Input
                  {...control}
                  value={delivery.to}
                  onChange={(event) => onChange({ ...delivery, to: event.target.value })}
                />
              )}
            </Field>
          </div>
          <datalist id={known}>
            {channels.map((channel) => (
              <option key={channel} value={channel} />
            ))}
          </datalist>
        </>
      )}
      {delivery.mode === "webhook" && (
        <Field label="Address" error={problem}>
          {(control) => (
            <Input
              {...control}
              type="url"
              placeholder="https://…"
              value={delivery.to}
              onChange={(event) => onChange({ ...delivery, to: event.target.value })}
            />
          )}
        </Field>
      )}
    </div>
  );
}
