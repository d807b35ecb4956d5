import { DoorError } from "@vestibule/client";
import { settled } from "@vestibule/client/testing";
import { act, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { renderPanel, type RenderPanelOptions } from "@/shell/testing";
import Logs from "./panel";

const line = (level: string, message: string) =>
  JSON.stringify({
    message,
    time: "2026-11-25T02:00:00Z",
    _meta: { logLevelName: level, name: '{"subsystem":"cron"}' },
  });

/** A log that grows: each question is answered from the cursor on. */
function growing() {
  const written = [line("INFO", "started"), line("WARN", "slow transaction"), line("ERROR", "job failed")];
  const tail = (params: unknown) => {
    const cursor = hasCursor(params) ? params.cursor : 0;
    return { cursor: written.length, size: written.length, lines: written.slice(cursor) };
  };
  return { written, tail };
}
const hasCursor = (params: unknown): params is { cursor: number } =>
  typeof params === "object" && params !== null && "cursor" in params;

const show = (options: RenderPanelOptions) => renderPanel(<Logs />, options);
const asked = (fake: ReturnType<typeof show>["fake"]) =>
  fake.requests.filter((request) => request.method === "logs.tail").map((request) => request.params);
const pass = (durationMs: number) => act(() => vi.advanceTimersByTimeAsync(durationMs));

beforeEach(() => {
  // The list lays out only what fits: it has to have a height.
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(600);
});

afterEach(() => void vi.useRealTimers());

it("shows the end of the log, by level and by word", async () => {
  show({ answers: { "logs.tail": growing().tail } });

  expect(await screen.findByText("slow transaction")).toBeTruthy();
  await userEvent.click(screen.getByRole("radio", { name: /Errors/ }));
  await waitFor(() => expect(screen.queryByText("slow transaction")).toBeNull());
  expect(screen.getByText("job failed")).toBeTruthy();

  await userEvent.type(screen.getByLabelText("Search the log"), "zork");
  expect(await screen.findByText("No line matches")).toBeTruthy();
});

it("says which file it is to who may see that, and nothing in its place to others", async () => {
  const { fake } = show({ answers: { "logs.tail": { cursor: 1, size: 1, lines: [], file: "/var/log/gateway.log" } } });
  expect(await screen.findByText(/gateway\.log/)).toBeTruthy();

  fake.on("logs.tail", () => ({ cursor: 2, size: 2, lines: [], file: "(hidden)" }));
  await waitFor(() => expect(screen.queryByText(/gateway\.log/)).toBeNull(), { timeout: 4_000 });
  expect(screen.queryByText(/\(hidden\)/)).toBeNull();
});

it("opens a line with everything it holds", async () => {
  show({ answers: { "logs.tail": growing().tail } });

  await userEvent.click(await screen.findByText("job failed"));

  expect((await screen.findByRole("dialog")).textContent).toContain("job failed");
});

describe("following", () => {
  beforeEach(() => void vi.useFakeTimers());

  it("goes on at the cursor of the last answer, and stops while paused", async () => {
    const log = growing();
    const { fake } = show({ answers: { "logs.tail": log.tail } });
    await act(settled);
    log.written.push(line("INFO", "one more"));
    await pass(1_000);

    expect(asked(fake).at(-1)).toMatchObject({ cursor: 3 });
    expect(screen.getByText("one more")).toBeTruthy();

    act(() => screen.getByRole("button", { name: "Pause" }).click());
    const before = asked(fake).length;
    await pass(30_000);
    expect(asked(fake)).toHaveLength(before);
  });

  it("asks ever more slowly while it fails, keeps its lines, and says why", async () => {
    const log = growing();
    let fails = false;
    const { fake } = show({
      answers: {
        "logs.tail": (params: unknown) => {
          if (fails) throw new DoorError("UNAVAILABLE", "log file is gone");
          return log.tail(params);
        },
      },
    });
    await act(settled);
    fails = true;
    await pass(1_000);

    expect(screen.getByRole("alert").textContent).toContain("log file is gone");
    expect(screen.getByText("job failed")).toBeTruthy();
    const before = asked(fake).length;
    await pass(28_000);
    expect(asked(fake).length - before).toBeLessThanOrEqual(3);
  });
});

it("is not offered by a gateway without it, and does not ask again", async () => {
  const { fake } = show({ answers: {}, gateway: { methods: ["logs.tail"] } });
  fake.on("logs.tail", () => {
    throw new DoorError("INVALID_REQUEST", "unknown method: logs.tail");
  });

  expect(await screen.findByText("Not offered by this gateway")).toBeTruthy();
});
