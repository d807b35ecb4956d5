/** What somebody may do at a gateway: pure, from the method list and the scopes the door gave. */
import type { Needs, Scope } from "./descriptor";

export type Facts = {
  /** Undefined until the door has told: nothing is refused on a guess. */
  methods: ReadonlySet<string> | undefined;
  scopes: ReadonlySet<string>;
};

export type Verdict =
  | { at: "allowed" }
  | { at: "not-offered"; methods: readonly string[]; reason: string }
  | { at: "needs-scope"; scopes: readonly Scope[]; reason: string };

/** Scopes that come with others, as the gateway sees it: admin has all, who may write may read. */
function holds(scopes: ReadonlySet<string>, wanted: Scope): boolean {
  return (
    scopes.has(wanted) || scopes.has("operator.admin") || (wanted === "operator.read" && scopes.has("operator.write"))
  );
}

export function judge(needs: Needs, facts: Facts): Verdict {
  const { methods: offered } = facts;
  const missing = offered ? (needs.methods ?? []).filter((method) => !offered.has(method)) : [];
  if (missing.length > 0) {
    return { at: "not-offered", methods: missing, reason: `Not offered by this gateway: ${missing.join(", ")}` };
  }
  const lacking = (needs.scopes ?? []).filter((scope) => !holds(facts.scopes, scope));
  if (lacking.length > 0) {
    return { at: "needs-scope", scopes: lacking, reason: `Your role does not include ${lacking.join(", ")}` };
  }
  return { at: "allowed" };
}
