/** The difference of two configs as a JSON merge patch: only what was edited goes to the gateway. Pure. */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = { readonly [key: string]: Json };

export type Patch = {
  merge: JsonObject;
  /** Lists that are replaced or go: the gateway wants them named, lest entries get lost by mistake. */
  replacePaths: readonly string[];
};

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const isList = (value: unknown): value is readonly Json[] => Array.isArray(value);

export function patchOf(before: JsonObject, after: JsonObject): Patch {
  const replacePaths: string[] = [];
  return { merge: difference(before, after, "", replacePaths), replacePaths };
}

function difference(before: JsonObject, after: JsonObject, path: string, lists: string[]): JsonObject {
  const merge: Record<string, Json> = {};
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const was = before[key];
    const is = after[key];
    const at = path === "" ? key : `${path}.${key}`;
    if (same(was, is)) continue;
    if (isObject(was) && isObject(is)) {
      merge[key] = difference(was, is, at, lists);
      continue;
    }
    lists.push(...listsIn(was, at));
    merge[key] = is ?? null;
  }
  return merge;
}

/** Every list in a value that goes, by its path. */
function listsIn(value: Json | undefined, path: string): readonly string[] {
  if (isList(value)) return [path];
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => listsIn(inner, `${path}.${key}`));
}

/** A config with a merge patch on it: mine on top of theirs. */
export function applied(config: Json, merge: Json): Json {
  if (!isObject(merge)) return merge;
  const base = new Map(isObject(config) ? Object.entries(config) : []);
  for (const [key, value] of Object.entries(merge)) {
    if (value === null) base.delete(key);
    else base.set(key, applied(base.get(key) ?? null, value));
  }
  return Object.fromEntries(base);
}

/** Equal as values: the order of keys says nothing. */
export function same(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (isList(a) && isList(b)) return a.length === b.length && a.every((item, index) => same(item, b[index]));
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]));
}

/** Whether a value is one that JSON knows; JSON5 also reads Infinity and NaN. */
export function isJson(value: unknown): value is Json {
  if (value === null || typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value === "number") return Number.isFinite(value);
  return Array.isArray(value) ? value.every(isJson) : isObject(value) && Object.values(value).every(isJson);
}
