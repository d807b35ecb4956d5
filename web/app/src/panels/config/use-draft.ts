import { useState } from "react";
import type { Snapshot } from "./wire";

type Draft = { member: string; opened: Snapshot; text: string };

/** What is being written survives a look at another page; not a reload. One person's is not for the next (W6). */
let remembered: Draft | null = null;

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
export function useDraft(latest: Snapshot, member: string): Editing {
  const [draft, setDraft] = useState<Draft | null>(() => (remembered?.member === member ? remembered : null));
  const kept = draft && draft.text !== textOf(draft.opened) ? draft : null;
  const opened = kept?.opened ?? latest;
  const keep = (next: Draft | null) => {
    remembered = next;
    setDraft(next);
  };
  return {
    opened,
    text: kept?.text ?? textOf(latest),
    dirty: kept !== null,
    theirs: kept && latest.hash !== kept.opened.hash ? latest : null,
    write: (text) => keep({ member, opened, text }),
    rebase: (base, text) => keep({ member, opened: base, text }),
    drop: () => keep(null),
  };
}
