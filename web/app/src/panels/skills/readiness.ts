/** What a skill's state means for people. Pure. */
import type { Requirements, Skill } from "./wire";

export type Readiness = "ready" | "needs" | "off" | "blocked" | "elsewhere";

/** Off and blocked are decisions, `elsewhere` a fact of the machine; only then is it worth saying what is missing. */
export function readinessOf(skill: Skill): Readiness {
  if (skill.disabled) return "off";
  if (skill.blockedByAllowlist || skill.blockedByAgentFilter) return "blocked";
  if (skill.platformIncompatible || (skill.missing.os?.length ?? 0) > 0) return "elsewhere";
  return skill.eligible ? "ready" : "needs";
}

/** What has to be there first, each as the rest of "Needs …". */
export function needs({ bins, anyBins, env, config }: Requirements): readonly string[] {
  return [
    ...(bins ?? []).map((bin) => `the program ${bin}`),
    ...(anyBins && anyBins.length > 0 ? [`one of the programs ${listed(anyBins)}`] : []),
    ...(env ?? []).map((name) => `a value for ${name}`),
    ...(config ?? []).map((path) => `the setting ${path}`),
  ];
}

/** Why a skill is not used, as a sentence; undefined where it is. */
export function reasonOf(skill: Skill): string | undefined {
  switch (readinessOf(skill)) {
    case "ready":
      return undefined;
    case "off":
      return "Switched off.";
    case "blocked":
      return skill.blockedByAllowlist
        ? "Not on the gateway's list of allowed skills."
        : "Not among this agent's skills.";
    case "elsewhere":
      return `Works on ${listed((skill.missing.os ?? []).map(system)) || "other systems"} only.`;
    case "needs": {
      const missing = needs(skill.missing);
      return missing.length > 0 ? `Needs ${listed(missing, "and")}.` : "The gateway does not say what is missing.";
    }
  }
}

const SYSTEMS: Readonly<Record<string, string>> = { darwin: "macOS", linux: "Linux", win32: "Windows" };
const system = (name: string): string => SYSTEMS[name] ?? name;

/** "a", "a or b", "a, b or c". */
export const listed = (items: readonly string[], word: "or" | "and" = "or"): string =>
  new Intl.ListFormat("en-GB", { type: word === "or" ? "disjunction" : "conjunction" }).format(items);

export type View = "all" | "ready" | "needs" | "off";

/** The skills of a view, by name; `needs` shows all that does not work and was not switched off. */
export function shown(skills: readonly Skill[], view: View, query: string): readonly Skill[] {
  const wanted = query.trim().toLowerCase();
  return skills
    .filter((skill) => view === "all" || viewOf(skill) === view)
    .filter((skill) =>
      [skill.name, skill.skillKey, skill.description].some((text) => text?.toLowerCase().includes(wanted)),
    )
    .toSorted((one, other) => one.name.localeCompare(other.name));
}

function viewOf(skill: Skill): View {
  const readiness = readinessOf(skill);
  return readiness === "ready" || readiness === "off" ? readiness : "needs";
}

export function counted(skills: readonly Skill[]): Readonly<Record<View, number>> {
  const count = (view: View) => skills.filter((skill) => viewOf(skill) === view).length;
  return { all: skills.length, ready: count("ready"), needs: count("needs"), off: count("off") };
}

const SOURCES: Readonly<Record<string, string>> = {
  "openclaw-bundled": "Bundled",
  "openclaw-extra": "From a plugin",
  "openclaw-managed": "Installed",
  "openclaw-workspace": "Workspace",
  "openclaw-custodian": "Custodian",
};

export const sourceOf = (skill: Skill): string => SOURCES[skill.source] ?? skill.source;

/** A skill's file says it: only an address of the web becomes a link. */
export const homepageOf = ({ homepage }: Skill): string | undefined =>
  homepage !== undefined && /^https?:\/\//.test(homepage) ? homepage : undefined;
