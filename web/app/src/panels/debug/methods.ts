/** Which scope a method needs: the door's own table, so that both say the same. Pure. */
import table from "../../../../../src/vestibule/protocol/methods.json";

export type MethodScope =
  /** It depends on the parameters. */
  | "dynamic"
  /** For device hosts; people are refused. */
  | "node"
  | `operator.${string}`;

const scopes: ReadonlyMap<string, string> = new Map(
  Object.entries(table.scopes).flatMap(([scope, methods]) => methods.map((method) => [method, scope] as const)),
);

const isScope = (scope: string): scope is MethodScope =>
  scope === "dynamic" || scope === "node" || scope.startsWith("operator.");

/** What nobody knows asks for admin, as at the door. */
export function scopeOf(method: string): MethodScope {
  if (method.startsWith("door.")) return "operator.read";
  const scope = scopes.get(method);
  return scope !== undefined && isScope(scope) ? scope : "operator.admin";
}

/** A flag that stays up until somebody calls its opposite. */
export const subscribes = (method: string): boolean => method.endsWith(".subscribe");

/** Reads change nothing; everything else is confirmed before it is called. */
export const isRead = (method: string): boolean => scopeOf(method) === "operator.read" && !subscribes(method);

/** What the door answers by itself, whatever the gateway offers. */
export const DOOR_METHODS: ReadonlySet<string> = new Set(["door.gateway", "door.clients"]);

export type Method = { name: string; scope: MethodScope };

/** The methods of a gateway by name, with the door's own first. */
export function catalogueOf(offered: ReadonlySet<string>): readonly Method[] {
  const names = [...DOOR_METHODS, ...[...offered].filter((name) => !DOOR_METHODS.has(name)).sort()];
  return names.map((name) => ({ name, scope: scopeOf(name) }));
}

/** Those whose name holds all words; a name that begins with what is typed comes first. */
export function found(methods: readonly Method[], query: string): readonly Method[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return methods;
  const first = words[0] ?? "";
  return methods
    .filter(({ name, scope }) => words.every((word) => `${name} ${scope}`.toLowerCase().includes(word)))
    .sort((a, b) => Number(b.name.toLowerCase().startsWith(first)) - Number(a.name.toLowerCase().startsWith(first)));
}

/** How a scope is shown in a narrow place. */
export const shortScope = (scope: MethodScope): string => scope.replace("operator.", "");
