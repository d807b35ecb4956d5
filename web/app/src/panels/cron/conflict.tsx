import { Button, readError } from "@/ui";
import { GitCompareArrows } from "lucide-react";
import { draftOf, patchOf } from "./form";
import type { Job } from "./wire";

/** The gateway refused: this job is not any more what it was when the form was opened. */
export function isChangedMeanwhile(error: unknown): boolean {
  const { details } = readError(error);
  return details !== undefined && "code" in details && details.code === "CRON_JOB_CHANGED";
}

export type ConflictProps = {
  before: Job;
  latest: Job | undefined;
  onTake: (job: Job) => void;
  onSaveOver: () => void;
};

/** What somebody else changed meanwhile, and whose version is to stay. */
export function Conflict({ before, latest, onTake, onSaveOver }: ConflictProps) {
  const theirs = latest ? patchOf(before, draftOf(latest)) : {};
  return (
    <div role="alert" className="grid gap-2.5 rounded-lg bg-warning-soft px-3.5 py-3 text-[0.8125rem]">
      <p className="flex items-center gap-2 font-medium">
        <GitCompareArrows aria-hidden className="size-4 text-warning" />
        Somebody changed this job while you were editing it.
      </p>
      {Object.keys(theirs).length > 0 && (
        <pre className="max-h-40 overflow-auto rounded-md bg-card p-2.5 text-xs wrap-anywhere whitespace-pre-wrap">
          {JSON.stringify(theirs, null, 2)}
        </pre>
      )}
      <div className="flex flex-wrap gap-2">
        {latest && (
          <Button size="sm" onClick={() => onTake(latest)}>
            Take theirs, drop mine
          </Button>
        )}
        <Button size="sm" variant="danger" onClick={onSaveOver}>
          Save mine over it
        </Button>
      </div>
    </div>
  );
}
