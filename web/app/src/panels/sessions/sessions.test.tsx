import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { DoorError } from "@vestibule/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { renderPanel, type RenderPanelOptions } from "@/shell/testing";
import Sessions from "./panel";
import type { SessionRow } from "./wire";

const row = (name: string, more: Partial<SessionRow> = {}): SessionRow => ({
  key: `agent:main:${name}`,
  sessionId: `s-${name}`,
  agentId: "main",
  derivedTitle: name,
  updatedAt: 1_000,
  model: "demo",
  totalTokens: 64_000,
  contextTokens: 128_000,
  archived: false,
  pinned: false,
  unread: false,
  hasActiveRun: false,
  ...more,
});
const taxes = row("taxes", { updatedAt: 2_000, lastMessagePreview: "You owe **12** euros." });
const garden = row("garden");

const answers = {
  "sessions.list": { sessions: [taxes, garden], totalCount: 2, hasMore: false, nextOffset: null },
  "sessions.subscribe": { subscribed: true },
  "sessions.describe": { session: null },
  "sessions.preview": { previews: [{ key: taxes.key, items: [{ role: "user", text: "How much do I owe?" }] }] },
  "sessions.search": { results: [{ sessionKey: taxes.key, messageId: "m1", role: "user", snippet: "how much" }] },
  "sessions.patch": { ok: true },
  "sessions.delete": { ok: true, deleted: true },
  "sessions.reset": { ok: true },
  "sessions.compact": { ok: true, compacted: true },
  "sessions.send": { runId: "r1", status: "started" },
  "chat.inject": { ok: true, messageId: "m2" },
  "sessions.create": { ok: true, key: "agent:main:dashboard:1" },
  "agents.list": { defaultId: "main", agents: [{ id: "main" }] },
  "models.list": { models: [{ id: "demo", provider: "demo" }] },
};

const at = ({ key }: SessionRow) => `#/panels/sessions/${encodeURIComponent(key)}`;
const show = (options: RenderPanelOptions = {}) =>
  renderPanel(<Sessions />, { answers, hash: "#/panels/sessions", ...options });
const sent = (fake: ReturnType<typeof show>["fake"], method: string) =>
  fake.requests.filter((one) => one.method === method).map((one) => one.params);
const titles = () =>
  within(screen.getByRole("list", { name: "Sessions" }))
    .getAllByRole("link")
    .map((link) => link.textContent);
const menu = async (name: string, item: string) => {
  await userEvent.click(await screen.findByRole("button", { name: `Actions for ${name}` }));
  await userEvent.click(screen.getByRole("menuitem", { name: item }));
};

// Nothing has a size here; the list draws what is in sight of one.
beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(600);
  vi.spyOn(HTMLElement.prototype, "offsetHeight", "get").mockReturnValue(60);
});

describe("the list", () => {
  it("shows sessions by last use, with what was said last", async () => {
    show();

    await waitFor(() => expect(titles()).toEqual(["taxes", "garden"]));
    expect(screen.getByText("You owe 12 euros.")).toBeTruthy();
    expect(screen.getAllByText("50 % of the context window").length).toBe(2);
  });

  it("W7: patches the row that an event brings, and asks nothing", async () => {
    const { fake } = show();
    await waitFor(() => expect(titles()).toEqual(["taxes", "garden"]));
    const asked = sent(fake, "sessions.list").length;

    for (let step = 0; step < 100; step += 1) {
      const session = { ...garden, updatedAt: 5_000 + step, hasActiveRun: true };
      act(() => void fake.event("sessions.changed", { sessionKey: garden.key, reason: "send", session }));
    }

    await waitFor(() => expect(titles()).toEqual(["garden", "taxes"]));
    expect(screen.getByText("running")).toBeTruthy();
    expect(sent(fake, "sessions.list").length).toBe(asked);
  });

  it("fetches the next page by its offset", async () => {
    const list = (params: unknown) =>
      typeof params === "object" && params !== null && "offset" in params
        ? { sessions: [row("third")], hasMore: false, nextOffset: null }
        : { sessions: [taxes, garden], totalCount: 3, hasMore: true, nextOffset: 2 };
    const { fake } = show({ answers: { ...answers, "sessions.list": list } });

    await waitFor(() => expect(titles()).toEqual(["taxes", "garden", "third"]));
    expect(sent(fake, "sessions.list").at(-1)).toMatchObject({ limit: 100, offset: 2 });
  });

  it("searches titles at the gateway, and messages where it can", async () => {
    const { fake } = show();
    await waitFor(() => expect(titles().length).toBe(2));

    await userEvent.type(screen.getByRole("searchbox", { name: "Search sessions" }), "tax");
    await waitFor(() => expect(sent(fake, "sessions.list").at(-1)).toMatchObject({ search: "tax" }));
    await userEvent.click(screen.getByRole("radio", { name: "Messages" }));

    expect(await screen.findByText("how much")).toBeTruthy();
  });

  it("asks anew for a list that was not on the screen: it heard of nothing meanwhile", async () => {
    const { fake } = show();
    await waitFor(() => expect(titles()).toEqual(["taxes", "garden"]));
    await userEvent.click(screen.getByRole("radio", { name: "Archived" }));
    await waitFor(() => expect(sent(fake, "sessions.list").at(-1)).toMatchObject({ archived: true }));
    const before = sent(fake, "sessions.list").length;

    await userEvent.click(screen.getByRole("radio", { name: "Active" }));

    await waitFor(() => expect(sent(fake, "sessions.list")).toHaveLength(before + 1));
  });

  it("says that there is nothing yet", async () => {
    show({ answers: { ...answers, "sessions.list": { sessions: [], totalCount: 0, hasMore: false } } });

    expect(await screen.findByText("No sessions yet")).toBeTruthy();
  });
});

describe("what one does to a row", () => {
  it("pins it: the list follows at once", async () => {
    const { fake } = show();

    await menu("garden", "Pin");

    await waitFor(() => expect(sent(fake, "sessions.patch")).toEqual([{ key: garden.key, pinned: true }]));
    await waitFor(() => expect(titles()).toEqual(["garden", "taxes"]));
  });

  it("archives it, naming the very session that is meant", async () => {
    const { fake } = show();

    await menu("garden", "Archive");

    const params = { key: garden.key, expectedSessionId: "s-garden", archived: true };
    await waitFor(() => expect(sent(fake, "sessions.patch")).toEqual([params]));
    await waitFor(() => expect(titles()).toEqual(["taxes"]));
  });

  it("W10: what the gateway says against it stands at the row", async () => {
    const refuse = () => {
      throw new DoorError("INVALID_REQUEST", "session is locked");
    };
    show({ answers: { ...answers, "sessions.patch": refuse } });

    await menu("garden", "Pin");

    const list = within(screen.getByRole("list", { name: "Sessions" }));
    expect((await list.findByRole("alert")).textContent).toContain("session is locked");
  });

  it("deletes it after a question; the gateway's refusal stays in the dialog", async () => {
    const remove = (params: unknown) => {
      if (JSON.stringify(params).includes("taxes")) throw new DoorError("INVALID_REQUEST", "The session is busy");
      return { ok: true };
    };
    show({ answers: { ...answers, "sessions.delete": remove } });

    await menu("taxes", "Delete…");
    await userEvent.click(screen.getByRole("button", { name: "Delete session" }));
    const dialog = within(screen.getByRole("alertdialog"));
    expect((await dialog.findByRole("alert")).textContent).toContain("The session is busy");
    await userEvent.click(dialog.getByRole("button", { name: "Cancel" }));

    await menu("garden", "Delete…");
    await userEvent.click(screen.getByRole("button", { name: "Delete session" }));
    await waitFor(() => expect(titles()).toEqual(["taxes"]));
  });
});

it("the main session cannot be deleted, and says why, in its menu and its details", async () => {
  const main = row("main");
  show({ answers: { ...answers, "sessions.list": { sessions: [main, taxes], totalCount: 2 } } });
  await waitFor(() => expect(titles().length).toBe(2));

  await userEvent.click(screen.getByRole("button", { name: "Actions for Main conversation" }));
  const item = await screen.findByRole("menuitem", { name: "Delete…" });
  expect(item.getAttribute("aria-disabled")).toBe("true");
  expect(item.title).toBe("The main session cannot be deleted");

  await userEvent.click(screen.getByRole("menuitem", { name: "Details and settings" }));
  const sheet = within(await screen.findByRole("dialog", { name: "Main conversation" }));
  expect(sheet.getByRole("button", { name: "Delete…" }).getAttribute("aria-disabled")).toBe("true");
});

describe("one session", () => {
  it("shows its last messages in words", async () => {
    const items = [
      { role: "assistant", text: "You owe **12** euros." },
      { role: "toolResult", text: "ok" },
      { role: "user", text: " " },
    ];
    show({
      hash: `#/panels/sessions/${encodeURIComponent(taxes.key)}`,
      answers: { ...answers, "sessions.preview": { previews: [{ key: taxes.key, items }] } },
    });

    const section = (await screen.findByRole("heading", { name: "Last messages" })).closest("section");
    await waitFor(() =>
      expect(Array.from(section?.querySelectorAll("li") ?? [], ({ textContent }) => textContent)).toEqual([
        "AgentYou owe 12 euros.",
        "Toolok",
      ]),
    );
  });

  it("opens by its address, whatever the case of its key (P16), and takes a name", async () => {
    const { fake } = show({ hash: `#/panels/sessions/${encodeURIComponent("agent:main:TAXES")}` });
    const sheet = within(await screen.findByRole("dialog", { name: "taxes" }));
    expect(await sheet.findByText("How much do I owe?")).toBeTruthy();

    await userEvent.type(sheet.getByRole("textbox", { name: "Name" }), "Taxes 2026");
    await userEvent.click(sheet.getByRole("button", { name: "Rename" }));

    await waitFor(() => expect(sent(fake, "sessions.patch")).toEqual([{ key: taxes.key, label: "Taxes 2026" }]));
  });

  it("is told something, or gets a note; what was said last is read again", async () => {
    const said = [{ role: "user", text: "How much do I owe?" }];
    const preview = () => ({ previews: [{ key: taxes.key, items: [...said] }] });
    const { fake } = show({ hash: at(taxes), answers: { ...answers, "sessions.preview": preview } });
    const sheet = within(await screen.findByRole("dialog", { name: "taxes" }));
    const text = sheet.getByRole<HTMLTextAreaElement>("textbox", { name: "Text" });
    await userEvent.type(text, "Pay it.");
    said.push({ role: "user", text: "Pay it." });
    await userEvent.click(sheet.getByRole("button", { name: "Send message" }));

    const idempotencyKey = expect.stringMatching(/^.{36}$/) as string;
    await waitFor(() =>
      expect(sent(fake, "sessions.send")).toEqual([{ key: taxes.key, message: "Pay it.", idempotencyKey }]),
    );
    await waitFor(() => expect(text.value).toBe(""));
    expect(await sheet.findByText("Pay it.")).toBeTruthy();

    await userEvent.type(text, "Paid by hand.");
    await userEvent.click(sheet.getByRole("button", { name: "Leave note" }));
    await waitFor(() =>
      expect(sent(fake, "chat.inject")).toEqual([{ sessionKey: taxes.key, message: "Paid by hand." }]),
    );
  });

  it("W10: a message that may have arrived is kept, and sent again under the same key", async () => {
    const lost = () => {
      throw new DoorError("GATEWAY_LOST", "Gateway connection lost", { mayHaveRun: true });
    };
    const { fake } = show({ hash: at(taxes), answers: { ...answers, "sessions.send": lost } });
    const sheet = within(await screen.findByRole("dialog", { name: "taxes" }));
    await userEvent.type(sheet.getByRole("textbox", { name: "Text" }), "Pay it.");
    const send = sheet.getByRole("button", { name: "Send message" });
    await userEvent.click(send);
    expect((await sheet.findByRole("alert")).textContent).toContain("Gateway connection lost");
    await userEvent.click(send);

    await waitFor(() => expect(sent(fake, "sessions.send")).toHaveLength(2));
    const [first, second] = sent(fake, "sessions.send");
    expect(second).toEqual(first);
    expect(sheet.getByRole<HTMLTextAreaElement>("textbox", { name: "Text" }).value).toBe("Pay it.");
  });

  it("that is not there says so", async () => {
    show({ hash: "#/panels/sessions/agent%3Amain%3Agone" });

    expect(await screen.findByText("There is no such session")).toBeTruthy();
  });

  it("is created and opened in the chat", async () => {
    const { fake } = show();
    await waitFor(() => expect(titles().length).toBe(2));

    await userEvent.click(screen.getByRole("button", { name: "New session" }));
    await userEvent.type(screen.getByRole("textbox", { name: "Name" }), "Plans");
    await userEvent.click(screen.getByRole("button", { name: "Create and open" }));

    await waitFor(() => expect(sent(fake, "sessions.create")).toEqual([{ agentId: "main", label: "Plans" }]));
    await waitFor(() => expect(location.hash).toBe("#/chat/main/agent%3Amain%3Adashboard%3A1"));
  });
});

describe("an older gateway", () => {
  const methods = [
    "sessions.list",
    "sessions.preview",
    "sessions.patch",
    "sessions.delete",
    "agents.list",
    "models.list",
  ];

  it("has no archive, no search in messages, and asks for an administrator to organise", async () => {
    show({ gateway: { methods, protocol: 3, scopes: ["operator.read", "operator.write"] } });

    await waitFor(() => expect(titles().length).toBe(2));
    expect(screen.queryByRole("radio", { name: "Archived" })).toBeNull();
    expect(screen.queryByRole("radio", { name: "Messages" })).toBeNull();
    expect(screen.getByRole("button", { name: "New session" }).getAttribute("aria-disabled")).toBe("true");
    await userEvent.click(screen.getByRole("button", { name: "Actions for garden" }));
    expect(screen.getByRole("menuitem", { name: "Pin" }).getAttribute("aria-disabled")).toBe("true");
  });

  it("W7: tells of no rows, so the end of a run is the hint, once for many", async () => {
    const { fake } = show({ gateway: { methods, protocol: 3 } });
    await waitFor(() => expect(titles().length).toBe(2));
    const asked = sent(fake, "sessions.list").length;

    for (let run = 0; run < 100; run += 1) act(() => void fake.event("chat", { state: "final", runId: `${run}` }));

    await waitFor(() => expect(sent(fake, "sessions.list").length).toBe(asked + 1));
  });
});
