import { createDrafts, useDrafts } from "@/shell";
import type { Snapshot } from "./wire";

const drafts = createDrafts<{ opened: Snapshot; text: string }>();
const FILE = "config";

/** What one begins with where there is no file. */
const BLANK = "{\n  \n}\n";

export const textOf = (snapshot: Snapshot): string => snapshot.raw ?? BLANK;

export type Editing = {
  /** What the edit began with. */
  opened: Snapshot;
  text: string;
  dirty: boolean;
  /** The file as it is by now, when it is another one than the edit began with. */
  theirs: Snapshot | null;
  write: (text: string) => void;
  /** Go on with this text on top of another version of the file. */
  rebase: (opened: Snapshot, text: string) => void;
  drop: () => void;
};

/** The edit, if there is one, else the file. A clean editor follows the file; a dirty one never loses what was typed. */
export function useDraft(latest: Snapshot): Editing {
  const [{ [FILE]: kept }, keep] = useDrafts(drafts);
  const opened = kept?.opened ?? latest;
  const rebase = (base: Snapshot, text: string) => keep(FILE, text === textOf(base) ? null : { opened: base, text });
  return {
    opened,
    text: kept?.text ?? textOf(latest),
    dirty: kept !== undefined,
    theirs: kept && latest.hash !== kept.opened.hash ? latest : null,
    write: (text) => rebase(opened, text),
    rebase,
    drop: () => keep(FILE, null),
  };
}
