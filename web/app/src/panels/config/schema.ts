/** The schema in words: what a value may be, and how to ask for it. Pure. */
import type { Path } from "@/ui/editor";
import type { Lookup, ReloadKind, Schema } from "./wire";

/** A path as `config.schema.lookup` takes it; a key it would not take, or with a dot, is "any". */
export const lookupPath = (path: Path): string =>
  path.length === 0 ? "." : path.map((step) => (/^[A-Za-z0-9_/-]+$/.test(String(step)) ? String(step) : "*")).join(".");

/** The values a schema allows, if it is a choice. */
export function choicesOf(schema: Schema): readonly unknown[] {
  if (schema.enum) return schema.enum;
  if (schema.const !== undefined) return [schema.const];
  if (schema.type === "boolean") return [true, false];
  return (schema.anyOf ?? schema.oneOf ?? []).flatMap(choicesOf);
}

/** "string", "integer 1–65535", "one of 7". */
export function kindOf(schema: Schema): string {
  const choices = choicesOf(schema);
  if (choices.length > 1 && schema.type !== "boolean") return `one of ${choices.length}`;
  const types = schema.type === undefined ? (schema.anyOf ?? schema.oneOf ?? []).map(kindOf) : [schema.type].flat();
  const name = [...new Set(types)].filter(Boolean).join(" or ");
  const { minimum, maximum } = schema;
  if (minimum !== undefined && maximum !== undefined) return `${name} ${minimum}–${maximum}`;
  if (minimum !== undefined) return `${name} from ${minimum}`;
  return maximum === undefined ? name : `${name} up to ${maximum}`;
}

export const RELOAD: Readonly<
  Record<ReloadKind, { word: string; says: string; tone: "success" | "warning" | "neutral" }>
> = {
  none: { word: "no reload", says: "Nothing needs to be reloaded for it.", tone: "neutral" },
  hot: { word: "applies at once", says: "The gateway takes it without a restart.", tone: "success" },
  restart: {
    word: "restarts the gateway",
    says: "The gateway restarts: runs in progress end, and it is away for some seconds.",
    tone: "warning",
  },
};

/** What a set of changes does: the heaviest of all. What nobody knows may restart. */
export function heaviest(kinds: readonly (ReloadKind | undefined)[]): ReloadKind | "unknown" {
  if (kinds.includes("restart")) return "restart";
  if (kinds.includes(undefined)) return "unknown";
  return kinds.includes("hot") ? "hot" : "none";
}

/** What a value put at this path begins with, when its key is completed. */
export function skeletonOf(child: Lookup["children"][number]): string {
  const type = [child.type].flat()[0];
  if (type === "object") return "{}";
  if (type === "array") return "[]";
  if (type === "string") return '""';
  if (type === "boolean") return "true";
  return "";
}
