import { useGatewayRpcMutation, useOffer } from "@vestibule/react";
import { GatedButton, notify, Panel, useCan, useShortcut } from "@/shell";
import { Button, ConfirmButton, readError, Sheet, SheetContent } from "@/ui";
import { CodeEditor, type CodeEditorHandle, type Path } from "@/ui/editor";
import { keysAt, outlineOf } from "@/ui/editor/outline";
import { BookOpen } from "lucide-react";
import { type ReactNode, useMemo, useRef, useState } from "react";
import { completions } from "./completions";
import { Conflict } from "./conflict";
import { Help } from "./help";
import { inserted } from "./insert";
import { brokenAt, isStale, issuesIn, placed, type Placed } from "./issues";
import { useAsk } from "./lookup";
import { planOf } from "./plan";
import { Problems } from "./problems";
import { Review } from "./review";
import { secretMarks } from "./secret-marks";
import { textOf, useDraft } from "./use-draft";
import type { Saved, Snapshot } from "./wire";

const WRITE = { methods: ["config.patch"], scopes: ["operator.admin"] } as const;

export type EditorProps = {
  latest: Snapshot;
  views: ReactNode;
  note: ReactNode;
  /** What keeps the file from being read again. */
  stale: ReactNode;
  /** `restarts`: the gateway goes away for this, and cannot be asked until it is back. */
  onSaved: (snapshot: Snapshot, effect: { restarts: boolean }) => void;
  reload: () => Promise<unknown>;
};

/** The file, to be edited with the schema's help, looked over, and saved. */
export function Editor({ latest, views, note, stale, onSaved, reload }: EditorProps) {
  const call = useGatewayRpcMutation();
  const protocol = useOffer()?.protocol ?? null;
  const ask = useAsk();
  const can = useCan(WRITE);
  const editing = useDraft(latest);
  const { opened, text, dirty, theirs } = editing;
  const editor = useRef<CodeEditorHandle>(null);
  const [path, setPath] = useState<Path>([]);
  const [reviewing, setReviewing] = useState(false);
  const [helping, setHelping] = useState(false);
  const [refused, setRefused] = useState<{ text: string; issues: readonly Placed[] } | null>(null);
  const extensions = useMemo(() => [secretMarks, completions(ask)], [ask]);
  const plan = useMemo(() => planOf(opened, text, protocol), [opened, text, protocol]);
  const issues = useMemo(() => {
    const own = dirty
      ? brokenAt(plan)
      : [...placed(latest.issues ?? [], text, "error"), ...placed(latest.warnings ?? [], text, "warning")];
    return refused?.text === text ? [...own, ...refused.issues] : own;
  }, [dirty, plan, latest, text, refused]);

  const review = () => {
    if (dirty && theirs === null && plan.at === "ready" && can.allowed) setReviewing(true);
  };
  useShortcut("mod s", "Look over and save the config", review);

  const save = async () => {
    if (plan.at !== "ready") return;
    try {
      const saved = await call<Saved>(plan.call.method, plan.call.params, { timeoutMs: 60_000 });
      editing.drop();
      setReviewing(false);
      const restarts = saved.restart != null;
      const hash = saved.hash === undefined ? {} : { hash: saved.hash };
      onSaved({ ...latest, exists: true, valid: true, raw: text, ...hash }, { restarts });
      notify.success(!restarts ? "Config saved" : "Config saved: the gateway restarts");
    } catch (error) {
      const found = issuesIn(error, text);
      setRefused({ text, issues: found });
      if (isStale(error)) {
        await reload();
        setReviewing(false);
        notify.error("Not saved", readError(error).message);
        return;
      }
      throw error;
    }
  };
  const insert = (at: Path, key: string, skeleton: string) => {
    const next = inserted(text, at, key, skeleton);
    if (next === null) return;
    editing.write(next);
    setHelping(false);
    requestAnimationFrame(() => editor.current?.reveal([...at, key]));
  };
  const help = (
    <Help
      ask={ask}
      path={path}
      keysAt={(at) => keysAt(outlineOf(text), at)}
      onReveal={(at) => {
        setHelping(false);
        editor.current?.reveal(at);
      }}
      {...(can.allowed ? { onInsert: insert } : {})}
    />
  );
  return (
    <Panel
      title="Config"
      width="full"
      note={note}
      toolbar={views}
      actions={
        <>
          <Button className="lg:hidden" onClick={() => setHelping(true)}>
            <BookOpen />
            Help
          </Button>
          {dirty && (
            <ConfirmButton
              variant="ghost"
              danger
              title="Discard what you wrote?"
              description="The editor shows the file again as it is."
              action="Discard"
              onConfirm={editing.drop}
            >
              Discard
            </ConfirmButton>
          )}
          <GatedButton
            needs={WRITE}
            variant="primary"
            disabled={!dirty || theirs !== null || plan.at !== "ready"}
            onClick={review}
          >
            Review and save
          </GatedButton>
        </>
      }
    >
      <div className="flex h-full min-h-0 flex-col">
        {stale}
        {theirs && <Conflict editing={editing} theirs={theirs} />}
        <div className="flex min-h-0 grow">
          <div className="flex min-w-0 grow flex-col">
            <div className="min-h-0 grow">
              <CodeEditor
                ref={editor}
                label="Config file"
                value={text}
                onChange={editing.write}
                readOnly={!can.allowed}
                issues={issues}
                extensions={extensions}
                onPlace={(place) => setPath(place.path)}
                onSubmit={review}
              />
            </div>
            <Problems issues={issues} onGoTo={(position) => editor.current?.goTo(position)} />
            {dirty && plan.at === "same" && (
              <p role="status" className="border-t bg-sidebar px-4 py-2 text-xs text-muted-foreground">
                Only the layout differs: there is nothing to save, for the gateway lays the file out by itself.
              </p>
            )}
            {!can.allowed && (
              <p role="status" className="border-t bg-sidebar px-4 py-2 text-xs text-muted-foreground">
                Read only. {can.reason}.
              </p>
            )}
          </div>
          <aside aria-label="Help for the config" className="w-84 shrink-0 border-l bg-sidebar max-lg:hidden">
            {help}
          </aside>
        </div>
      </div>
      <Sheet open={helping} onOpenChange={setHelping}>
        <SheetContent title="Help">
          <div className="-mx-5 -my-4 h-[calc(100%+2rem)]">{help}</div>
        </SheetContent>
      </Sheet>
      {reviewing && plan.at === "ready" && (
        <Review
          plan={plan}
          before={textOf(opened)}
          after={text}
          ask={ask}
          onSave={save}
          onClose={() => setReviewing(false)}
        />
      )}
    </Panel>
  );
}
