/** `skills.status`, the fields that are shown; host paths are left out on purpose. */
export type SkillsStatus = { agentId?: string; skills: readonly Skill[] };

export type Skill = {
  name: string;
  skillKey: string;
  description?: string;
  /** `openclaw-bundled`, `openclaw-extra`, `openclaw-managed`, `workspace`, … */
  source: string;
  emoji?: string;
  homepage?: string;
  /** The variable an API key goes to; absent: the skill takes none. */
  primaryEnv?: string;
  always?: boolean;
  disabled: boolean;
  eligible: boolean;
  blockedByAllowlist?: boolean;
  blockedByAgentFilter?: boolean;
  platformIncompatible?: boolean;
  missing: Requirements;
  install?: readonly Installer[];
};

export type Requirements = {
  bins?: readonly string[];
  anyBins?: readonly string[];
  env?: readonly string[];
  config?: readonly string[];
  os?: readonly string[];
};

export type Installer = { id: string; kind: string; label: string };

/** `agents.list`, for the choice of whose skills to look at. */
export type Agents = { defaultId: string; agents: readonly { id: string; name?: string }[] };

/** `skills.search` */
export type HubResults = { results: readonly HubResult[] };

export type HubResult = {
  slug: string;
  displayName: string;
  summary?: string;
  version?: string;
  ownerHandle?: string | null;
  /** Names this very one: several publishers may share a slug. */
  installRef?: string;
  /** The hub has no details. */
  installOnly?: boolean;
  /** There only where the hub has not scanned it. */
  trustState?: string;
};

/** `skills.detail` */
export type HubDetail = {
  skill: { isOfficial?: boolean | null } | null;
  latestVersion?: { version: string; createdAt: number; changelog?: string } | null;
  metadata?: { os?: readonly string[] | null; systems?: readonly string[] | null } | null;
  owner?: { handle?: string | null; displayName?: string | null } | null;
};

/** `config.get`, the part that names a skill's variables. */
export type SkillsConfig = {
  config?: { skills?: { entries?: Readonly<Record<string, { env?: Readonly<Record<string, unknown>> }>> } };
};
