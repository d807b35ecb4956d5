/** Channels as the gateway answers: only the fields shown here; a channel may send more of its own. */

export type Account = {
  accountId: string;
  name?: string;
  enabled?: boolean;
  configured?: boolean;
  /** A device is linked; only where the channel has such a thing. */
  linked?: boolean;
  running?: boolean;
  connected?: boolean;
  reconnectAttempts?: number;
  lastError?: string | null;
  lastConnectedAt?: number | null;
  lastStartAt?: number | null;
  lastStopAt?: number | null;
  lastInboundAt?: number | null;
  lastOutboundAt?: number | null;
  lastProbeAt?: number | null;
  mode?: string;
  dmPolicy?: string;
  allowFrom?: readonly string[];
  tokenSource?: string;
  botTokenSource?: string;
  webhookUrl?: string | null;
  probe?: unknown;
};

export type Issue = { channel: string; accountId: string; kind: string; message: string; fix?: string };

/** `channels.status`; all maps are empty while nothing is set up. */
export type ChannelsStatus = {
  ts?: number;
  channelOrder: readonly string[];
  channelLabels: Readonly<Record<string, string>>;
  channelDetailLabels?: Readonly<Record<string, string>>;
  channelAccounts: Readonly<Record<string, readonly Account[]>>;
  channelDefaultAccountId?: Readonly<Record<string, string>>;
  statusIssues?: readonly Issue[];
  warnings?: readonly string[];
};

/** `health`, and the event of the same name: of all of it, what is said of channels. */
export type Health = { channels?: Readonly<Record<string, unknown>>; channelOrder?: readonly string[] };

export type PairingRequest = {
  requestId: string;
  channel: string;
  channelLabel?: string;
  accountId: string;
  accountLabel?: string;
  senderId: string;
  senderLabel?: string;
  metadata?: Readonly<Record<string, string>>;
  createdAt?: string;
  expiresAt?: string;
};

/** `channels.pairing.list` */
export type Pairing = { requests: readonly PairingRequest[] };

/** `web.login.start` and `web.login.wait` */
export type Login = { message?: string; qrDataUrl?: string; connected?: boolean };

/** `config.schema.lookup` */
export type Lookup = {
  hint?: { label?: string; help?: string };
  children: readonly { key: string; hint?: { label?: string; help?: string; sensitive?: boolean } }[];
};

/** `config.get`: of all of it, what a change is based on. */
export type ConfigBase = { hash: string };
