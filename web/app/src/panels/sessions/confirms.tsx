import { useGatewayRpcMutation } from "@vestibule/react";
import { notify, sessionTitle } from "@/shell";
import { Confirm, formatCount } from "@/ui";
import type { SessionList } from "./use-session-list";
import type { Compacted, SessionRow } from "./wire";

export type Asked = "compact" | "reset" | "delete";

const COMPACT_TIMEOUT_MS = 180_000;

const TEXTS = {
  compact: {
    title: "Compact",
    description:
      "The model sums up what was said so far and goes on from the summary. That takes a while and costs tokens.",
    action: "Compact",
    danger: false,
  },
  reset: {
    title: "Reset",
    description: "The conversation starts anew. The agent remembers nothing of it; the old transcript is put away.",
    action: "Reset session",
    danger: true,
  },
  delete: {
    title: "Delete",
    description: "The session and its transcript are removed. That cannot be undone.",
    action: "Delete session",
    danger: true,
  },
} as const;

/** Asks before what changes or ends a conversation. */
export function SessionConfirm({
  row,
  asked,
  list,
  onClose,
  onDeleted,
}: {
  row: SessionRow;
  asked: Asked | null;
  list: SessionList;
  onClose: () => void;
  onDeleted?: () => void;
}) {
  const call = useGatewayRpcMutation();
  if (asked === null) return null;
  const { title, description, action, danger } = TEXTS[asked];

  const run = async () => {
    switch (asked) {
      case "compact": {
        const params = { key: row.key };
        const answer = await call<Compacted>("sessions.compact", params, { timeoutMs: COMPACT_TIMEOUT_MS });
        notify.success(answer.compacted === false ? "Nothing to compact yet" : "Compacted", savingOf(answer));
        return;
      }
      case "reset":
        await call("sessions.reset", { key: row.key }, { refetch: ["sessions.preview", "sessions.list"] });
        notify.success("The session starts anew");
        return;
      case "delete":
        await call("sessions.delete", { key: row.key, deleteTranscript: true });
        list.removed(row.key);
        onDeleted?.();
    }
  };
  return (
    <Confirm
      open
      onOpenChange={(open) => !open && onClose()}
      title={`${title} “${sessionTitle(row)}”?`}
      description={description}
      action={action}
      danger={danger}
      onConfirm={run}
    />
  );
}

function savingOf({ result }: Compacted): string | undefined {
  if (result?.tokensBefore === undefined) return undefined;
  const before = formatCount(result.tokensBefore);
  return result.tokensAfter === undefined
    ? `from ${before} tokens`
    : `${before} → ${formatCount(result.tokensAfter)} tokens`;
}
