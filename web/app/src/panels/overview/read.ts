/** Small readings of the gateway's answers. Pure. */
import type { Health, ModelsList, Status } from "./wire";

export const isReport = (payload: unknown): payload is Health =>
  typeof payload === "object" && payload !== null && "ts" in payload && typeof payload.ts === "number";

/** The model that answers when nothing else is chosen: "demo/demo-large". */
export function modelOf(status: Status | undefined, models: ModelsList | undefined): string | undefined {
  const standard = models?.models.find(({ tags }) => tags?.includes("default"));
  if (standard) return standard.provider ? `${standard.provider}/${standard.id}` : standard.id;
  return status?.sessions?.defaults?.model ?? undefined;
}
