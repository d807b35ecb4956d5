import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { renderPanel, type RenderPanelOptions } from "@/shell/testing";
import Usage from "./panel";
import { dayOf } from "./range";

const today = dayOf(Date.now());
const totals = (tokens: number, cost = 0) => ({
  input: tokens,
  output: 0,
  cacheRead: 0,
  cacheWrite: 0,
  totalTokens: tokens,
  totalCost: cost,
  missingCostEntries: 2,
});
const session = {
  key: "agent:main:taxes",
  agentId: "main",
  usage: { ...totals(900), dailyBreakdown: [{ date: today, tokens: 900, cost: 0 }] },
};
const answers = {
  "usage.cost": { daily: [{ date: today, ...totals(1_500, 0.3) }], totals: totals(1_500, 0.3) },
  "sessions.usage": {
    sessions: [session],
    totals: totals(1_500, 0.3),
    aggregates: {
      byModel: [{ provider: "demo", model: "large", count: 3, totals: totals(1_500) }],
      byAgent: [{ agentId: "main", totals: totals(1_500) }],
      byChannel: [],
      modelDaily: [{ date: today, provider: "demo", model: "large", tokens: 1_500, cost: 0.3 }],
      daily: [{ date: today, tokens: 1_500, cost: 0.3 }],
    },
  },
  "sessions.usage.timeseries": {
    points: [{ timestamp: Date.now(), totalTokens: 900, cumulativeTokens: 900, cumulativeCost: 0 }],
  },
  "sessions.usage.logs": {
    logs: [
      { timestamp: 1, role: "user", content: "How much do I **owe**?" },
      { timestamp: 2, role: "assistant", content: "12 euros.", tokens: 900, cost: 0.02 },
    ],
  },
  "usage.status": {
    providers: [{ provider: "demo", displayName: "Demo", windows: [{ label: "5h", usedPercent: 40 }] }],
  },
};

const show = (options: RenderPanelOptions = {}) =>
  renderPanel(<Usage />, { answers, hash: "#/panels/usage", ...options });
const sent = (fake: ReturnType<typeof show>["fake"], method: string) =>
  fake.requests.filter((one) => one.method === method).map((one) => one.params);

describe("Usage", () => {
  afterEach(() => void vi.useRealTimers());

  it("shows what was used, as a lower bound where prices are missing", async () => {
    show();

    expect(await screen.findByText("≥ $0.30")).toBeTruthy();
    expect(await screen.findByText("demo/large")).toBeTruthy();
    expect(screen.getByText("5h: 40 % used")).toBeTruthy();
    const table = within(await screen.findByRole("table", { name: "Tokens per day, by kind" }));
    expect(table.getAllByRole("row")[1]?.textContent).toContain("1,500");
  });

  it("splits the days by model", async () => {
    show();

    await userEvent.click(await screen.findByRole("radio", { name: "Model" }));

    const table = within(await screen.findByRole("table", { name: "Tokens per day, by model" }));
    expect(table.getByRole("columnheader", { name: "demo/large" })).toBeTruthy();
  });

  it("asks for the days of a range, and nothing the gateway would refuse", async () => {
    const { fake } = show();
    await screen.findByText("≥ $0.30");

    await userEvent.click(screen.getByRole("radio", { name: "7 days" }));

    const startDate = dayOf(Date.now() - 6 * 86_400_000);
    const asked = { startDate, endDate: today, agentScope: "all" };
    await waitFor(() => expect(sent(fake, "usage.cost").at(-1)).toEqual(asked));
    await waitFor(() => expect(sent(fake, "sessions.usage").at(-1)).toEqual({ ...asked, limit: 200 }));
  });

  it("asks for all there ever was, and draws it from the first day on", async () => {
    const { fake } = show();
    await screen.findByText("≥ $0.30");

    await userEvent.click(screen.getByRole("radio", { name: "All" }));

    const asked = { startDate: "1970-01-01", endDate: today, agentScope: "all" };
    await waitFor(() => expect(sent(fake, "usage.cost").at(-1)).toEqual(asked));
    const table = within(await screen.findByRole("table", { name: "Tokens per day, by kind" }));
    expect(table.getAllByRole("row")).toHaveLength(2);
  });

  it("asks again while the gateway is still counting", async () => {
    let asked = 0;
    const counting = () => {
      asked += 1;
      const done = { ...answers["usage.cost"], cacheStatus: { status: "fresh" } };
      return asked < 3 ? { daily: [], totals: totals(0), cacheStatus: { status: "refreshing" } } : done;
    };
    show({ answers: { ...answers, "usage.cost": counting } });

    expect(await screen.findByText("The gateway is counting…")).toBeTruthy();
    await waitFor(() => expect(screen.queryByText("The gateway is counting…")).toBeNull(), { timeout: 8_000 });
  }, 10_000);

  it("asks again for each range from the first wait on, not on and on", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const user = userEvent.setup({ advanceTimers: (ms) => vi.advanceTimersByTime(ms) });
    const none = { daily: [], totals: totals(0), cacheStatus: { status: "refreshing" } };
    const { fake } = show({ answers: { ...answers, "usage.cost": none } });
    const asked = () => sent(fake, "usage.cost").length;
    const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));
    await screen.findByText("The gateway is counting…");
    await pass(20_000);
    const before = asked();
    await pass(20_000);
    expect(asked()).toBe(before);

    await user.click(screen.getByRole("radio", { name: "7 days" }));
    await pass(20_000);

    expect(asked()).toBe(before + 4);
  });

  it("shows a session answer by answer", async () => {
    show({ hash: `#/panels/usage/${encodeURIComponent(session.key)}` });

    const sheet = within(await screen.findByRole("dialog", { name: "taxes" }));
    expect(await sheet.findByRole("table", { name: "Tokens of the session over time" })).toBeTruthy();
    const messages = within(await sheet.findByRole("list", { name: "Messages of the session" })).getAllByRole(
      "listitem",
    );
    expect(messages[0]?.textContent).toContain("900 tokens$0.02");
    expect(messages[1]?.textContent).toContain("How much do I owe?");
  });

  it("an older gateway counts all agents together and gets no scope", async () => {
    const { fake } = show({ gateway: { protocol: 3, methods: ["usage.cost"] } });

    expect(await screen.findByText("≥ $0.30")).toBeTruthy();
    expect(Object.keys(sent(fake, "usage.cost").at(-1) ?? {})).toEqual(["startDate", "endDate"]);
    expect(screen.queryByRole("radio", { name: "Model" })).toBeNull();
  });
});
