import { useGatewayRpcMutation } from "@vestibule/react";
import { useState } from "react";
import { notify } from "@/shell";
import { Field, FormDialog, Segmented, Textarea } from "@/ui";

export type SayKind = "wake" | "system-event";

const TEXTS = {
  wake: {
    title: "Wake the default agent",
    description: "The agent reads this as a note from the system and decides what to do.",
    label: "What for",
    placeholder: "The backup has finished: check it.",
    action: "Wake",
    done: "The agent was woken",
  },
  "system-event": {
    title: "Send a system event",
    description: "A line for the agent's next turn. It wakes nobody.",
    label: "Event",
    placeholder: "Deployment of build 214 started",
    action: "Send event",
    done: "System event sent",
  },
} as const;

type When = "now" | "next-heartbeat";

/** A few words to the agent, outside of any conversation. */
export function SayDialog({ kind, onClose }: { kind: SayKind; onClose: () => void }) {
  const texts = TEXTS[kind];
  const [text, setText] = useState("");
  const [mode, setMode] = useState<When>("now");
  const call = useGatewayRpcMutation();
  const words = text.trim();

  const say = async () => {
    const params = kind === "wake" ? { mode, text: words } : { text: words };
    await call(kind, params, { refetch: ["status", "last-heartbeat"] });
    notify.success(texts.done);
    onClose();
  };
  return (
    <FormDialog
      title={texts.title}
      description={texts.description}
      action={texts.action}
      doing={texts.action}
      ready={words !== ""}
      onSubmit={say}
      onClose={onClose}
    >
      <Field label={texts.label}>
        {(control) => (
          <Textarea
            {...control}
            rows={3}
            value={text}
            placeholder={texts.placeholder}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
      {kind === "wake" && (
        <Segmented<When>
          label="When"
          value={mode}
          onChange={setMode}
          className="justify-self-start"
          options={[
            { value: "now", label: "Now" },
            { value: "next-heartbeat", label: "At the next heartbeat" },
          ]}
        />
      )}
    </FormDialog>
  );
}
