import { DoorError } from "@vestibule/client";
import { settled, type FakeDoor } from "@vestibule/client/testing";
import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { describe, expect, it } from "vitest";
import { renderPanel, type RenderPanelOptions } from "@/shell/testing";
import Chat from "./index";

const answers = {
  "agents.list": { defaultId: "main", agents: [{ id: "main", name: "Ada's agent" }, { id: "ops" }] },
  "sessions.list": { sessions: [{ key: "agent:main:main", agentId: "main", isMain: true }] },
  "sessions.subscribe": { subscribed: true },
  "sessions.messages.subscribe": { subscribed: true },
  "sessions.patch": { ok: true },
  "sessions.describe": { session: null },
  "chat.history": { messages: [], hasMore: false },
  "exec.approval.list": [],
};
type Options = RenderPanelOptions & { gateway?: { policy?: unknown } };
const show = async (options: Options = {}) => {
  const shown = renderPanel(<Chat />, {
    answers,
    ...options,
    ...("answers" in options && { answers: { ...answers, ...options.answers } }),
  });
  await settle();
  return shown;
};
const settle = () => act(() => settled());
const composer = () => screen.findByRole<HTMLTextAreaElement>("textbox", { name: /^Message/ });
const say = async (text: string) => {
  await userEvent.type(await composer(), `${text}{Enter}`);
  await settle();
};
const log = () => screen.getByRole("log");
const answer = () =>
  within(log())
    .getAllByRole("article", { name: / said$/ })
    .at(-1);

describe("a turn", () => {
  it("C3, C5: the answer grows by its increments, and a heartbeat is never part of it", async () => {
    const { fake } = await show();
    await say("Hello");
    await act(async () => {
      fake.chat().accepted().heartbeat("preparing_workspace");
      await settled();
    });
    expect(log().textContent).toContain("Preparing…");
    await act(async () => {
      fake.chat().chunk("Good **mor").heartbeat().chunk("ning**!");
      await settled();
    });
    expect(within(log()).getByText("morning").tagName).toBe("STRONG");
    await act(async () => {
      fake.chat().done();
      await settled();
    });
    expect(log().textContent).not.toContain("Preparing");
    expect(answer()?.textContent).toContain("Good morning!");
    expect(screen.getByRole("button", { name: "Send" })).toBeTruthy();
  });

  it("C2: it is over when its last run is; an approval in the middle does not end it", async () => {
    const { fake } = await show();
    await say("Do it");
    await act(async () => {
      fake.chat().accepted().chunk("I need approval.").done({ turnEnded: false });
      await settled();
    });
    expect(screen.getByRole("button", { name: "Stop" })).toBeTruthy();
    await act(async () => {
      fake.chat().run("follow-up").chunk("Done now.").done();
      await settled();
    });
    expect(log().textContent).toMatch(/I need approval\..*Done now\./);
    expect(screen.queryByRole("button", { name: "Stop" })).toBeNull();
  });

  it("C10: Escape in the composer stops the run at the gateway", async () => {
    const { fake } = await show();
    await say("Count");
    await act(async () => {
      fake.chat().accepted().chunk("1 2 3");
      await settled();
    });
    await userEvent.type(await composer(), "{Escape}");
    await settle();
    expect(fake.chat().aborts).toHaveLength(1);
    await act(async () => {
      fake.chat().done({ aborted: true });
      await settled();
    });
    expect(answer()?.textContent).toContain("Stopped");
  });

  it("C7: said while offline it waits, visibly, and goes out once", async () => {
    const { fake } = await show();
    await act(async () => {
      fake.fault("refuse");
      fake.drop(1006);
      await settled();
    });
    await say("Are you there?");
    expect(log().textContent).toContain("Queued: goes out when the connection is back");
    expect(fake.chats).toHaveLength(0);
    fake.heal();
    await waitFor(() => expect(fake.chats).toHaveLength(1), { timeout: 5_000 });
    await settle();
    expect(fake.chat().received).toBe(1);
    expect(log().textContent).not.toContain("Queued");
  });

  it("C7: a failed one says why, and is tried again", async () => {
    const { fake } = await show();
    await say("Try");
    await act(async () => {
      fake.chat().accepted().error("The model is overloaded.", "RUN_FAILED");
      await settled();
    });
    expect(screen.getByRole("alert").textContent).toContain("The model is overloaded.");
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    await settle();
    expect(fake.chats).toHaveLength(2);
    expect(fake.chat().message).toBe("Try");
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("C8: a failed one that the history tells of says why once, and is asked again while nothing followed", async () => {
    const words = "⚠️ LLM request failed (HTTP 401).";
    const row = (id: string, fields: object) => ({ timestamp: 1, __openclaw: { id, runId: "r1" }, ...fields });
    const failure = { role: "assistant", content: [{ type: "text", text: words }], stopReason: "error" };
    const messages = [row("1", { role: "user", content: "Try" }), row("2", failure)];
    const { fake } = await show({ answers: { "chat.history": { messages, hasMore: false } } });

    const alert = await screen.findByRole("alert");
    expect(log().textContent.split(words)).toHaveLength(2);
    expect(alert.textContent).not.toContain("RUN_FAILED");
    await userEvent.click(within(alert).getByRole("button", { name: "Try again" }));
    await settle();
    expect(fake.chat().message).toBe("Try");
    expect(screen.queryByRole("button", { name: "Try again" })).toBeNull();
  });

  it("C8: an error that belongs to nothing is not written into the answer", async () => {
    const { fake } = await show();
    await say("Hello");
    await act(async () => {
      fake.chat().accepted().chunk("Fine so far");
      fake.tell({ type: "error", message: "Something else broke", code: "INTERNAL" });
      fake.chat().chunk(", and on.").done();
      await settled();
    });
    expect(answer()?.textContent).toContain("Fine so far, and on.");
    expect(log().textContent).not.toContain("Something else broke");
  });

  it("C9: thinking is folded, a tool call shows its arguments and its result", async () => {
    const { fake } = await show();
    await say("Run it");
    await act(async () => {
      fake.chat().accepted().thinking("Which command?").toolStart("exec", "t1", { command: "date" });
      await settled();
    });
    expect(within(log()).getByRole("img", { name: "Running" })).toBeTruthy();
    await act(async () => {
      fake
        .chat()
        .toolEnd("t1", { content: [{ type: "text", text: "Wed Nov 25" }] })
        .chunk("It is Wednesday.")
        .done();
      await settled();
    });
    expect(log().textContent).not.toContain("Wed Nov 25");
    await userEvent.click(within(log()).getByRole("button", { name: /exec date/ }));
    expect(log().textContent).toContain("Wed Nov 25");
    await userEvent.click(within(log()).getByRole("button", { name: /Thought/ }));
    expect(log().textContent).toContain("Which command?");
  });

  it("S: what a model writes is text: no HTML, no script behind a link, no picture that phones home", async () => {
    const { fake } = await show();
    await say("Attack");
    await act(async () => {
      fake
        .chat()
        .chunk(
          "<img src=x onerror=alert(1)> [click](javascript:alert(1)) ![pixel](https://evil.example/p.png) [ok](https://example.com)",
        )
        .done();
      await settled();
    });
    expect(log().querySelector("img")).toBeNull();
    expect(
      within(log())
        .getAllByRole("link")
        .map((link) => link.getAttribute("href")),
    ).toEqual(["https://evil.example/p.png", "https://example.com/"]);
    expect(within(log()).getByRole("link", { name: "ok" }).getAttribute("rel")).toBe("noopener noreferrer nofollow");
  });
});

describe("approvals", () => {
  const asked = (id: string) => ({
    id,
    request: {
      command: "rm -r build",
      sessionKey: "agent:main:main",
      runId: id,
      toolCallId: "t1",
      allowedDecisions: ["allow-once", "deny"],
    },
    createdAtMs: Date.now(),
    expiresAtMs: Date.now() + 60_000,
  });
  const waiting = async (options: Options = {}) => {
    const shown = await show({ ...options, answers: { "exec.approval.resolve": { ok: true }, ...options.answers } });
    await say("Clean up");
    const turn = shown.fake.chat();
    await act(async () => {
      turn.accepted().toolStart("exec", "t1", { command: "rm -r build" });
      shown.fake.event("exec.approval.requested", asked(turn.id));
      turn.heartbeat("waiting-approval", { approvalId: turn.id });
      await settled();
    });
    return { ...shown, turn };
  };

  it("stand at their tool call, with the gateway's own decisions as buttons", async () => {
    const { fake, turn } = await waiting();
    const card = screen.getByRole("region", { name: "Approval wanted" });
    expect(card.textContent).toContain("rm -r build");
    expect(
      within(card)
        .getAllByRole("button")
        .map((button) => button.textContent),
    ).toEqual(["Allow once", "Deny"]);
    await userEvent.click(within(card).getByRole("button", { name: "Deny" }));
    await settle();
    expect(fake.requests.find(({ method }) => method === "exec.approval.resolve")?.params).toEqual({
      id: turn.id,
      decision: "deny",
    });
    await waitFor(() => expect(log().textContent).toContain("Denied by you"));
  });

  it("decided by somebody else: shown by whom", async () => {
    const { fake, turn } = await waiting();
    await act(async () => {
      fake.event("exec.approval.resolved", { id: turn.id, decision: "allow-once", resolvedBy: "grace" });
      await settled();
    });
    expect(log().textContent).toContain("Allowed once by grace");
  });

  it("R2: who may not approve learns what is waited for", async () => {
    const { fake } = await show({ gateway: { scopes: ["operator.read", "operator.write"] } });
    fake.signIn(() => ({ member: "bob", role: "operator", scopes: ["operator.read", "operator.write"] }));
    await say("Clean up");
    await act(async () => {
      fake.chat().accepted().heartbeat("waiting-approval", { approvalId: "a" });
      await settled();
    });
    expect(log().textContent).toContain(
      "Waiting for somebody who may approve: an operator or an admin of this gateway.",
    );
  });
});

/** The history of a gateway that has heard what was said here. */
const told = ({ chats }: Awaited<ReturnType<typeof show>>["fake"]) => ({
  hasMore: false,
  messages: chats.flatMap(({ id, message, texts }) => [
    { role: "user", content: message, idempotencyKey: `${id}:user`, __openclaw: { id: `${id}-u` } },
    ...[...texts].map(([runId, text]) => ({
      role: "assistant",
      content: text,
      __openclaw: { id: `${runId}-a`, runId },
    })),
  ]),
});

describe("the composer", () => {
  it("W9: what is written, and the answer that runs, outlive the view", async () => {
    const Toggle = () => {
      const [shown, setShown] = useState(true);
      return (
        <>
          <button onClick={() => setShown(!shown)}>toggle</button>
          {shown && <Chat />}
        </>
      );
    };
    const { fake } = renderPanel(<Toggle />, { answers: { ...answers, "chat.history": () => told(fake) } });
    await settle();
    await say("Go on");
    await userEvent.type(await composer(), "half a thou");
    await userEvent.click(screen.getByText("toggle"));
    await act(async () => {
      fake.chat().accepted().chunk("Told while nobody looked.").done();
      await settled();
    });
    await userEvent.click(screen.getByText("toggle"));
    await settle();
    expect((await composer()).value).toBe("half a thou");
    expect(answer()?.textContent).toContain("Told while nobody looked.");
  });

  it("attaches files within the gateway's limits, and says why not beyond them", async () => {
    const { fake } = await show({
      answers: {
        "door.gateway": {
          methods: [],
          scopes: ["operator.admin"],
          policy: { attachments: { maxBytes: 40, maxImageBytes: 4 } },
        },
      },
    });
    const picker = screen.getByLabelText("Files to attach");
    await userEvent.upload(picker, [
      new File(["12345"], "big.png", { type: "image/png" }),
      new File(["notes"], "a.txt", { type: "text/plain" }),
    ]);
    expect((await screen.findByRole("alert")).textContent).toContain(
      "big.png has 5 B; this gateway takes pictures of up to 4 B.",
    );
    expect(await within(screen.getByRole("list", { name: "Attached" })).findByText("a.txt")).toBeTruthy();
    await say("Read this");
    expect(fake.chat().frame["attachments"]).toEqual([
      { type: "file", mimeType: "text/plain", fileName: "a.txt", content: btoa("notes") },
    ]);
    expect(screen.queryByRole("list", { name: "Attached" })).toBeNull();
  });

  it("offers the gateway's commands behind a slash", async () => {
    await show({
      answers: {
        "commands.list": {
          commands: [
            { name: "help", description: "Show commands." },
            { name: "tools", acceptsArgs: true },
          ],
        },
      },
    });
    await userEvent.type(await screen.findByRole("textbox", { name: /^Message/ }), "/t");
    await settle();
    expect((await screen.findByRole("option", { name: /tools/ })).getAttribute("aria-selected")).toBe("true");
    await userEvent.keyboard("{Enter}");
    expect((await composer()).value).toBe("/tools ");
  });

  it("is disabled with the reason for who may only read", async () => {
    await show({ gateway: { scopes: ["operator.read"] } });
    await waitFor(async () => expect((await composer()).disabled).toBe(true));
    expect((await composer()).placeholder).toContain("operator.write");
  });
});

describe("chats", () => {
  const rows = [
    { key: "agent:main:main", agentId: "main", isMain: true, updatedAt: Date.now() },
    { key: "agent:main:dashboard:1", agentId: "main", label: "Trip to Rome", unread: true, updatedAt: Date.now() },
  ];
  const menu = async (item: string) => {
    await userEvent.click(await screen.findByRole("button", { name: "Actions for Trip to Rome" }));
    await userEvent.click(await screen.findByRole("menuitem", { name: item }));
  };

  it("are listed with what is unread and running, live by events (W7)", async () => {
    const { fake } = await show({ answers: { "sessions.list": { sessions: rows } } });
    const list = within(screen.getByRole("navigation", { name: "Chats" }));
    expect(await list.findByRole("link", { name: /Trip to Rome.*Unread/ })).toBeTruthy();
    const asked = fake.requests.filter(({ method }) => method === "sessions.list").length;
    await act(async () => {
      fake.event("sessions.changed", {
        sessionKey: "agent:main:dashboard:1",
        session: { ...rows[1], unread: false, hasActiveRun: true },
      });
      await settled();
    });
    expect(list.getByRole("link", { name: /Trip to Rome.*Running/ })).toBeTruthy();
    expect(fake.requests.filter(({ method }) => method === "sessions.list")).toHaveLength(asked);
  });

  it("are archived by their id: another may have taken their place meanwhile", async () => {
    const sessions = rows.map((row) => ({ ...row, sessionId: `s-${row.key}` }));
    const { fake } = await show({ answers: { "sessions.list": { sessions } } });
    await menu("Archive");
    const patch = fake.requests.find(({ method }) => method === "sessions.patch");
    const key = "agent:main:dashboard:1";
    expect(patch?.params).toEqual({ key, expectedSessionId: `s-${key}`, archived: true });
    await waitFor(() => expect(screen.queryByRole("link", { name: /Trip to Rome/ })).toBeNull());
  });

  it("have no archive at an older gateway", async () => {
    const methods = ["sessions.list", "sessions.patch", "sessions.delete", "agents.list", "chat.history"];
    await show({ gateway: { methods, protocol: 3 }, answers: { "sessions.list": { sessions: rows } } });
    await userEvent.click(await screen.findByRole("button", { name: "Actions for Trip to Rome" }));
    expect(await screen.findByRole("menuitem", { name: "Pin" })).toBeTruthy();
    expect(screen.queryByText("Archive")).toBeNull();
  });

  it("W10: a deletion that fails says so where it was asked for", async () => {
    await show({
      answers: {
        "sessions.list": { sessions: rows },
        "sessions.delete": () => {
          throw new DoorError("INVALID_REQUEST", "Not this one.");
        },
      },
    });
    await menu("Delete…");
    await userEvent.click(await screen.findByRole("button", { name: "Delete chat" }));
    expect(await screen.findByText("Not this one.")).toBeTruthy();
  });

  it("the main one cannot be deleted, and says why", async () => {
    await show({ answers: { "sessions.list": { sessions: rows }, "sessions.delete": { ok: true } } });
    await userEvent.click(await screen.findByRole("button", { name: "Actions for Main conversation" }));
    const remove = await screen.findByRole("menuitem", { name: "Delete…" });
    expect(remove.getAttribute("aria-disabled")).toBe("true");
    expect(remove.title).toBe("The main session cannot be deleted");
  });

  it("a new one begins empty, and is named after what is said first", async () => {
    const { fake } = await show();
    await userEvent.click(screen.getAllByRole("button", { name: "New chat" })[0] ?? document.body);
    await settle();
    await say("Plan the trip");
    await act(async () => {
      fake.chat().accepted();
      await settled();
    });
    const { sessionKey } = fake.chat();
    expect(sessionKey).toMatch(/^agent:main:dashboard:[0-9a-f-]{36}$/);
    expect(fake.requests.find(({ method }) => method === "sessions.patch")?.params).toEqual({
      key: sessionKey,
      label: "Plan the trip",
    });
  });

  const named = (fake: FakeDoor) => fake.requests.filter(({ method }) => method === "sessions.patch").length > 0;
  const running = (fake: FakeDoor) =>
    act(async () => {
      fake.chat().accepted();
      await settled();
    });
  const beginChat = async () => {
    await userEvent.click(screen.getAllByRole("button", { name: "New chat" })[0] ?? document.body);
    await settle();
  };

  it("a name that somebody gave it before anything was said stays", async () => {
    const { fake } = await show({ answers: { "sessions.describe": { session: { label: "Holidays" } } } });
    await beginChat();
    await say("Plan the trip");
    await running(fake);
    expect(named(fake)).toBe(false);
  });

  it("nothing is named before the page knows what was said earlier: it may be no new chat", async () => {
    const { fake } = await show({ answers: { "chat.history": () => new Promise(() => undefined) } });
    await beginChat();
    await say("And another thing");
    await running(fake);
    expect(named(fake)).toBe(false);
  });
});

describe("history", () => {
  it("is shown, and earlier messages are asked for page by page", async () => {
    const messages = Array.from({ length: 4 }, (_, index) => ({
      role: index % 2 === 0 ? "user" : "assistant",
      content: `message ${index}`,
      timestamp: index,
      __openclaw: { id: `m${index}`, runId: index % 2 === 0 ? undefined : `r${index}` },
    }));
    const { fake } = await show({
      answers: {
        "chat.history": (params: unknown) =>
          JSON.stringify(params).includes("offset")
            ? { messages: messages.slice(0, 2), hasMore: false }
            : { messages: messages.slice(2), hasMore: true, nextOffset: 2 },
      },
    });
    expect(log().textContent).toMatch(/message 2.*message 3/);
    await userEvent.click(await screen.findByRole("button", { name: "Earlier messages" }));
    await settle();
    expect(log().textContent).toMatch(/message 0.*message 1.*message 2.*message 3/);
    expect(fake.requests.filter(({ method }) => method === "chat.history").length).toBeGreaterThan(1);
  });

  it("C9: a tool call that is open stays open when only the history tells what came back", async () => {
    const messages: unknown[] = [];
    const { fake } = await show({ answers: { "chat.history": () => ({ messages, hasMore: false }) } });
    await say("What day is it?");
    await act(async () => {
      fake.chat().accepted().toolStart("exec", "only-history", { command: "date" });
      await settled();
    });
    await userEvent.click(within(log()).getByRole("button", { name: /date/ }));
    messages.push(
      { role: "user", content: "What day is it?" },
      { role: "assistant", content: [{ type: "toolCall", id: "only-history", name: "exec", arguments: {} }] },
      { role: "toolResult", toolCallId: "only-history", content: [{ type: "text", text: "Wed Nov 25" }] },
      { role: "assistant", content: "Wednesday." },
    );
    await act(async () => {
      fake.chat().toolEnd("only-history", null).chunk("Wednesday.").done();
      await settled();
    });
    expect(await within(log()).findByText("Wed Nov 25")).toBeTruthy();
  });
});
