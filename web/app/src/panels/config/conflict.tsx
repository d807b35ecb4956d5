import { Button, Dialog, DialogContent } from "@/ui";
import { GitCompareArrows } from "lucide-react";
import { useMemo, useState } from "react";
import { changesOf, clashes, written } from "./changes";
import { DiffView } from "./diff-view";
import { applied, isJson, isObject, patchOf } from "./merge-patch";
import { valueOf } from "./plan";
import { parseJson5 } from "@/ui/editor/json5";
import { textOf, type Editing } from "./use-draft";
import type { Snapshot } from "./wire";

/** The file was changed while one was writing: both versions, and a way to go on with each, or with both. */
export function Conflict({ editing, theirs }: { editing: Editing; theirs: Snapshot }) {
  const [open, setOpen] = useState(false);
  return (
    <div
      role="alert"
      className="flex flex-wrap items-center gap-3 border-b bg-warning-soft px-4 py-2.5 text-[0.8125rem] md:px-6"
    >
      <GitCompareArrows aria-hidden className="size-4 shrink-0 text-warning" />
      <p className="min-w-0 grow">
        <span className="font-medium">The config was changed elsewhere.</span> What you wrote is still here; it cannot
        be saved before you have chosen.
      </p>
      <Button size="sm" onClick={() => setOpen(true)}>
        Compare
      </Button>
      {open && <Versions editing={editing} theirs={theirs} onClose={() => setOpen(false)} />}
    </div>
  );
}

type VersionsProps = { editing: Editing; theirs: Snapshot; onClose: () => void };

function Versions({ editing, theirs, onClose }: VersionsProps) {
  const merged = useMemo(() => mergedOf(editing, theirs), [editing, theirs]);
  const choose = (act: () => void) => () => {
    act();
    onClose();
  };
  return (
    <Dialog open onOpenChange={(wanted) => !wanted && onClose()}>
      <DialogContent
        size="xl"
        title="Two versions of the config"
        description="From the file as it is now (−) to what you wrote (+)."
        footer={
          <>
            <Button variant="danger-ghost" onClick={choose(editing.drop)}>
              Take theirs, drop mine
            </Button>
            <span className="grow" />
            <Button onClick={choose(() => editing.rebase(theirs, editing.text))}>Keep mine as it is</Button>
            <Button
              variant="primary"
              disabled={merged === null}
              onClick={choose(() => merged && editing.rebase(theirs, merged.text))}
            >
              Put mine on top of theirs
            </Button>
          </>
        }
      >
        <div className="grid gap-3 *:min-w-0">
          {merged && merged.clashes.length > 0 && (
            <p className="rounded-lg bg-danger-soft px-3.5 py-2.5 text-[0.8125rem]">
              Both of you changed <code>{merged.clashes.join(", ")}</code>: on top, yours counts.
            </p>
          )}
          {merged === null && (
            <p className="text-[0.8125rem] text-muted-foreground">
              What you wrote does not parse yet, so it cannot be put on top of theirs.
            </p>
          )}
          <DiffView before={textOf(theirs)} after={editing.text} label="Their version and yours" />
        </div>
      </DialogContent>
    </Dialog>
  );
}

/** My changes on their version; null where a side cannot be read. */
function mergedOf(editing: Editing, theirs: Snapshot): { text: string; clashes: readonly string[] } | null {
  const before = valueOf(editing.opened);
  const now = valueOf(theirs);
  const parsed = parseJson5(editing.text);
  if (parsed.at === "broken" || !isObject(before) || !isObject(now)) return null;
  const mine = parsed.value;
  if (!isJson(mine) || !isObject(mine)) return null;
  return {
    text: `${JSON.stringify(applied(now, patchOf(before, mine).merge), null, 2)}\n`,
    clashes: clashes(changesOf(before, mine), changesOf(before, now)).map(written),
  };
}
