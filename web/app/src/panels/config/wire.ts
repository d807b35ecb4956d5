/** What the gateway says of its config: only the fields that are read here. */

export type ConfigIssue = { path: string; message: string; allowedValues?: readonly unknown[] };

export type Snapshot = {
  /** Host path: only for those who run the host. */
  path?: string;
  exists: boolean;
  /** As written; null while there is no file. */
  raw: string | null;
  valid: boolean;
  hash?: string;
  issues?: readonly ConfigIssue[];
  warnings?: readonly ConfigIssue[];
  /** With defaults, as the gateway runs. */
  runtimeConfig?: unknown;
  config?: unknown;
  configRevisionHash?: string;
  /** Of what is in effect; another one than `configRevisionHash` while a change waits for a restart. */
  appliedConfigHash?: string;
};

/** What saving a value does to the running gateway. */
export type ReloadKind = "none" | "hot" | "restart";

export type Schema = {
  type?: string | readonly string[];
  title?: string;
  description?: string;
  enum?: readonly unknown[];
  const?: unknown;
  anyOf?: readonly Schema[];
  oneOf?: readonly Schema[];
  default?: unknown;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  pattern?: string;
};

export type Hint = {
  label?: string;
  help?: string;
  docsUrl?: string;
  placeholder?: string;
  advanced?: boolean;
  sensitive?: boolean;
};

export type SchemaChild = {
  key: string;
  path: string;
  type?: string | readonly string[];
  required?: boolean;
  hasChildren?: boolean;
  reloadKind?: ReloadKind;
  hint?: Hint;
};

export type Lookup = {
  path: string;
  schema: Schema;
  reloadKind?: ReloadKind;
  hint?: Hint;
  children: readonly SchemaChild[];
};

export type Saved = { hash?: string; noop?: boolean; changedPaths?: readonly string[]; restart?: unknown };
