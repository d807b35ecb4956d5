import { describe, expect, it } from "vitest";
import { itemsOf } from "../src/chat/history.js";
import { defaultKey, normalKey } from "../src/chat/session-key.js";
import { readRows, withEarlier, withNewest, withTold } from "../src/chat/rows.js";
import { answered, called, returned, said } from "./rows.js";

const textOfItem = ({ item }: ReturnType<typeof itemsOf>[number]): string =>
  item.kind === "assistant"
    ? item.parts.map((part) => (part.kind === "tool" ? `[${part.name}]` : part.text)).join("")
    : item.text;

describe("items of a history", () => {
  it("all rows of a run are one item, with the tool's result in its call", () => {
    const rows = [
      said("Run it.", "r1"),
      answered("Let me see.", "r1", { stopReason: undefined }),
      called("t1", "exec", { command: "date" }, "r1"),
      returned("t1", "exec", "Monday", "r1"),
      answered("It is Monday.", "r1"),
    ];
    const told = itemsOf(readRows(rows));

    expect(told.map(textOfItem)).toEqual(["Run it.", "Let me see.[exec]\n\nIt is Monday."]);
    expect(told.map(({ runId }) => runId)).toEqual(["r1", "r1"]);
    const run = told[1]?.item;
    expect(run?.kind === "assistant" && run.parts[1]).toMatchObject({
      kind: "tool",
      id: "t1",
      at: "done",
      args: { command: "date" },
      result: { content: [{ type: "text", text: "Monday" }] },
    });
  });

  it("a failed run and a stopped one say so", () => {
    const rows = [
      answered("", "r1", { stopReason: "error", errorMessage: "HTTP 500" }),
      answered("Half an ans", "r2", { stopReason: "aborted" }),
    ];
    const states = itemsOf(readRows(rows)).map(({ item }) => (item.kind === "assistant" ? item.state : null));

    expect(states).toMatchObject([
      { at: "failed", message: "HTTP 500" },
      { at: "done", aborted: true },
    ]);
  });

  it("the words a failed run ends with are why, and nothing the agent said", () => {
    const words = "⚠️ LLM request failed (HTTP 401).";
    const rows = [
      said("Try.", "r1"),
      answered("Half an ans", "r1"),
      answered(words, "r1", { stopReason: "error", idempotencyKey: "r1:terminal-error" }),
    ];
    const [, run] = itemsOf(readRows(rows)).map(({ item }) => item);

    expect(run).toMatchObject({
      parts: [{ kind: "text", text: "Half an ans" }],
      state: { at: "failed", message: words },
    });
  });

  it("thinking is a part of its own, NO_REPLY is silence, other roles are notes", () => {
    const rows = [
      {
        role: "assistant",
        content: [
          { type: "thinking", thinking: "Hm." },
          { type: "text", text: "Yes." },
        ],
      },
      said("ping", "r2"),
      answered("NO_REPLY", "r2"),
      { role: "system", content: "Compacted." },
    ];
    const items = itemsOf(readRows(rows)).map(({ item }) => item);

    expect(items.map(({ kind }) => kind)).toEqual(["assistant", "user", "note"]);
    expect(items[0]).toMatchObject({
      parts: [
        { kind: "thinking", text: "Hm." },
        { kind: "text", text: "Yes." },
      ],
    });
  });

  it("what is no row is left out, and files stay with the message", () => {
    const image = { type: "image", mimeType: "image/png" };
    const rows = [null, 7, { content: "no role" }, { role: "user", content: [{ type: "text", text: "Look." }, image] }];

    expect(itemsOf(readRows(rows)).map(({ item }) => item)).toMatchObject([{ text: "Look.", attachments: [image] }]);
  });
});

describe("pages of a history", () => {
  const rows = readRows(["1", "2", "3", "4", "5"].map((text) => said(text)));

  it("a newest page that touches what is held goes on from it", () => {
    expect(withNewest(rows.slice(0, 3), rows.slice(2))).toEqual(rows);
  });

  it("one that does not touch it replaces it: what lies between is not known", () => {
    expect(withNewest(rows.slice(0, 2), rows.slice(3))).toEqual(rows.slice(3));
  });

  it("an earlier page may overlap", () => {
    expect(withEarlier(rows.slice(2), rows.slice(0, 4))).toEqual(rows);
  });

  it("two rows of one message stay two", () => {
    const [first] = rows;
    const pair = first === undefined ? [] : [first, first];
    expect(withEarlier(rows.slice(1), pair)).toHaveLength(6);
  });

  it("what a user said belongs to the run it began, by its key or by the run it names", () => {
    const named = { role: "user", content: "Hi", __openclaw: { id: "1", runId: "r1" } };
    const keyed = { ...named, idempotencyKey: "r2:user" };
    expect(readRows([named, keyed]).map(({ runId }) => runId)).toEqual(["r1", "r2"]);
  });

  it("a row that was told is added once", () => {
    const [last] = rows.slice(4);
    const held = rows.slice(0, 4);
    if (last === undefined) throw new Error("no row");
    expect(withTold(held, last)).toEqual(rows);
    expect(withTold(rows, last)).toBe(rows);
  });
});

describe("session keys", () => {
  it("P16: are compared as the gateway compares them", () => {
    expect(normalKey("Main", "agent:Main:Telegram:Direct:7")).toBe("agent:main:telegram:direct:7");
    expect(normalKey("My Agent", "main")).toBe("agent:my-agent:main");
  });

  it("C1: messages without a key go to the agent's main session, or the member's own", async () => {
    const who = { role: "operator", scopes: [], expiresAtMs: null };
    expect(await defaultKey("main", { ...who, owner: "ada", member: "ada" })).toBe("agent:main:main");
    expect(await defaultKey("main", { ...who, owner: "team", member: "ada" })).toBe("agent:main:member-ada");
    expect(await defaultKey("main", { ...who, owner: "team", member: "Ada@Example.com" })).toBe(
      "agent:main:member-ada-example-com.1aa1bf07b50d24a30425",
    );
  });
});
