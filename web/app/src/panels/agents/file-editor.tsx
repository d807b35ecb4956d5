import { useGatewayRpc } from "@vestibule/react";
import { GatedButton, type Needs, notify, Resource, useCan } from "@/shell";
import { Button, Card, ErrorNote, formatBytes, RelativeTime, Textarea } from "@/ui";
import { useState } from "react";
import { DiffView } from "./diff-view";
import type { Draft } from "./use-file-drafts";
import { useSaveFile } from "./use-save-file";
import type { FileAnswer, FileEntry } from "./wire";

const SET: Needs = { methods: ["agents.files.set"], scopes: ["operator.admin"] };

/** One file of an agent, as text. */
export function FileEditor({
  agentId,
  name,
  draft,
  onDraft,
}: {
  agentId: string;
  name: string;
  draft: Draft | undefined;
  onDraft: (draft: Draft | null) => void;
}) {
  const file = useGatewayRpc<FileAnswer>("agents.files.get", { agentId, name });
  return (
    <Resource of={file} what="file">
      {(data) => (
        <Editor
          agentId={agentId}
          file={data.file}
          draft={draft}
          onDraft={onDraft}
          onSaved={(answer) => void file.mutate(answer, { revalidate: false })}
        />
      )}
    </Resource>
  );
}

function Editor({
  agentId,
  file,
  draft,
  onDraft,
  onSaved,
}: {
  agentId: string;
  file: FileEntry;
  draft: Draft | undefined;
  onDraft: (draft: Draft | null) => void;
  onSaved: (answer: FileAnswer) => void;
}) {
  const { state, save, dismiss } = useSaveFile(agentId, file.name);
  const { allowed } = useCan(SET);
  const [reviewing, setReviewing] = useState(false);
  const present = file.content ?? "";
  const base = draft?.base ?? present;
  const text = draft?.text ?? present;
  const changed = text !== base;

  const write = (next: string) => onDraft(next === base ? null : { base, text: next });
  const store = async (on: string) => {
    const answer = await save(text, on);
    if (answer === null) return;
    onSaved(answer);
    onDraft(null);
    setReviewing(false);
    notify.success(`${file.name} saved`);
  };
  return (
    <Card
      title={file.name}
      description={
        file.missing ? (
          "not written yet"
        ) : (
          <>
            {file.size !== undefined && `${formatBytes(file.size)}, `}
            changed <RelativeTime atMs={file.updatedAtMs} />
          </>
        )
      }
      actions={
        <>
          {changed && (
            <>
              <Button size="sm" variant="ghost" aria-expanded={reviewing} onClick={() => setReviewing(!reviewing)}>
                Changes
              </Button>
              <Button size="sm" onClick={() => onDraft(null)}>
                Discard
              </Button>
            </>
          )}
          <GatedButton
            needs={SET}
            size="sm"
            variant="primary"
            disabled={!changed}
            busy={state.at === "saving"}
            onClick={() => void store(base)}
          >
            {file.missing ? "Create file" : "Save"}
          </GatedButton>
        </>
      }
    >
      <div className="grid gap-3">
        {state.at === "failed" && <ErrorNote error={state.error} doing={`Saving ${file.name}`} />}
        {state.at === "conflict" && (
          <Conflict
            name={file.name}
            theirs={state.theirs}
            mine={text}
            onKeep={() => void store(state.theirs)}
            onTake={() => {
              onSaved({ file: { ...file, content: state.theirs, missing: false } });
              onDraft(null);
              dismiss();
            }}
          />
        )}
        {reviewing && changed && <DiffView label={`Changes in ${file.name}`} before={base} after={text} />}
        <Textarea
          aria-label={`Text of ${file.name}`}
          value={text}
          readOnly={!allowed}
          spellCheck={false}
          rows={18}
          className="field-sizing-fixed resize-y font-mono text-[0.8125rem] leading-6"
          onChange={(event) => write(event.target.value)}
          onKeyDown={(event) => {
            if (!(event.key === "s" && (event.metaKey || event.ctrlKey))) return;
            event.preventDefault();
            if (changed && allowed) void store(base);
          }}
        />
      </div>
    </Card>
  );
}

function Conflict({
  name,
  theirs,
  mine,
  onKeep,
  onTake,
}: {
  name: string;
  theirs: string;
  mine: string;
  onKeep: () => void;
  onTake: () => void;
}) {
  return (
    <div role="alert" className="grid gap-3 rounded-lg bg-warning-soft px-3.5 py-3 text-[0.8125rem]">
      <p>
        <span className="font-medium">{name} was changed meanwhile.</span> Green is what yours adds, red what it would
        take away.
      </p>
      <DiffView label="Theirs against yours" before={theirs} after={mine} />
      <div className="flex flex-wrap gap-2">
        <Button size="sm" variant="primary" onClick={onKeep}>
          Overwrite with mine
        </Button>
        <Button size="sm" onClick={onTake}>
          Take theirs
        </Button>
      </div>
    </div>
  );
}
