import { DoorError, randomUUID, useGatewayRpcMutation } from "@vestibule/react";
import { Play } from "lucide-react";
import { type SyntheticEvent, useRef, useState } from "react";
import { GatedButton } from "@/shell";
import { CopyButton, ErrorNote, Field, Select, Textarea } from "@/ui";
import { readParams } from "@/ui/editor/params";
import type { Invoked } from "./wire";

/** These have methods of their own, and the gateway refuses them here. */
const ELSEWHERE = "system.execApprovals.";
const TIMEOUT = { timeoutMs: 60_000 };

type State =
  { at: "idle" } | { at: "running" } | { at: "answered"; answer: Invoked } | { at: "failed"; error: unknown };

/** Runs one of a node's commands and shows what it answers. */
export function Invoke({ nodeId, commands }: { nodeId: string; commands: readonly string[] }) {
  const call = useGatewayRpcMutation();
  const offered = commands.filter((name) => !name.startsWith(ELSEWHERE));
  const [command, setCommand] = useState(offered[0]);
  const [text, setText] = useState("");
  const [state, setState] = useState<State>({ at: "idle" });
  /** Of a call of which nobody knows whether it ran: the same one again must not run twice. */
  const openKey = useRef<string | null>(null);
  const read = readParams(text);
  if (command === undefined) return null;

  const change = (act: () => void) => {
    openKey.current = null;
    setState({ at: "idle" });
    act();
  };
  const run = async (event: SyntheticEvent) => {
    event.preventDefault();
    if (read.at === "broken") return;
    const idempotencyKey = openKey.current ?? randomUUID();
    const params = read.params === undefined ? {} : { params: read.params };
    setState({ at: "running" });
    try {
      const answer = await call<Invoked>("node.invoke", { nodeId, command, ...params, idempotencyKey }, TIMEOUT);
      openKey.current = null;
      setState({ at: "answered", answer });
    } catch (error) {
      openKey.current = error instanceof DoorError && error.mayHaveRun ? idempotencyKey : null;
      setState({ at: "failed", error });
    }
  };
  return (
    <section aria-labelledby="invoke" className="mt-6 grid gap-3 border-t pt-4">
      <h3 id="invoke" className="text-[0.8125rem] font-semibold">
        Run a command
      </h3>
      <form onSubmit={(event) => void run(event)} className="grid gap-3">
        <Field label="Command">
          {(control) => (
            <Select
              {...control}
              value={command}
              onChange={(name) => change(() => setCommand(name))}
              options={offered.map((name) => ({ value: name, label: name }))}
            />
          )}
        </Field>
        <Field
          label="Parameters"
          hint="As JSON, or nothing."
          error={read.at === "broken" ? `Line ${read.line}: ${read.message}` : undefined}
        >
          {(control) => (
            <Textarea
              {...control}
              rows={3}
              spellCheck={false}
              className="font-mono text-[0.8125rem]"
              value={text}
              onChange={(event) => change(() => setText(event.target.value))}
            />
          )}
        </Field>
        <GatedButton
          type="submit"
          className="justify-self-start"
          needs={{ methods: ["node.invoke"], scopes: ["operator.admin"] }}
          busy={state.at === "running"}
          disabled={read.at === "broken"}
        >
          <Play />
          Run
        </GatedButton>
      </form>
      {state.at === "failed" && <ErrorNote error={state.error} doing="Running the command" />}
      {state.at === "answered" && <Answer answer={state.answer} />}
    </section>
  );
}

function Answer({ answer }: { answer: Invoked }) {
  const text = JSON.stringify(answer.payload ?? null, null, 2);
  return (
    <div role="status" aria-label="Answer of the node" className="grid gap-1.5">
      <p className="flex items-center gap-1 text-xs text-muted-foreground">
        {answer.command ?? "The node"} answered
        <CopyButton text={text} label="Copy the answer" />
      </p>
      <pre className="max-h-64 overflow-auto rounded-lg bg-muted p-3 text-xs wrap-anywhere whitespace-pre-wrap">
        {text}
      </pre>
    </div>
  );
}
