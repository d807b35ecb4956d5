import { describe, expect, it } from "vitest";
import { isShownHere, nameOf, pictureOf, signOf } from "./agents";
import { diffLines, hunks } from "./diff";
import { filterTools, toolRows } from "./tools";

describe("nameOf and signOf", () => {
  it("take what is known best, and never a picture's address as text", () => {
    const agent = { id: "ops", identity: { avatar: "https://example.org/a.png" } };
    expect(nameOf(agent)).toBe("ops");
    expect(nameOf(agent, { agentId: "ops", name: "Operations" })).toBe("Operations");
    expect(signOf(agent)).toBe("O");
    expect(signOf({ id: "ops" }, { agentId: "ops", avatar: "A" })).toBe("O");
    expect(signOf({ id: "ops", identity: { emoji: "🧑‍🔬" } })).toBe("🧑‍🔬");
  });
});

describe("a picture", () => {
  it("of another host has an address, and is not shown", () => {
    const origin = "https://door.test";
    expect(pictureOf({ id: "ops", identity: { avatar: "https://cdn.test/a.png" } })).toBe("https://cdn.test/a.png");
    expect(isShownHere("https://cdn.test/a.png", origin)).toBe(false);
    expect(isShownHere("https://door.test.evil.test/a.png", origin)).toBe(false);
    expect(isShownHere("https://door.test/a.png", origin)).toBe(true);
    expect(isShownHere("data:image/png;base64,AAAA", origin)).toBe(true);
  });
});

const show = (before: string, after: string) =>
  diffLines(before, after)
    .map(({ kind, text }) => `${{ same: " ", added: "+", removed: "-" }[kind]}${text}`)
    .join("|");

describe("diffLines", () => {
  it("finds what was added, removed and kept", () => {
    expect(show("a\nb\nc", "a\nc\nd")).toBe(" a|-b| c|+d");
    expect(show("", "new")).toBe("-|+new");
    expect(show("same", "same")).toBe(" same");
  });

  it("keeps every line of both, in order", () => {
    const before = "1\n2\n3\n4\n5";
    const after = "0\n1\n3\n3\n5\n6";
    const lines = diffLines(before, after);
    const of = (without: string) => lines.filter(({ kind }) => kind !== without).map(({ text }) => text);
    expect(of("added").join("\n")).toBe(before);
    expect(of("removed").join("\n")).toBe(after);
  });

  it("shows only the surroundings of a change", () => {
    const many = Array.from({ length: 40 }, (_, index) => `${index}`);
    const shown = hunks(diffLines(many.join("\n"), many.with(20, "x").join("\n")));
    expect(shown[0]).toEqual({ kind: "skipped", count: 17 });
    expect(shown.length).toBe(1 + 3 + 2 + 3 + 1);
  });
});

describe("toolRows", () => {
  const catalog = { groups: [{ id: "fs", label: "Files", tools: [{ id: "read" }, { id: "write" }] }] };
  const effective = {
    groups: [
      { id: "core", label: "Built-in", tools: [{ id: "read" }] },
      { id: "mcp", label: "Server", tools: [{ id: "mail" }] },
    ],
  };

  it("marks what is in use, and adds what only the session knows", () => {
    const rows = toolRows(catalog, effective);
    expect(rows.map(({ label, tools }) => [label, tools.map(({ id, inUse }) => [id, inUse])])).toEqual([
      [
        "Files",
        [
          ["read", true],
          ["write", false],
        ],
      ],
      ["Server", [["mail", true]]],
    ]);
  });

  it("does not guess where the gateway does not tell", () => {
    expect(toolRows(catalog, undefined)[0]?.tools[0]?.inUse).toBeUndefined();
  });

  it("filters by words and by use", () => {
    const rows = toolRows(catalog, effective);
    expect(filterTools(rows, "WRI", false).flatMap(({ tools }) => tools.map(({ id }) => id))).toEqual(["write"]);
    expect(filterTools(rows, "", true).flatMap(({ tools }) => tools.map(({ id }) => id))).toEqual(["read", "mail"]);
  });
});
