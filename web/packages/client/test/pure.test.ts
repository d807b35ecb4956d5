import { describe, expect, it } from "vitest";
import { Backoff } from "../src/backoff.js";
import { fatalKind, reasonFor } from "../src/codes.js";
import { randomUUID } from "../src/environment.js";
import { inParts, Parts } from "../src/parts.js";
import { Position } from "../src/position.js";
import { allows, moved } from "../src/state.js";
import { readFrame } from "../src/frames.js";

describe("states", () => {
  it("a move the table does not have is a defect", () => {
    expect(() => moved({ at: "idle" }, "retry", { at: "connecting", attempt: 1 })).toThrow('no move "retry" from idle');
    expect(() => moved({ at: "idle" }, "connect", { at: "idle" })).toThrow("to idle");
    expect(allows({ at: "idle" }, "close")).toBe(false);
  });
});

describe("close codes", () => {
  it("only 4001, 4003 and 4500-4999 are final", () => {
    const final = Array.from({ length: 5_000 }, (_, code) => code).filter((code) => fatalKind(code) !== null);
    expect(final).toEqual([4001, 4003, ...Array.from({ length: 500 }, (_, n) => 4500 + n)]);
  });

  it("each has words for people", () => {
    for (const code of [1012, 1013, 4001, 4003, 4008, 4009, 4029, 1006]) expect(reasonFor(code)).toMatch(/\.$/);
  });
});

describe("backoff", () => {
  it("W3: the ceiling doubles from half a second to half a minute, and never beyond", () => {
    const backoff = new Backoff(500, 30_000, () => 0.999999);
    const delays = Array.from({ length: 1_000 }, () => backoff.nextMs());
    expect(delays.slice(0, 7)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000]);
    expect(Math.max(...delays)).toBe(30_000);
    backoff.reset();
    expect(backoff.nextMs()).toBe(500);
    backoff.reset();
    expect(backoff.nextMs(true)).toBe(2_000);
  });
});

describe("position", () => {
  it("knows what it has seen, and what is missing", () => {
    const position = new Position();
    expect(position.greeted({ epoch: "e1", offset: 10, recovered: false })).toBe(true);
    expect(position.take(1, 11)).toBe("new");
    expect(position.take(null, 11)).toBe("seen");
    expect(position.take(3, 14)).toBe("gap");
    expect(position.take(null, null)).toBe("new");
    expect(position.place).toEqual({ epoch: "e1", offset: 14 });
  });

  it("goes on after a recovery: the offset stays until the missed frames come", () => {
    const position = new Position({ epoch: "e1", offset: 10 });
    expect(position.greeted({ epoch: "e1", offset: 12, recovered: true })).toBe(true);
    expect(position.take(1, 11)).toBe("new");
  });

  it("begins anew in another stream", () => {
    const position = new Position({ epoch: "e1", offset: 10 });
    expect(position.greeted({ epoch: "e2", offset: 3, recovered: false })).toBe(false);
    expect(position.place).toEqual({ epoch: "e2", offset: 3 });
  });
});

describe("parts", () => {
  const message = JSON.stringify({ type: "event", payload: '\u0000"é😀\\'.repeat(3_000) });

  function take(parts: Parts, texts: readonly string[]): (string | null)[] {
    return texts.map((text) => {
      const frame = readFrame(text);
      return frame === null ? null : parts.take(frame);
    });
  }

  it("E4: no part is larger than allowed, and together they are the message", () => {
    const split = inParts("1", message, 32_768);
    expect(split.length).toBeGreaterThan(1);
    for (const part of split) expect(new TextEncoder().encode(part).length).toBeLessThanOrEqual(32_768);
    expect(take(new Parts(), split).at(-1)).toBe(message);
  });

  it("E6: they may come in any order, and two messages at a time", () => {
    const parts = new Parts();
    const [one, two] = [inParts("1", message, 9_000).reverse(), inParts("2", `${message} `, 9_000)];
    const mixed = one.flatMap((part, index) => [part, two[index] ?? part]);
    const whole = take(parts, mixed).filter((text) => text !== null);
    expect(whole).toEqual([message, `${message} `]);
  });

  it("what fits is sent as it is", () => {
    expect(inParts("1", "short", 32_768)).toEqual(["short"]);
    expect(inParts("1", message, null)).toEqual([message]);
  });

  it("what is no part of anything is dropped", () => {
    const odd = [
      { id: "1", index: 0, count: 0, data: "" },
      { id: "1", index: 2, count: 2, data: "" },
      { id: "1", index: -1, count: 2, data: "" },
      { id: "1", index: 0.5, count: 2, data: "" },
      { id: "1", index: 0, count: 1e9, data: "" },
      { id: "1", index: 0, count: 2, data: 5 },
      { index: 0, count: 1, data: "" },
    ];
    const parts = new Parts();
    for (const each of odd) expect(parts.take({ type: "part", ...each })).toBeNull();
  });

  it("a doubled part counts once, another count under the same id not at all", () => {
    const parts = new Parts();
    const part = (index: number, count = 2): string | null =>
      parts.take({ type: "part", id: "1", index, count, data: String(index) });
    expect([part(0), part(0), part(1, 3), part(1)]).toEqual([null, null, null, "01"]);
  });

  it("what stays incomplete is bounded: the oldest gives way", () => {
    const parts = new Parts();
    const take = (id: number, index: number): string | null =>
      parts.take({ type: "part", id: String(id), index, count: 2, data: "x" });
    for (let id = 0; id < 9; id += 1) take(id, 0);
    expect(take(0, 1)).toBeNull();
    expect(take(8, 1)).toBe("xx");
  });
});

describe("ids", () => {
  it("W11: a page without HTTPS makes UUIDs too", () => {
    Object.defineProperty(crypto, "randomUUID", { value: undefined, configurable: true });
    try {
      const ids = Array.from({ length: 100 }, randomUUID);
      expect(new Set(ids).size).toBe(100);
      for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    } finally {
      Reflect.deleteProperty(crypto, "randomUUID"); // the prototype's own shows again
    }
  });
});
