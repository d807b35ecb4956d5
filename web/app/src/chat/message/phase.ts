/** What a run is at, in a few quiet words. Never part of the answer (C5). */

export type Retry = { readonly attempt: number; readonly most: number | null; readonly againAtMs: number };

const WORDS: Readonly<Record<string, string>> = {
  accepted: "Handing over",
  preparing_workspace: "Preparing",
  preparing_context: "Preparing",
  starting_model: "Thinking",
  compacting: "Compacting the conversation",
  retrying: "Retrying",
  "waiting-approval": "Waiting for approval",
};

/** The words for a phase; null: it writes. */
export function phaseWords(phase: string | null, retry: Retry | null, nowMs: number): string {
  if (phase === null) return "Working";
  if (phase === "retrying" && retry !== null) {
    const of = retry.most === null ? `${retry.attempt}` : `${retry.attempt} of ${retry.most}`;
    const seconds = Math.ceil((retry.againAtMs - nowMs) / 1_000);
    return seconds > 0 ? `Retrying ${of} in ${seconds} s` : `Retrying ${of}`;
  }
  return WORDS[phase] ?? capital(phase.replaceAll(/[_-]+/g, " "));
}

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
