import type { HistoryExtras } from "@vestibule/react";
import { formatCount } from "@/ui";

/** Which model answers here, and how full its context is. */
export function Model({ history }: { history: HistoryExtras | null }) {
  const session = fieldsOf(history?.sessionInfo);
  const model = session["model"] ?? fieldsOf(history?.defaults)["model"];
  const { totalTokens, contextTokens } = session;
  if (typeof model !== "string") return null;
  return (
    <span className="tabular-nums">
      {model}
      {typeof totalTokens === "number" && typeof contextTokens === "number" && totalTokens > 0 && (
        <span title="Of the model's context, in tokens">
          {" · "}
          {formatCount(totalTokens)} of {formatCount(contextTokens)}
        </span>
      )}
    </span>
  );
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? { ...value } : {};
