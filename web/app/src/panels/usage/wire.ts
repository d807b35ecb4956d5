/** Usage as the gateway counts it: only the fields shown here. */

export type Totals = {
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
  totalTokens: number;
  totalCost: number;
  /** Answers whose price is not known: the cost is a lower bound. */
  missingCostEntries?: number;
};

export type CacheStatus = { status?: string; pendingFiles?: number };

/** `usage.cost` */
export type CostUsage = { daily: readonly (Totals & { date: string })[]; totals: Totals; cacheStatus?: CacheStatus };

export type SessionUsage = {
  key: string;
  label?: string | null;
  agentId?: string;
  channel?: string | null;
  model?: string | null;
  modelProvider?: string | null;
  updatedAt?: number;
  usage:
    | (Totals & {
        dailyBreakdown?: readonly { date: string; tokens: number; cost: number }[];
        messageCounts?: { total?: number; errors?: number };
      })
    | null;
};

export type Latency = { count: number; avgMs: number; p95Ms: number };

/** `sessions.usage` */
export type SessionsUsage = {
  sessions: readonly SessionUsage[];
  totals: Totals;
  aggregates: {
    sessionCount?: number;
    messages?: { total: number; user: number; assistant: number; toolCalls: number; errors: number };
    tools?: { totalCalls: number; tools: readonly { name: string; count: number }[] };
    byModel: readonly { provider?: string; model?: string; count: number; totals: Totals }[];
    byAgent: readonly { agentId: string; totals: Totals }[];
    byChannel: readonly { channel: string; totals: Totals }[];
    latency?: Latency;
    dailyLatency?: readonly (Latency & { date: string })[];
    modelDaily?: readonly { date: string; provider?: string; model?: string; tokens: number; cost: number }[];
    daily: readonly { date: string; tokens: number; cost: number; messages?: number; errors?: number }[];
  };
  cacheStatus?: CacheStatus;
};

/** `sessions.usage.timeseries` */
export type Timeseries = {
  points: readonly { timestamp: number; totalTokens: number; cumulativeTokens: number; cumulativeCost: number }[];
};

/** `sessions.usage.logs`, the oldest first. */
export type UsageLogs = {
  logs: readonly { timestamp: number; role: string; content: string; tokens?: number; cost?: number }[];
};

/** `usage.status` */
export type ProviderUsage = {
  providers: readonly {
    provider: string;
    displayName?: string;
    plan?: string;
    error?: string;
    windows?: readonly { label: string; usedPercent: number; resetAt?: number }[];
  }[];
};
