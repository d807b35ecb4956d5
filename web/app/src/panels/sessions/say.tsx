import { DoorError, randomUUID, useGatewayRpcMutation } from "@vestibule/react";
import { Send, StickyNote } from "lucide-react";
import { useRef, useState } from "react";
import { GatedButton, type Needs } from "@/shell";
import { ErrorNote, Field, Textarea } from "@/ui";

type What = "message" | "note";
type State = { at: "asking" } | { at: "running"; what: What } | { at: "failed"; what: What; error: unknown };

const SEND: Needs = { methods: ["sessions.send"], scopes: ["operator.write"] };
const INJECT: Needs = { methods: ["chat.inject"], scopes: ["operator.admin"] };
const DOING: Readonly<Record<What, string>> = { message: "Sending", note: "Leaving the note" };
/** Both show in what was said last. */
const REFETCH = "sessions.preview";

/** Something for the agent to answer, or a note for whoever reads the transcript, the agent among them. */
export function Say({ sessionKey }: { sessionKey: string }) {
  const call = useGatewayRpcMutation();
  const [text, setText] = useState("");
  const [state, setState] = useState<State>({ at: "asking" });
  /** Of a message of which nobody knows whether it arrived: sent again, it must not be said twice. */
  const openKey = useRef<string | null>(null);
  const message = text.trim();

  const say = async (what: What, act: () => Promise<unknown>) => {
    setState({ at: "running", what });
    try {
      await act();
      openKey.current = null;
      setText("");
      setState({ at: "asking" });
    } catch (error) {
      if (!(error instanceof DoorError && error.mayHaveRun)) openKey.current = null;
      setState({ at: "failed", what, error });
    }
  };
  const send = () =>
    say("message", () => {
      const idempotencyKey = (openKey.current ??= randomUUID());
      return call("sessions.send", { key: sessionKey, message, idempotencyKey }, { refetch: REFETCH });
    });
  const leaveNote = () => say("note", () => call("chat.inject", { sessionKey, message }, { refetch: REFETCH }));
  const isRunning = (what: What) => state.at === "running" && state.what === what;
  return (
    <section className="grid gap-3">
      <h3 className="text-[0.8125rem] font-semibold">Say something</h3>
      <Field label="Text" hint="The agent answers a message. A note is only written into the transcript.">
        {(control) => (
          <Textarea
            {...control}
            rows={2}
            value={text}
            onChange={(event) => {
              openKey.current = null;
              setText(event.target.value);
            }}
          />
        )}
      </Field>
      <div className="flex flex-wrap gap-2">
        <GatedButton
          needs={SEND}
          variant="primary"
          disabled={message === "" || state.at === "running"}
          busy={isRunning("message")}
          onClick={() => void send()}
        >
          <Send />
          Send message
        </GatedButton>
        <GatedButton
          needs={INJECT}
          disabled={message === "" || state.at === "running"}
          busy={isRunning("note")}
          onClick={() => void leaveNote()}
        >
          <StickyNote />
          Leave note
        </GatedButton>
      </div>
      {state.at === "failed" && <ErrorNote error={state.error} doing={DOING[state.what]} />}
    </section>
  );
}
