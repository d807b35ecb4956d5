import { Badge, Button, Dialog, DialogContent, ErrorNote, Segmented } from "@/ui";
import { CircleAlert, RotateCcw } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { type Change, written } from "./changes";
import { DiffView } from "./diff-view";
import { type Ask, nearest } from "./lookup";
import { hasComments, type Plan } from "./plan";
import { heaviest, RELOAD } from "./schema";
import { said } from "./secrets";
import type { ReloadKind } from "./wire";

export type ReviewProps = {
  plan: Extract<Plan, { at: "ready" }>;
  before: string;
  after: string;
  ask: Ask;
  /** Rejects with what the gateway says. */
  onSave: () => Promise<void>;
  onClose: () => void;
};

/** Everything that saving would change, before it does; and whether the gateway restarts for it. */
export function Review({ plan, before, after, ask, onSave, onClose }: ReviewProps) {
  const [shape, setShape] = useState<"lines" | "values">("lines");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const kinds = useReloadKinds(ask, plan.changes);
  const effect = kinds && heaviest(kinds);
  const save = async () => {
    setBusy(true);
    setError(null);
    try {
      await onSave();
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  const restarts = effect === "restart";
  return (
    <Dialog open onOpenChange={(open) => !open && !busy && onClose()}>
      <DialogContent
        size="xl"
        title="Save the config?"
        description={plan.changes.length === 1 ? "One value changes." : `${plan.changes.length} values change.`}
        footer={
          <>
            <Button onClick={onClose} disabled={busy}>
              Go on editing
            </Button>
            <Button
              variant={restarts ? "danger" : "primary"}
              busy={busy}
              disabled={plan.stray.length > 0}
              onClick={() => void save()}
            >
              {restarts ? "Save and restart" : "Save"}
            </Button>
          </>
        }
      >
        <div className="grid gap-3 *:min-w-0">
          {effect === "restart" && (
            <Note tone="warning" icon={<RotateCcw />}>
              The gateway restarts for this: runs in progress end, and it is away for some seconds. This page stays and
              comes back by itself.
            </Note>
          )}
          {effect === "unknown" && (
            <Note tone="warning" icon={<RotateCcw />}>
              The gateway does not say what all of this does: it may restart.
            </Note>
          )}
          {plan.stray.length > 0 && (
            <Note tone="danger" icon={<CircleAlert />}>
              There is no secret to keep at {plan.stray.join(", ")}: write the value itself.
            </Note>
          )}
          {hasComments(after) && (
            <Note tone="warning" icon={<CircleAlert />}>
              The gateway writes the file anew, as plain JSON: comments are not kept.
            </Note>
          )}
          <div className="flex items-center gap-3">
            <Segmented
              label="How the changes are shown"
              value={shape}
              onChange={setShape}
              options={[
                { value: "lines", label: "Lines" },
                { value: "values", label: "Values" },
              ]}
            />
            {effect && effect !== "unknown" && <Badge tone={RELOAD[effect].tone}>{RELOAD[effect].word}</Badge>}
          </div>
          {shape === "lines" ? (
            <DiffView before={before} after={after} label="Changed lines" />
          ) : (
            <Values changes={plan.changes} kinds={kinds} />
          )}
          {error != null && <ErrorNote error={error} doing="Saving the config" />}
        </div>
      </DialogContent>
    </Dialog>
  );
}

function Note({ tone, icon, children }: { tone: "warning" | "danger"; icon: ReactNode; children: ReactNode }) {
  const look = tone === "warning" ? "bg-warning-soft [&_svg]:text-warning" : "bg-danger-soft [&_svg]:text-danger";
  return (
    <div
      role="status"
      className={`flex gap-2.5 rounded-lg px-3.5 py-2.5 text-[0.8125rem] [&_svg]:mt-0.5 [&_svg]:size-4 [&_svg]:shrink-0 ${look}`}
    >
      {icon}
      <p>{children}</p>
    </div>
  );
}

function Values({ changes, kinds }: { changes: readonly Change[]; kinds: readonly (ReloadKind | undefined)[] | null }) {
  return (
    <ul className="divide-y rounded-lg border bg-card text-xs">
      {changes.map((change, index) => {
        const kind = kinds?.[index];
        return (
          <li key={written(change.path)} className="grid gap-1 px-3.5 py-2.5">
            <div className="flex flex-wrap items-center gap-2">
              <code className="font-medium wrap-anywhere">{written(change.path) || "config"}</code>
              {kind && <Badge tone={RELOAD[kind].tone}>{RELOAD[kind].word}</Badge>}
            </div>
            <p className="font-mono wrap-anywhere text-muted-foreground">
              <del className="decoration-danger/60">{said(change.before)}</del>
              <span aria-label="becomes"> → </span>
              <ins className="text-foreground no-underline">{said(change.after)}</ins>
            </p>
          </li>
        );
      })}
    </ul>
  );
}

/** What saving each change does to the gateway; null while that is being asked. */
function useReloadKinds(ask: Ask, changes: readonly Change[]): readonly (ReloadKind | undefined)[] | null {
  const [kinds, setKinds] = useState<readonly (ReloadKind | undefined)[] | null>(null);
  useEffect(() => {
    let current = true;
    const all = changes.map(async ({ path }) => {
      const known = await nearest(ask, path);
      return known.at === "known" ? known.lookup.reloadKind : undefined;
    });
    void Promise.all(all).then((found) => {
      if (current) setKinds(found);
    });
    return () => {
      current = false;
    };
  }, [ask, changes]);
  return kinds;
}
