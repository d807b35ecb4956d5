import { describe, expect, it } from "vitest";
import { counted, homepageOf, needs, readinessOf, reasonOf, shown, sourceOf } from "./readiness";
import type { Skill } from "./wire";

const ready: Skill = {
  name: "weather",
  skillKey: "weather",
  description: "Forecasts by place",
  source: "openclaw-bundled",
  disabled: false,
  eligible: true,
  missing: {},
};
const op: Skill = { ...ready, name: "1password", skillKey: "1password", eligible: false, missing: { bins: ["op"] } };
const notes: Skill = {
  ...op,
  name: "apple-notes",
  platformIncompatible: true,
  missing: { bins: ["memo"], os: ["darwin"] },
};
const off: Skill = { ...ready, name: "canvas", disabled: true, eligible: false };

describe("a skill's state", () => {
  it("is ready, in need, off, blocked or for other systems", () => {
    expect([ready, op, off, notes].map(readinessOf)).toEqual(["ready", "needs", "off", "elsewhere"]);
    expect(readinessOf({ ...ready, eligible: false, blockedByAllowlist: true })).toBe("blocked");
  });

  it("says what is missing, as a sentence", () => {
    expect(reasonOf(ready)).toBeUndefined();
    expect(reasonOf(op)).toBe("Needs the program op.");
    expect(reasonOf(notes)).toBe("Works on macOS only.");
    expect(reasonOf(off)).toBe("Switched off.");
    expect(reasonOf({ ...op, missing: { anyBins: ["claude", "codex", "opencode"], env: ["KEY"] } })).toBe(
      "Needs one of the programs claude, codex or opencode and a value for KEY.",
    );
    expect(reasonOf({ ...ready, eligible: false, blockedByAgentFilter: true })).toBe("Not among this agent's skills.");
    expect(reasonOf({ ...ready, eligible: false })).toBe("The gateway does not say what is missing.");
  });

  it("names settings by their path", () => {
    expect(needs({ config: ["skills.entries.x.enabled"] })).toEqual(["the setting skills.entries.x.enabled"]);
  });
});

describe("the list", () => {
  it("is filtered by view and by what is typed, and sorted by name", () => {
    const all = [ready, op, notes, off];

    expect(shown(all, "all", "").map((skill) => skill.name)).toEqual(["1password", "apple-notes", "canvas", "weather"]);
    expect(shown(all, "needs", "").map((skill) => skill.name)).toEqual(["1password", "apple-notes"]);
    expect(shown(all, "all", "FORECAST by".replace(" by", "")).map((skill) => skill.name)).toHaveLength(4);
    expect(shown(all, "ready", "weath")).toEqual([ready]);
    expect(counted(all)).toEqual({ all: 4, ready: 1, needs: 2, off: 1 });
  });

  it("links to addresses of the web alone", () => {
    expect(homepageOf({ ...ready, homepage: "https://example.org" })).toBe("https://example.org");
    expect(homepageOf({ ...ready, homepage: "javascript:alert(1)" })).toBeUndefined();
    expect(homepageOf(ready)).toBeUndefined();
  });

  it("knows where a skill is from", () => {
    expect(sourceOf(ready)).toBe("Bundled");
    expect(sourceOf({ ...ready, source: "something new" })).toBe("something new");
  });
});
