import { describe, expect, test } from "vitest";
import { fieldsOf, parseLine, readObject } from "./line";

const written = JSON.stringify({
  "0": '{"subsystem":"sqlite/transaction"}',
  "1": { elapsedMs: 1211, operation: "state.write" },
  "2": "slow SQLite transaction hold",
  _meta: { date: "2026-11-25T02:24:01.260Z", logLevelName: "WARN", name: '{"subsystem":"sqlite/transaction"}' },
  time: "2026-11-25T02:24:01.260+00:00",
  hostname: "vm",
  traceId: "4bf92f35",
  message: "slow SQLite transaction hold",
});

describe("a line of the log", () => {
  test("shows when, how bad, who and what", () => {
    expect(parseLine(written, 7)).toMatchObject({
      id: 7,
      atMs: Date.UTC(2026, 10, 25, 2, 24, 1, 260),
      level: "warn",
      source: "sqlite/transaction",
      message: "slow SQLite transaction hold",
      traceId: "4bf92f35",
    });
  });

  test("that is not JSON is shown as text", () => {
    expect(parseLine("panic: {oops", 0)).toMatchObject({
      level: "info",
      source: "",
      message: "panic: {oops",
      atMs: null,
    });
    expect(parseLine("{broken", 0).message).toBe("{broken");
  });

  test("of an older logger has no message of its own: its arguments make one", () => {
    const older = JSON.stringify({
      "0": '{"module":"cron"}',
      "1": "armed",
      "2": { jobs: 3 },
      _meta: { logLevelName: "INFO", name: '{"module":"cron"}' },
    });

    expect(parseLine(older, 0)).toMatchObject({ source: "cron", message: 'armed {"jobs":3}' });
  });

  test("whose level nobody knows is information", () => {
    expect(parseLine('{"message":"x","_meta":{"logLevelName":"SILLY"}}', 0).level).toBe("info");
  });

  test("keeps the objects that were logged with it for its details", () => {
    expect(fieldsOf(readObject(written) ?? {})).toEqual({ elapsedMs: 1211, operation: "state.write" });
  });
});
