/** Sessions as the gateway lists them: only the fields shown here; older gateways send fewer. */

export type SessionRow = {
  key: string;
  sessionId?: string | null;
  agentId?: string;
  kind?: string;
  isMain?: boolean;
  label?: string | null;
  displayName?: string | null;
  derivedTitle?: string | null;
  lastMessagePreview?: string | null;
  channel?: string | null;
  chatType?: string | null;
  createdAt?: number | null;
  updatedAt?: number | null;
  lastInteractionAt?: number | null;
  status?: string | null;
  hasActiveRun?: boolean;
  lastRunError?: string | { message?: string } | null;
  pinned?: boolean;
  unread?: boolean;
  archived?: boolean;
  model?: string | null;
  modelProvider?: string | null;
  /** Null: the model follows the agent. */
  modelOverrideSource?: string | null;
  thinkingLevel?: string | null;
  thinkingLevels?: readonly { id: string; label?: string }[];
  thinkingDefault?: string | null;
  inputTokens?: number | null;
  outputTokens?: number | null;
  /** In the context window now: of the session, not of a run. */
  totalTokens?: number | null;
  contextTokens?: number | null;
  estimatedCostUsd?: number | null;
  runtimeMs?: number | null;
};

/** `sessions.list` */
export type SessionsList = {
  sessions: readonly SessionRow[];
  count?: number;
  totalCount?: number;
  nextOffset?: number | null;
  hasMore?: boolean;
};

/** `sessions.describe`; null for a session that is not there. */
export type Described = { session: SessionRow | null };

/** `sessions.preview` */
export type Previews = {
  previews: readonly { key: string; status?: string; items?: readonly { role: string; text: string }[] }[];
};

/** `sessions.search` */
export type Found = {
  results: readonly {
    sessionKey: string;
    messageId: string;
    role: string;
    timestamp?: number;
    snippet: string;
  }[];
};

export type ModelsList = {
  models: readonly { id: string; name?: string; provider?: string; available?: boolean }[];
};
export type AgentsList = { defaultId?: string; agents: readonly { id: string; name?: string }[] };
export type Created = { key: string };
export type Compacted = { compacted?: boolean; result?: { tokensBefore?: number; tokensAfter?: number } };

/** What `sessions.patch` may change for whoever may write. */
export type SessionPatch = {
  label?: string | null;
  pinned?: boolean;
  unread?: boolean;
  archived?: boolean;
  model?: string | null;
  thinkingLevel?: string | null;
};
