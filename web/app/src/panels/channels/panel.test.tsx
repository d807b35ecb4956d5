import { settled } from "@vestibule/client/testing";
import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { DoorError } from "@vestibule/react";
import { describe, expect, it } from "vitest";
import { renderPanel, type RenderPanelOptions } from "@/shell/testing";
import Channels from "./panel";

const nothing = { channelOrder: [], channelLabels: {}, channelAccounts: {}, statusIssues: [] };
const bot = { accountId: "default", configured: true, enabled: true, running: true, connected: true, lastError: null };
const telegram = {
  channelOrder: ["telegram"],
  channelLabels: { telegram: "Telegram" },
  channelAccounts: { telegram: [bot] },
  statusIssues: [],
};
const stranger = {
  requestId: "r1",
  channel: "telegram",
  channelLabel: "Telegram",
  accountId: "default",
  senderId: "4711",
  senderLabel: "Eve",
};
const lookup = (params: unknown) =>
  JSON.stringify(params).includes("channels.")
    ? { children: [{ key: "name" }, { key: "botToken", hint: { label: "Bot Token", sensitive: true } }] }
    : {
        children: [
          { key: "telegram", hint: { label: "Telegram" } },
          { key: "whatsapp", hint: { label: "WhatsApp" } },
        ],
      };

const answers = {
  "channels.status": telegram,
  "channels.pairing.list": { requests: [stranger] },
  "channels.pairing.approve": { requestId: "r1" },
  "channels.pairing.dismiss": { requestId: "r1" },
  "channels.start": { ok: true },
  "channels.stop": { ok: true },
  "channels.logout": { ok: true },
  "web.login.start": { qrDataUrl: "data:image/png;base64,AAAA", message: "Scan this" },
  "web.login.wait": { connected: true, message: "Linked!" },
  "config.get": { hash: "h1" },
  "config.patch": { hash: "h2" },
  "config.schema.lookup": lookup,
};

const show = (options: RenderPanelOptions = {}) => renderPanel(<Channels />, { answers, ...options });
const sent = (fake: ReturnType<typeof show>["fake"], method: string) =>
  fake.requests.filter((one) => one.method === method).map((one) => one.params);

describe("a channel", () => {
  it("shows its accounts, and is not probed before somebody asks", async () => {
    const { fake } = show();

    expect((await screen.findAllByText("Connected")).length).toBeGreaterThan(0);
    expect(sent(fake, "channels.status").every((params) => JSON.stringify(params ?? {}) === "{}")).toBe(true);
    await userEvent.click(screen.getByRole("button", { name: "Check now" }));

    await waitFor(() => expect(sent(fake, "channels.status").at(-1)).toEqual({ probe: true, timeoutMs: 10_000 }));
  });

  it("is asked for again when the health report says something else of it, not at every report", async () => {
    const health = (connected: boolean) => ({ channelOrder: ["telegram"], channels: { telegram: { connected } } });
    const { fake } = show({ answers: { ...answers, health: health(true) } });
    await screen.findAllByText("Connected");
    await waitFor(() => expect(sent(fake, "health")).not.toHaveLength(0));
    await act(settled);
    const asked = sent(fake, "channels.status").length;
    const strangers = sent(fake, "channels.pairing.list").length;

    act(() => void fake.event("health", health(true)));
    await waitFor(() => expect(sent(fake, "channels.pairing.list").length).toBeGreaterThan(strangers));
    expect(sent(fake, "channels.status")).toHaveLength(asked);
    fake.on("channels.status", () => ({ ...telegram, channelAccounts: { telegram: [{ ...bot, connected: false }] } }));
    act(() => void fake.event("health", health(false)));

    expect(await screen.findByText("Connecting")).toBeTruthy();
    expect(sent(fake, "channels.status")).toHaveLength(asked + 1);
  });

  it("is stopped", async () => {
    const { fake } = show();

    await userEvent.click(await screen.findByRole("button", { name: "Stop Telegram, default" }));

    await waitFor(() => expect(sent(fake, "channels.stop")).toEqual([{ channel: "telegram", accountId: "default" }]));
  });

  it("W10: what the gateway says against it stands at the account", async () => {
    const refuse = () => {
      throw new DoorError("INVALID_REQUEST", "invalid channels.stop channel");
    };
    show({ answers: { ...answers, "channels.stop": refuse } });

    await userEvent.click(await screen.findByRole("button", { name: "Stop Telegram, default" }));

    expect((await screen.findByRole("alert")).textContent).toContain("invalid channels.stop channel");
  });

  it("is logged out after a question", async () => {
    const { fake } = show();

    await userEvent.click(await screen.findByRole("button", { name: "Log out…" }));
    expect(sent(fake, "channels.logout")).toEqual([]);
    await userEvent.click(screen.getByRole("button", { name: "Log out" }));

    await waitFor(() => expect(sent(fake, "channels.logout")).toEqual([{ channel: "telegram", accountId: "default" }]));
  });

  it("gets a token by a patch of nothing else, on the config as it is now", async () => {
    const { fake } = show();

    await userEvent.click(await screen.findByRole("button", { name: "Set token…" }));
    await userEvent.type(await screen.findByLabelText("Bot Token"), "123:abc");
    await userEvent.click(screen.getByRole("button", { name: "Save" }));

    await waitFor(() =>
      expect(sent(fake, "config.patch")).toEqual([
        {
          raw: JSON.stringify({ channels: { telegram: { enabled: true, botToken: "123:abc" } } }),
          baseHash: "h1",
          note: "set up telegram",
        },
      ]),
    );
  });
});

it("a channel that is linked by a code is offered no token", async () => {
  const whatsapp = { ...bot, linked: true };
  const both = {
    channelOrder: ["telegram", "whatsapp"],
    channelLabels: { telegram: "Telegram", whatsapp: "WhatsApp" },
    channelAccounts: { telegram: [bot], whatsapp: [whatsapp] },
  };
  const without = (params: unknown) =>
    JSON.stringify(params).includes("channels.whatsapp") ? { children: [{ key: "selfChatMode" }] } : lookup(params);
  const { fake } = show({ answers: { ...answers, "channels.status": both, "config.schema.lookup": without } });

  expect(await screen.findByRole("button", { name: "Set token…" })).toBeTruthy();
  await waitFor(() => expect(sent(fake, "config.schema.lookup")).toContainEqual({ path: "channels.whatsapp" }));
  expect(screen.getAllByRole("button", { name: "Set token…" })).toHaveLength(1);
  expect(screen.getByRole("button", { name: "Link anew" })).toBeTruthy();
});

describe("where there is none", () => {
  it("offers what could be, and links a phone by a code", async () => {
    const { fake } = show({ answers: { ...answers, "channels.status": nothing } });
    expect(await screen.findByText("No channel is set up")).toBeTruthy();

    await userEvent.click(await screen.findByRole("button", { name: "Link device" }));

    const dialog = within(screen.getByRole("dialog", { name: "Link a device to WhatsApp" }));
    expect(await dialog.findByText("Linked!")).toBeTruthy();
    expect(sent(fake, "web.login.wait").at(-1)).toEqual({
      currentQrDataUrl: "data:image/png;base64,AAAA",
      timeoutMs: 120_000,
    });
  });
});

describe("a stranger", () => {
  it("is let in after a question", async () => {
    const { fake } = show();

    await userEvent.click(await screen.findByRole("button", { name: "Let in…" }));
    await userEvent.click(screen.getByRole("button", { name: "Let in" }));

    const address = { channel: "telegram", accountId: "default", requestId: "r1" };
    await waitFor(() => expect(sent(fake, "channels.pairing.approve")).toEqual([address]));
  });

  it("is not shown to who may not decide", async () => {
    show({ gateway: { scopes: ["operator.read"] } });

    expect((await screen.findAllByText("Connected")).length).toBeGreaterThan(0);
    expect(screen.queryByText("Eve")).toBeNull();
    expect(screen.getByRole("button", { name: "Stop Telegram, default" }).getAttribute("aria-disabled")).toBe("true");
  });
});

it("an older gateway can log out only", async () => {
  show({ gateway: { protocol: 3, methods: ["channels.status", "channels.logout"] } });

  const stop = await screen.findByRole("button", { name: "Stop Telegram, default" });
  expect(stop.getAttribute("aria-disabled")).toBe("true");
  expect(screen.getByRole("button", { name: "Log out…" }).getAttribute("aria-disabled")).toBeNull();
  expect(screen.queryByText("Add a channel")).toBeNull();
});
