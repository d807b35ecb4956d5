import { DoorError } from "@vestibule/client";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { useApprovals, useChat, type Approval } from "../src/index.js";
import { World } from "./world.js";

beforeEach(() => void vi.useFakeTimers());

function row(id: string, command = "date", fields: Record<string, unknown> = {}) {
  const request = {
    command,
    cwd: "/work",
    host: "gateway",
    agentId: "main",
    sessionKey: "agent:main:main",
    runId: "r1",
    toolCallId: "c1",
    allowedDecisions: ["allow-once", "allow-always", "deny"],
  };
  return { approvalKind: "exec", id, request, createdAtMs: Date.now(), expiresAtMs: Date.now() + 60_000, ...fields };
}

class ApprovalWorld extends World {
  rows: unknown[] = [];

  constructor() {
    super();
    this.fake.on("exec.approval.list", () => this.rows);
  }
}

const first = (approvals: readonly Approval[]): Approval => {
  const [approval] = approvals;
  if (approval === undefined) throw new Error("no approval");
  return approval;
};

describe("useApprovals", () => {
  it("begins with what waits already, and hears of more", async () => {
    const world = new ApprovalWorld();
    world.rows = [row("a1")];
    const { result } = await world.hook(useApprovals);
    await world.settle(() => world.fake.event("exec.approval.requested", row("a2", "ls")));

    expect(result.current.pending.map(({ command }) => command)).toEqual(["date", "ls"]);
    expect(first(result.current.pending)).toMatchObject({
      key: "exec:a1",
      kind: "exec",
      cwd: "/work",
      sessionKey: "agent:main:main",
      decisions: ["allow-once", "allow-always", "deny"],
      state: { at: "pending" },
    });
  });

  it("asks only for the lists the gateway offers, and only if one may decide", async () => {
    const offered = new ApprovalWorld();
    await offered.hook(useApprovals);
    expect(offered.asked("exec.approval.list")).toBe(1);
    expect(offered.asked("plugin.approval.list")).toBe(0);

    const viewer = new ApprovalWorld();
    viewer.fake.signIn(() => ({ scopes: ["operator.read"] })).gateway({ scopes: ["operator.read"] });
    await viewer.hook(useApprovals);
    expect(viewer.asked("exec.approval.list")).toBe(0);
  });

  it("decides, and says that it was us", async () => {
    const world = new ApprovalWorld();
    world.rows = [row("a1")];
    const decided = vi.fn(() => ({ ok: true }));
    world.fake.on("exec.approval.resolve", decided);
    const { result } = await world.hook(useApprovals);
    await world.settle(() => result.current.resolve(first(result.current.pending), "allow-once"));

    expect(decided).toHaveBeenCalledWith({ id: "a1", decision: "allow-once" }, expect.anything());
    expect(result.current.pending).toEqual([]);
    expect(first(result.current.settled).state).toEqual({
      at: "resolved",
      decision: "allow-once",
      by: null,
      byUs: true,
    });
  });

  it("somebody else was first: no failure, but who", async () => {
    const world = new ApprovalWorld();
    world.rows = [row("a1")];
    world.fake.on("exec.approval.resolve", () => {
      const details = { reason: "APPROVAL_ALREADY_RESOLVED", resolvedBy: "grace" };
      throw new DoorError("INVALID_REQUEST", "approval already resolved", { details });
    });
    const { result } = await world.hook(useApprovals);
    await world.settle(() => result.current.resolve(first(result.current.pending), "deny"));

    expect(first(result.current.settled).state).toMatchObject({ at: "resolved", by: "grace", byUs: false });
  });

  it.each(["deny", "allow-once"])(
    "somebody else was first, and the news of it (%s) come before the refusal",
    async (decision) => {
      const world = new ApprovalWorld();
      world.rows = [row("a1")];
      world.fake.on("exec.approval.resolve", () => {
        world.fake.event("exec.approval.resolved", { id: "a1", decision, resolvedBy: "grace" });
        const details = { reason: "APPROVAL_ALREADY_RESOLVED", decision };
        throw new DoorError("INVALID_REQUEST", "approval already resolved", { details });
      });
      const { result } = await world.hook(useApprovals);
      await world.settle(() => result.current.resolve(first(result.current.pending), "deny"));

      expect(first(result.current.settled).state).toEqual({ at: "resolved", decision, by: "grace", byUs: false });
    },
  );

  it("is told when somebody else decides", async () => {
    const world = new ApprovalWorld();
    world.rows = [row("a1")];
    const { result } = await world.hook(useApprovals);
    const payload = { id: "a1", decision: "deny", resolvedBy: "grace" };
    await world.settle(() => world.fake.event("exec.approval.resolved", payload));

    expect(first(result.current.settled).state).toEqual({ at: "resolved", decision: "deny", by: "grace", byUs: false });
  });

  it("W10: a decision that did not get through is thrown, and shown at the approval", async () => {
    const world = new ApprovalWorld();
    world.rows = [row("a1")];
    world.fake.on("exec.approval.resolve", () => {
      throw new DoorError("FORBIDDEN", "Your role may not.");
    });
    const { result } = await world.hook(useApprovals);
    await world.settle(async () => {
      await expect(result.current.resolve(first(result.current.pending), "deny")).rejects.toThrow("Your role may not.");
    });

    expect(first(result.current.pending)).toMatchObject({ state: { at: "pending" }, error: { code: "FORBIDDEN" } });
  });

  it("what nobody decided expires", async () => {
    const world = new ApprovalWorld();
    world.rows = [row("a1")];
    const { result } = await world.hook(useApprovals);
    await world.after(60_001);

    expect(result.current.pending).toEqual([]);
    expect(first(result.current.settled).state).toEqual({ at: "expired" });
  });

  it("what the gateway denies because nobody decided in time has expired", async () => {
    const world = new ApprovalWorld();
    world.rows = [row("a1")];
    const { result } = await world.hook(useApprovals);
    const ts = first(result.current.pending).expiresAtMs;
    await world.settle(() =>
      world.fake.event("exec.approval.resolved", { id: "a1", decision: "deny", resolvedBy: null, ts }),
    );

    expect(first(result.current.settled).state).toEqual({ at: "expired" });
  });

  it("W8: after something was missed the list says what is still open", async () => {
    const world = new ApprovalWorld();
    world.rows = [row("a1"), row("a2", "ls")];
    const { result } = await world.hook(useApprovals);
    world.rows = [row("a2", "ls"), row("a3", "pwd")];
    await world.settle(() => world.fake.restart());
    await world.after(100);

    expect(result.current.pending.map(({ id }) => id)).toEqual(["a2", "a3"]);
    expect(first(result.current.settled)).toMatchObject({ id: "a1", state: { at: "resolved", by: null } });
  });

  it("W6: nothing of the previous user is left", async () => {
    const world = new ApprovalWorld();
    let member = "ada";
    world.fake.signIn(() => ({ member, owner: member }));
    world.rows = [row("a1")];
    const { result } = await world.hook(useApprovals);
    member = "bob";
    world.rows = [];
    await world.settle(() => world.fake.drop());
    await world.after(100);

    expect([...result.current.pending, ...result.current.settled]).toEqual([]);
  });

  it("a conversation has those of its own session", async () => {
    const world = new ApprovalWorld();
    world.fake.on("chat.history", () => ({ messages: [] }));
    const elsewhere = row("a2");
    world.rows = [row("a1"), { ...elsewhere, request: { ...elsewhere.request, sessionKey: "agent:other:main" } }];
    const { result } = await world.hook(() => useChat({ agent: "main" }));

    expect(result.current.approvals.map(({ id }) => id)).toEqual(["a1"]);
  });
});
