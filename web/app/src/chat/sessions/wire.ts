/** Sessions as the gateway lists them: only what is read here. Older gateways send fewer fields. */

export type SessionRow = {
  readonly key: string;
  readonly sessionId?: string | null;
  readonly agentId?: string;
  readonly kind?: string;
  readonly isMain?: boolean;
  readonly label?: string | null;
  readonly displayName?: string | null;
  readonly derivedTitle?: string | null;
  readonly lastMessagePreview?: string | null;
  readonly channel?: string | null;
  readonly updatedAt?: number | null;
  readonly lastInteractionAt?: number | null;
  readonly status?: string | null;
  readonly hasActiveRun?: boolean;
  readonly pinned?: boolean;
  readonly unread?: boolean;
  readonly archived?: boolean;
};

export type SessionsList = {
  readonly sessions: readonly SessionRow[];
  readonly totalCount?: number;
  readonly hasMore?: boolean;
};
