import { useGatewayRpcMutation } from "@vestibule/react";
import { type SyntheticEvent, useState } from "react";
import { notify } from "@/shell";
import { Button, DialogClose, DialogContent, ErrorNote, Field, Textarea } from "@/ui";
import { isStale, readRules, writtenOf } from "./rules";
import type { Rules } from "./wire";

type State =
  | { at: "asking" }
  | { at: "running" }
  | { at: "failed"; error: unknown }
  /** Somebody else wrote in between: both versions are there. */
  | { at: "conflict"; theirs: Rules };

/** The file of rules as JSON. What somebody else saved meanwhile is never overwritten unseen. */
export function RulesForm({
  opened,
  read,
  onSaved,
}: {
  opened: Rules;
  read: () => Promise<Rules>;
  onSaved: (saved: Rules) => void;
}) {
  const call = useGatewayRpcMutation();
  const [base, setBase] = useState(opened);
  const [text, setText] = useState(() => writtenOf(opened.file));
  const [state, setState] = useState<State>({ at: "asking" });
  const written = readRules(text);
  const save = async (event: SyntheticEvent) => {
    event.preventDefault();
    if (written.at === "broken") return;
    setState({ at: "running" });
    try {
      const saved = await call<Rules>("exec.approvals.set", { file: written.file, baseHash: base.hash });
      notify.success("The rules were saved");
      onSaved(saved);
    } catch (error) {
      const theirs = isStale(error) ? await read().catch(() => null) : null;
      setState(theirs ? { at: "conflict", theirs } : { at: "failed", error });
    }
  };
  const goOn = (from: Rules, next: string) => {
    setBase(from);
    setText(next);
    setState({ at: "asking" });
  };
  return (
    <DialogContent
      size="lg"
      title="Rules for commands"
      description="The gateway's file, without its socket. An entry of an allowlist has a pattern: a path, or a glob of paths."
      footer={
        <>
          <DialogClose asChild>
            <Button>Cancel</Button>
          </DialogClose>
          <Button
            type="submit"
            form="rules"
            variant="primary"
            busy={state.at === "running"}
            disabled={written.at === "broken" || text === writtenOf(base.file) || state.at === "conflict"}
          >
            Save rules
          </Button>
        </>
      }
    >
      <form id="rules" onSubmit={(event) => void save(event)} className="grid gap-3">
        <Field label="Rules as JSON" error={written.at === "broken" ? written.message : undefined}>
          {(control) => (
            <Textarea
              {...control}
              rows={16}
              spellCheck={false}
              className="field-sizing-fixed font-mono text-[0.8125rem]"
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
        {state.at === "failed" && <ErrorNote error={state.error} doing="Saving the rules" />}
        {state.at === "conflict" && (
          <div role="alert" className="grid gap-3 rounded-lg bg-warning-soft px-3.5 py-3 text-[0.8125rem]">
            <p>
              <span className="font-medium">The rules were changed elsewhere.</span> What you wrote is still here. They
              are now:
            </p>
            <pre className="max-h-48 overflow-auto rounded-lg bg-card p-3 text-xs">{writtenOf(state.theirs.file)}</pre>
            <div className="flex flex-wrap gap-2">
              <Button size="sm" onClick={() => goOn(state.theirs, text)}>
                Keep mine
              </Button>
              <Button size="sm" onClick={() => goOn(state.theirs, writtenOf(state.theirs.file))}>
                Take theirs
              </Button>
            </div>
          </div>
        )}
      </form>
    </DialogContent>
  );
}
