import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { DoorError } from "@vestibule/react";
import { settled } from "@vestibule/client/testing";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { PanelPage } from "@/shell/panel/panel-page";
import { renderPanel } from "@/shell/testing";
import { panels } from ".";
import { belongTo } from "./debug/session";

/** What a panel is about: the read it stands on. */
type Row = {
  id: string;
  read: string;
  answer: unknown;
  /** To be read with that answer. */
  shows: string | RegExp;
  empty: unknown;
  /** To be read with the empty one. */
  says: string;
  /** Other reads, without which there would be other errors to see. */
  beside?: Readonly<Record<string, unknown>>;
  /** Where nothing is read before somebody asks. */
  ask?: () => Promise<void>;
};

const totals = { input: 1, output: 1, cacheRead: 0, cacheWrite: 0, totalTokens: 2, totalCost: 0.5 };
const none = { ...totals, input: 0, output: 0, totalTokens: 0, totalCost: 0 };
const aggregates = { byModel: [], byAgent: [], byChannel: [], daily: [] };
const line = JSON.stringify({ message: "listening", time: "2026-11-25T02:00:00Z", _meta: { logLevelName: "INFO" } });
const job = {
  id: "j1",
  name: "Morning brief",
  enabled: true,
  schedule: { kind: "every", everyMs: 60_000 },
  sessionTarget: "isolated",
  wakeMode: "now",
  payload: { kind: "agentTurn", message: "Brief me" },
  state: {},
};

const ROWS: readonly Row[] = [
  {
    id: "overview",
    read: "health",
    answer: { ok: true, ts: 1, channels: { telegram: { running: true } } },
    shows: "1 working",
    empty: { ok: true, ts: 1 },
    says: "none set up",
  },
  {
    id: "sessions",
    read: "sessions.list",
    answer: { sessions: [{ key: "agent:main:x", label: "Dinner plans" }], totalCount: 1 },
    shows: "Dinner plans",
    empty: { sessions: [], totalCount: 0 },
    says: "No sessions yet",
  },
  {
    id: "cron",
    read: "cron.list",
    answer: { jobs: [job], total: 1 },
    shows: "Morning brief",
    empty: { jobs: [], total: 0 },
    says: "No jobs yet",
  },
  {
    id: "usage",
    read: "usage.cost",
    answer: { daily: [], totals },
    shows: "$0.50",
    empty: { daily: [], totals: none },
    says: "Nothing used in this range",
  },
  {
    id: "agents",
    read: "agents.list",
    answer: { defaultId: "main", agents: [{ id: "main", name: "Ada's agent" }] },
    shows: "Ada's agent",
    empty: { defaultId: "main", agents: [] },
    says: "No agents",
  },
  {
    id: "channels",
    read: "channels.status",
    answer: {
      channelOrder: ["telegram"],
      channelLabels: { telegram: "Telegram" },
      channelAccounts: { telegram: [{ accountId: "default" }] },
    },
    shows: "Telegram",
    empty: { channelOrder: [], channelLabels: {}, channelAccounts: {} },
    says: "No channel is set up",
  },
  {
    id: "skills",
    read: "skills.status",
    answer: {
      skills: [
        { name: "weather", skillKey: "weather", source: "workspace", disabled: false, eligible: true, missing: {} },
      ],
    },
    shows: "weather",
    empty: { skills: [] },
    says: "No skills",
  },
  {
    id: "config",
    read: "config.get",
    answer: { exists: true, valid: true, raw: "{}", hash: "h", issues: [], warnings: [] },
    shows: "valid",
    empty: { exists: false, valid: true, raw: null, hash: "h", issues: [], warnings: [] },
    says: "no file yet",
  },
  {
    id: "instances",
    read: "system-presence",
    answer: [{ ts: 1, host: "Pixel", mode: "node" }],
    shows: "Pixel",
    empty: [],
    says: "Nothing tells that it is connected",
    beside: { "door.clients": { clients: [] } },
  },
  {
    id: "nodes",
    read: "node.list",
    answer: { nodes: [{ nodeId: "n1", displayName: "Kitchen tablet", connected: true }] },
    shows: "Kitchen tablet",
    empty: { nodes: [] },
    says: "No nodes yet",
  },
  {
    id: "logs",
    read: "logs.tail",
    answer: { cursor: 1, size: 1, lines: [line] },
    shows: "listening",
    empty: { cursor: 0, size: 0, lines: [] },
    says: "No lines yet",
  },
  {
    id: "debug",
    read: "status",
    answer: { runtimeVersion: "2026.9.6" },
    shows: /2026\.9\.6/,
    empty: {},
    says: "No answer yet",
    ask: async () => userEvent.click(await screen.findByRole("button", { name: /^Call/ })),
  },
];

/** Beside its own read; usage counts sessions too. */
const show = ({ id, read, beside }: Row, answer: unknown) =>
  renderPanel(<PanelPage id={id} />, {
    hash: `#/panels/${id}`,
    answers: { ...beside, ...(id === "usage" && { "sessions.usage": usedBy(answer) }), [read]: answer },
  });
const usedBy = (answer: unknown) => ({
  sessions: [],
  totals: typeof answer === "object" && answer !== null && "totals" in answer ? answer.totals : totals,
  aggregates,
});
const refuse = () => {
  throw new DoorError("INVALID_REQUEST", "the disk is on fire");
};

beforeEach(() => {
  // Lists lay out only what fits: they have to have a height.
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(600);
  vi.spyOn(HTMLElement.prototype, "offsetHeight", "get").mockReturnValue(60);
  // What was called stays as long as the page, for whoever called it.
  belongTo("somebody else");
});

it("every panel has its row", () => {
  expect(ROWS.map(({ id }) => id)).toEqual(panels.map(({ id }) => id));
});

describe.each(ROWS)("$id", (row) => {
  it("says that it loads while the answer is awaited", async () => {
    const { fake } = show(row, () => new Promise(() => undefined));
    await row.ask?.();

    await waitFor(() => expect(fake.requests.map(({ method }) => method)).toContain(row.read));
    expect((await screen.findAllByText(/^Loading/))[0]?.closest("[role=status]")).toBeTruthy();
    expect(screen.queryByText(row.says)).toBeNull();
  });

  it("shows the gateway's words when it cannot answer, and what there is when tried again", async () => {
    const { fake } = show(row, refuse);
    await row.ask?.();

    const alert = await screen.findByRole("alert");
    expect(alert.textContent).toContain("the disk is on fire");
    fake.on(row.read, () => row.answer);
    await userEvent.click(within(alert).getByRole("button", { name: "Try again" }));

    expect((await screen.findAllByText(row.shows)).length).toBeGreaterThan(0);
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("says in words that there is nothing", async () => {
    show(row, row.empty);

    expect((await screen.findAllByText(row.says)).length).toBeGreaterThan(0);
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("keeps what it shows while the door is away (W12)", async () => {
    const { fake } = show(row, row.answer);
    await row.ask?.();
    await screen.findAllByText(row.shows);

    await act(async () => {
      fake.fault("refuse").drop();
      await settled();
    });

    expect(fake.open).toBe(0);
    expect(screen.getAllByText(row.shows).length).toBeGreaterThan(0);
    expect(screen.queryByRole("alert")).toBeNull();
  });
});
