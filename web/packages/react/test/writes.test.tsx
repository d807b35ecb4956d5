import { DoorError } from "@vestibule/client";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { useGatewayAction, useGatewayRpc, useOptimisticRpc } from "../src/index.js";
import { World } from "./world.js";

interface Job {
  readonly id: string;
  readonly enabled: boolean;
}

describe("useGatewayAction", () => {
  it("W10: keeps the gateway's own message for the place where the user acted", async () => {
    const world = new World();
    world.fake.on("cron.remove", () => {
      throw new DoorError("INVALID_REQUEST", "unknown cron job");
    });
    const { result } = await world.hook(() => useGatewayAction("cron.remove"));
    await world.settle(async () => {
      await expect(result.current.run({ id: "x" })).resolves.toBeUndefined();
    });
    expect(result.current).toMatchObject({ isRunning: false, error: { message: "unknown cron job" } });

    await world.settle(() => result.current.reset());
    expect(result.current.error).toBeNull();
  });

  it("is running until the answer comes", async () => {
    const world = new World();
    let answer: (payload: unknown) => void = () => undefined;
    world.fake.on("skills.install", () => new Promise((resolve) => (answer = resolve)));
    const { result } = await world.hook(() =>
      useGatewayAction<{ ok: boolean }>("skills.install", { timeoutMs: 120_000 }),
    );
    await world.settle(() => void result.current.run({ name: "x" }));
    expect(result.current.isRunning).toBe(true);
    expect(world.fake.requests.at(-1)).toMatchObject({ method: "skills.install", timeoutMs: 120_000 });

    await world.settle(() => answer({ ok: true }));
    expect(result.current).toMatchObject({ isRunning: false, data: { ok: true } });
  });
});

describe("useOptimisticRpc", () => {
  beforeEach(() => void vi.useFakeTimers());

  function setUp(world: World) {
    const job = { id: "j1", enabled: true };
    world.fake.on("cron.list", () => ({ jobs: [{ ...job }] }));
    const use = () => {
      const jobs = useGatewayRpc<{ jobs: readonly Job[] }>("cron.list");
      const toggle = useOptimisticRpc(jobs, "cron.update", (before, { id, enabled }: Job) => ({
        jobs: before.jobs.map((each) => (each.id === id ? { ...each, enabled } : each)),
      }));
      return { enabled: jobs.data?.jobs[0]?.enabled, toggle };
    };
    return { job, use };
  }

  it("is shown at once and asked for anew in the end", async () => {
    const world = new World();
    const { job, use } = setUp(world);
    let answer: () => void = () => undefined;
    world.fake.on("cron.update", () => new Promise<void>((resolve) => (answer = resolve)));
    const { result } = await world.hook(use);

    await world.settle(() => void result.current.toggle({ id: "j1", enabled: false }));
    expect(result.current.enabled).toBe(false);
    job.enabled = false;
    await world.settle(() => answer());

    expect(result.current.enabled).toBe(false);
    expect(world.asked("cron.list")).toBe(2);
  });

  it("stays as shown while the gateway still reads its old config", async () => {
    const world = new World();
    const { use } = setUp(world);
    const { result } = await world.hook(use);
    const answers = [true, false];
    world.fake.on("cron.update", () => ({}));
    world.fake.on("cron.list", () => ({ jobs: [{ id: "j1", enabled: answers.shift() ?? false }] }));

    await world.settle(() => void result.current.toggle({ id: "j1", enabled: false }));
    expect(answers).toHaveLength(1);
    expect(result.current.enabled).toBe(false);

    await world.after(100);
    expect(answers).toHaveLength(0);
    expect(result.current.enabled).toBe(false);
  });

  it("shows in the end what the gateway says, even where that is something else", async () => {
    const world = new World();
    const { use } = setUp(world);
    const { result } = await world.hook(use);
    world.fake.on("cron.update", () => ({}));

    await world.settle(() => void result.current.toggle({ id: "j1", enabled: false }));
    await world.after(3_100);
    expect(result.current.enabled).toBe(true);
  });

  it("W10: is taken back, and rejects with the gateway's own message", async () => {
    const world = new World();
    const { use } = setUp(world);
    world.fake.on("cron.update", () => {
      throw new DoorError("FORBIDDEN", "Your role may not.");
    });
    const { result } = await world.hook(use);
    await world.settle(async () => {
      await expect(result.current.toggle({ id: "j1", enabled: false })).rejects.toThrow("Your role may not.");
    });

    expect(result.current.enabled).toBe(true);
  });
});
