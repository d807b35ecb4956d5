import { DoorError } from "@vestibule/client";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { useQuestions } from "../src/index.js";
import { World } from "./world.js";

beforeEach(() => void vi.useFakeTimers());

const lunch = {
  id: "q1",
  status: "pending",
  agentId: "main",
  sessionKey: "agent:main:main",
  runId: "r1",
  expiresAtMs: 2,
  questions: [
    { questionId: "dish", header: "Lunch", question: "Which one?", options: [{ label: "Soup" }, { label: "Salad" }] },
    { questionId: "note", header: "Note", question: "Anything else?", options: [], isSecret: true },
  ],
};

async function asked(world: World, rows: unknown[]) {
  world.fake.on("question.list", () => ({ questions: rows }));
  world.fake.on("question.resolve", () => ({ status: "answered" }));
  const { result } = await world.hook(() => useQuestions());
  const first = () => {
    const [question] = result.current.pending;
    if (question === undefined) throw new Error("no question");
    return question;
  };
  return { result, first };
}

describe("useQuestions", () => {
  it("has what waits, as the gateway has it, and nothing that is no question", async () => {
    const { result } = await asked(new World(), [lunch, { ...lunch, id: "q0", status: "expired" }, { id: "odd" }]);
    expect(result.current.pending).toEqual([lunch]);
  });

  it("answers, and asks anew without waiting for the event", async () => {
    const world = new World();
    const rows = [lunch];
    const { result, first } = await asked(world, rows);
    rows.pop();
    await world.settle(() => result.current.resolve(first(), { dish: ["Soup"], note: ["hot"] }));
    expect(world.fake.requests.at(-1)).toMatchObject({
      method: "question.resolve",
      params: { id: "q1", answers: { answers: { dish: ["Soup"], note: ["hot"] } } },
    });
    await world.after(1_000);
    expect(result.current.pending).toEqual([]);
  });

  it("W7: hears of more, and that another tab was first", async () => {
    const world = new World();
    const rows: unknown[] = [];
    const { result } = await asked(world, rows);
    expect(result.current.pending).toEqual([]);

    rows.push(lunch);
    await world.settle(() => world.fake.event("question.requested", lunch));
    await world.after(1_000);
    expect(result.current.pending).toHaveLength(1);

    rows.pop();
    await world.settle(() => world.fake.event("question.resolved", { id: "q1", status: "answered" }));
    await world.after(1_000);
    expect(result.current.pending).toEqual([]);
  });

  it("W10: what the gateway says against an answer is the caller's to show; the question stays", async () => {
    const world = new World();
    const { result, first } = await asked(world, [lunch]);
    world.fake.on("question.resolve", () => {
      throw new DoorError("INVALID_REQUEST", "answer does not match an option");
    });
    await world.settle(async () => {
      await expect(result.current.resolve(first(), null)).rejects.toThrow("answer does not match an option");
    });
    expect(world.fake.requests.at(-1)).toMatchObject({ params: { id: "q1", cancel: true } });
    expect(result.current.pending).toHaveLength(1);
  });

  it("asks nothing of a gateway that has no questions, nor for somebody who may not answer", async () => {
    const old = new World();
    old.fake.gateway({ methods: ["health"] });
    await asked(old, [lunch]);
    expect(old.asked("question.list")).toBe(0);
  });
});
