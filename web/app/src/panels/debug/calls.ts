/** The calls of this session, newest first: pure. They live as long as the page; an answer may hold anything. */

export type Outcome =
  | { at: "running" }
  | { at: "answered"; payload: unknown; tookMs: number; bytes: number }
  | { at: "failed"; error: unknown; tookMs: number };

export type Call = {
  id: number;
  method: string;
  params: unknown;
  text: string;
  timeoutMs: number;
  atMs: number;
  outcome: Outcome;
};

/** Older ones go; of the large answers only those of the latest calls are kept. */
export const KEPT_CALLS = 60;
const KEPT_BYTES = 16_000_000;

export const begun = (calls: readonly Call[], call: Omit<Call, "outcome">): readonly Call[] =>
  [{ ...call, outcome: { at: "running" } as const }, ...calls].slice(0, KEPT_CALLS);

export function ended(calls: readonly Call[], id: number, outcome: Outcome): readonly Call[] {
  let bytes = 0;
  return calls
    .map((call) => (call.id === id ? { ...call, outcome } : call))
    .filter((call, index) => {
      bytes += call.outcome.at === "answered" ? call.outcome.bytes : 0;
      return index === 0 || bytes <= KEPT_BYTES;
    });
}
