import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { DoorError } from "@vestibule/react";
import { describe, expect, it } from "vitest";
import { renderPanel, type RenderPanelOptions } from "@/shell/testing";
import Overview from "./panel";

const health = {
  ok: true,
  ts: Date.now(),
  channels: {},
  defaultAgentId: "main",
  agents: [{ agentId: "main" }],
  sessions: { count: 3, recent: [{ key: "agent:main:main", updatedAt: Date.now() }] },
  eventLoop: { degraded: false, delayP99Ms: 12, utilization: 0.25 },
};
const answers = {
  health,
  status: {
    runtimeVersion: "2026.9.6",
    heartbeat: { agents: [{ agentId: "main", enabled: true, every: "30m" }] },
    tasks: { total: 4, active: 1, failures: 0 },
  },
  "system.info": { uptimeMs: 90_000, cpuCount: 2, loadAverage: [1, 1, 1], memoryTotalBytes: 100, memoryFreeBytes: 50 },
  "tasks.list": { tasks: [{ id: "t1", status: "running", title: "Weekly report", startedAt: Date.now() }] },
  "last-heartbeat": null,
  "cron.status": { enabled: true, jobs: 2, nextWakeAtMs: Date.now() + 3_600_000 },
  "models.list": { models: [{ id: "large", provider: "demo", tags: ["default"] }] },
  "models.authStatus": { providers: [] },
  "update.status": { updateAvailable: { currentVersion: "2026.9.6", latestVersion: "2026.10.1" } },
  "gateway.restart.preflight": { safe: false, blockers: [{ message: "1 run is going on" }] },
  "gateway.restart.request": { ok: true },
  "set-heartbeats": { ok: true, enabled: false },
  wake: { ok: true },
  "system-event": { ok: true },
  "update.run": { ok: true },
};

const show = (options: RenderPanelOptions = {}) => renderPanel(<Overview />, { answers, ...options });
const sent = (fake: ReturnType<typeof show>["fake"], method: string) =>
  fake.requests.filter((one) => one.method === method).map((one) => one.params);

describe("what one sees", () => {
  it("is whether it is well, how loaded, what runs, and the ways to the rest", async () => {
    show();

    expect(await screen.findByText("All is well")).toBeTruthy();
    expect(await screen.findByText("demo/large")).toBeTruthy();
    expect(await screen.findByText("Weekly report")).toBeTruthy();
    expect(await screen.findByText("OpenClaw 2026.10.1")).toBeTruthy();
    expect(screen.getByRole("meter", { name: "Event loop" }).getAttribute("aria-valuetext")).toBe("25 %");
    expect(screen.getByRole("link", { name: /Sessions 3/ }).getAttribute("href")).toBe("#/panels/sessions");
  });

  it("W7: follows the health event without asking again", async () => {
    const { fake } = show();
    await screen.findByText("All is well");
    const asked = sent(fake, "health").length;

    act(() => void fake.event("health", { ...health, ts: health.ts + 1, ok: false }));

    expect(await screen.findByText("The gateway says it is not well")).toBeTruthy();
    expect(sent(fake, "health").length).toBe(asked);
  });

  it("W12: stays, and says so, when the gateway goes away", async () => {
    const { fake } = show();
    await screen.findByText("All is well");

    act(() => void fake.gateway({ state: "down", reason: "gone" }));

    expect(await screen.findByText("Not reachable at the moment")).toBeTruthy();
    expect(screen.getByRole("link", { name: /Sessions 3/ })).toBeTruthy();
  });

  it("an older gateway has less, and nothing is asked that it does not offer", async () => {
    const { fake } = show({ gateway: { methods: ["health", "status", "wake"], protocol: 3 } });

    expect(await screen.findByText("All is well")).toBeTruthy();
    expect(screen.queryByText("Background tasks")).toBeNull();
    expect(screen.queryByRole("meter", { name: "Processor" })).toBeNull();
    await userEvent.click(screen.getByRole("button", { name: "More actions" }));
    const restart = screen.getByRole("menuitem", { name: /Restart the gateway/ });
    expect(restart.getAttribute("aria-disabled")).toBe("true");
    expect(restart.textContent).toContain("Not offered by this gateway: gateway.restart.request");
    expect(sent(fake, "gateway.restart.preflight")).toEqual([]);
  });
});

describe("what one does", () => {
  it("wakes the agent with a few words", async () => {
    const { fake } = show();
    await screen.findByText("All is well");

    await userEvent.click(screen.getByRole("button", { name: "Wake…" }));
    await userEvent.type(screen.getByRole("textbox", { name: "What for" }), "look at the backup");
    await userEvent.click(screen.getByRole("button", { name: "Wake" }));

    await waitFor(() => expect(sent(fake, "wake")).toEqual([{ mode: "now", text: "look at the backup" }]));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });

  it("W10: what the gateway says against it is said in the dialog, which stays open", async () => {
    const refuse = () => {
      throw new DoorError("UNAVAILABLE", "heartbeat runner is stopped");
    };
    show({ answers: { ...answers, wake: refuse } });
    await screen.findByText("All is well");

    await userEvent.click(screen.getByRole("button", { name: "Wake…" }));
    await userEvent.type(screen.getByRole("textbox", { name: "What for" }), "x");
    await userEvent.click(screen.getByRole("button", { name: "Wake" }));

    const dialog = within(screen.getByRole("dialog"));
    expect((await dialog.findByRole("alert")).textContent).toContain("heartbeat runner is stopped");
  });

  it("restarts only after a look at what that interrupts", async () => {
    const { fake } = show();
    await screen.findByText("All is well");

    await userEvent.click(screen.getByRole("button", { name: "More actions" }));
    await userEvent.click(screen.getByRole("menuitem", { name: /Restart the gateway/ }));
    expect(await screen.findByText("1 run is going on")).toBeTruthy();
    expect(sent(fake, "gateway.restart.request")).toEqual([]);
    await userEvent.type(screen.getByRole("textbox", { name: "Reason" }), "new plugin");
    await userEvent.click(screen.getByRole("button", { name: "Restart gateway" }));

    await waitFor(() => expect(sent(fake, "gateway.restart.request")).toEqual([{ reason: "new plugin" }]));
  });

  it("switches heartbeats off, and back again where that fails", async () => {
    const refuse = () => {
      throw new DoorError("INVALID_REQUEST", "not now");
    };
    show({ answers: { ...answers, "set-heartbeats": refuse } });
    const toggle = await screen.findByRole("switch", { name: "Send heartbeats" });

    await userEvent.click(toggle);

    expect((await screen.findByRole("alert")).textContent).toContain("not now");
    expect(toggle.getAttribute("aria-checked")).toBe("true");
  });

  it("a viewer may look, not act", async () => {
    show({ gateway: { scopes: ["operator.read"] } });

    await screen.findByText("All is well");
    expect(screen.getByRole("button", { name: "Wake…" }).getAttribute("aria-disabled")).toBe("true");
    expect(screen.getByRole("switch").hasAttribute("disabled")).toBe(true);
  });
});
