/**
 * Rows as a gateway's `chat.history` has them on wire 4.
 */

let lastId = 0;

function origin(runId: string | null): Record<string, unknown> {
  lastId += 1;
  return { __openclaw: { id: `row-${lastId}`, ...(runId !== null && { runId }) }, timestamp: 1_000 + lastId };
}

/** What a user said to begin a run. */
export function said(content: string, runId: string | null = null) {
  return { role: "user", content, ...(runId !== null && { idempotencyKey: `${runId}:user` }), ...origin(null) };
}

/** What the agent answered. */
export function answered(text: string, runId: string | null = null, fields: Record<string, unknown> = {}) {
  return { role: "assistant", content: [{ type: "text", text }], stopReason: "stop", ...origin(runId), ...fields };
}

/** The agent called a tool. */
export function called(id: string, name: string, args: unknown, runId: string | null = null) {
  const content = [{ type: "toolCall", id, name, arguments: args }];
  return { role: "assistant", content, stopReason: "toolUse", ...origin(runId) };
}

/** The tool has answered. */
export function returned(id: string, name: string, output: string, runId: string | null = null) {
  const content = [{ type: "text", text: output }];
  return { role: "toolResult", toolCallId: id, toolName: name, content, isError: false, ...origin(runId) };
}

/** The answer of `chat.history`, newest page first, as the gateway cuts it. */
export function page(rows: readonly unknown[], params: unknown, fields: Record<string, unknown> = {}) {
  const { limit = 200, offset = 0 } = params as { limit?: number; offset?: number };
  const end = Math.max(0, rows.length - offset);
  const start = Math.max(0, end - limit);
  return {
    sessionId: "s1",
    messages: rows.slice(start, end),
    hasMore: start > 0,
    nextOffset: start > 0 ? offset + (end - start) : null,
    totalMessages: rows.length,
    pendingInputs: { items: [], total: 0 },
    inFlightRun: null,
    ...fields,
  };
}
