import { useGatewayRpcMutation } from "@vestibule/react";
import { useState } from "react";
import { notify } from "@/shell";
import { Button, Field, FormDialog, Textarea } from "@/ui";
import { isStale, readRules, writtenOf } from "./rules";
import type { Rules } from "./wire";

/** The file of rules as JSON. What somebody else saved meanwhile is never overwritten unseen. */
export function RulesForm({
  opened,
  read,
  onSaved,
  onClose,
}: {
  opened: Rules;
  read: () => Promise<Rules>;
  onSaved: (saved: Rules) => void;
  onClose: () => void;
}) {
  const call = useGatewayRpcMutation();
  const [base, setBase] = useState(opened);
  const [text, setText] = useState(() => writtenOf(opened.file));
  /** Somebody else wrote in between: both versions are there. */
  const [theirs, setTheirs] = useState<Rules | null>(null);
  const written = readRules(text);
  const save = async () => {
    if (written.at === "broken") return;
    try {
      const saved = await call<Rules>("exec.approvals.set", { file: written.file, baseHash: base.hash });
      notify.success("The rules were saved");
      onSaved(saved);
    } catch (error) {
      const other = isStale(error) ? await read().catch(() => null) : null;
      if (other === null) throw error;
      setTheirs(other);
    }
  };
  const goOn = (from: Rules, next: string) => {
    setBase(from);
    setText(next);
    setTheirs(null);
  };
  return (
    <FormDialog
      size="lg"
      title="Rules for commands"
      description="The gateway's file, without its socket. An entry of an allowlist has a pattern: a path, or a glob of paths."
      action="Save rules"
      doing="Saving the rules"
      ready={written.at !== "broken" && text !== writtenOf(base.file) && theirs === null}
      onSubmit={save}
      onClose={onClose}
    >
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
      {theirs !== null && (
        <div role="alert" className="grid gap-3 rounded-lg bg-warning-soft px-3.5 py-3 text-[0.8125rem]">
          <p>
            <span className="font-medium">The rules were changed elsewhere.</span> What you wrote is still here. They
            are now:
          </p>
          <pre className="max-h-48 overflow-auto rounded-lg bg-card p-3 text-xs">{writtenOf(theirs.file)}</pre>
          <div className="flex flex-wrap gap-2">
            <Button size="sm" onClick={() => goOn(theirs, text)}>
              Keep mine
            </Button>
            <Button size="sm" onClick={() => goOn(theirs, writtenOf(theirs.file))}>
              Take theirs
            </Button>
          </div>
        </div>
      )}
    </FormDialog>
  );
}
