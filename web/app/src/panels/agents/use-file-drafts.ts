import { createDrafts, useDrafts } from "@/shell";

/** What somebody is writing, and what it is based on. */
export type Draft = { base: string; text: string };
export type FileDrafts = Readonly<Record<string, Draft>>;
export type KeepFileDraft = (file: string, draft: Draft | null) => void;

const all = createDrafts<Draft>();

/** The files of an agent that are being written, by their names. */
export function useFileDrafts(agentId: string): readonly [FileDrafts, KeepFileDraft] {
  const [byPlace, keep] = useDrafts(all);
  const folder = `${agentId}/`;
  const own = Object.entries(byPlace).flatMap(([place, draft]) =>
    place.startsWith(folder) ? [[place.slice(folder.length), draft] as const] : [],
  );
  return [Object.fromEntries(own), (file, draft) => keep(folder + file, draft)];
}
