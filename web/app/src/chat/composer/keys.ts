/** What a key means while one writes. Pure. */

export type Press = {
  readonly key: string;
  readonly shift: boolean;
  readonly composing: boolean;
  readonly empty: boolean;
  /** The slash palette is open. */
  readonly choosing: boolean;
  readonly running: boolean;
  /** A keyboard on the screen: Enter makes a line there. */
  readonly touch: boolean;
};

export type Meaning = "send" | "stop" | "recall" | "up" | "down" | "choose" | "dismiss" | null;

export function meaningOf({ key, shift, composing, empty, choosing, running, touch }: Press): Meaning {
  if (composing) return null;
  if (choosing) {
    if (key === "ArrowUp") return "up";
    if (key === "ArrowDown") return "down";
    if (key === "Tab" || (key === "Enter" && !shift)) return "choose";
    return key === "Escape" ? "dismiss" : null;
  }
  if (key === "Enter" && !shift && !touch) return "send";
  if (key === "Escape" && running) return "stop";
  return key === "ArrowUp" && empty ? "recall" : null;
}
