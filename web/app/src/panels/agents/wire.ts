/** Agents as the gateway answers: only the fields shown here; older gateways send fewer. */

export type Agent = {
  id: string;
  name?: string | null;
  identity?: { name?: string | null; emoji?: string | null; avatar?: string | null } | null;
  workspace?: string | null;
  model?: { primary?: string | null; fallbacks?: readonly string[] } | null;
  status?: string;
  thinkingDefault?: string | null;
  defaultPermissionMode?: string | null;
};

/** `agents.list` */
export type AgentsList = { defaultId?: string; mainKey?: string; agents: readonly Agent[] };

/** `agent.identity.get` */
export type Identity = { agentId: string; name?: string | null; emoji?: string | null; avatar?: string | null };

export type FileEntry = {
  name: string;
  missing: boolean;
  /** Missing, and that is fine: it is optional. */
  expectedAbsent?: boolean;
  size?: number;
  updatedAtMs?: number;
  content?: string;
  /** Of the content; absent on wire 3. */
  hash?: string;
};

/** `agents.files.list` */
export type FilesList = { files: readonly FileEntry[] };
/** `agents.files.get` and the answer of `agents.files.set` */
export type FileAnswer = { file: FileEntry };

export type Created = { agentId: string; name: string };
/** `agents.delete` */
export type Deleted = { removedBindings?: number; failed?: readonly { path: string; reason: string }[] };

export type Tool = {
  id: string;
  label?: string;
  description?: string;
  source?: string;
  defaultProfiles?: readonly string[];
};
export type ToolGroup = { id: string; label: string; source?: string; tools: readonly Tool[] };
/** `tools.catalog` */
export type Catalog = { groups: readonly ToolGroup[] };
/** `tools.effective` */
export type Effective = { profile?: string; groups: readonly ToolGroup[] };

export type Command = {
  name: string;
  textAliases?: readonly string[];
  description?: string;
  category?: string;
  source?: string;
  args?: readonly { name: string; required?: boolean }[];
};
/** `commands.list` */
export type CommandsList = { commands: readonly Command[] };

export type ModelsList = { models: readonly { id: string; provider?: string; available?: boolean }[] };
