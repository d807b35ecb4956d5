import { describe, expect, it } from "vitest";
import { channelsOf, issuesOf, logsInByCode, probeText, stateOf, toldOf } from "./channels";
import { offersOf, patchOf, secretsOf } from "./set-up";
import type { ChannelsStatus } from "./wire";

const status: ChannelsStatus = {
  channelOrder: ["telegram"],
  channelLabels: { telegram: "Telegram" },
  channelDetailLabels: { telegram: "Telegram Bot" },
  channelAccounts: { telegram: [{ accountId: "default" }], slack: [] },
  channelDefaultAccountId: { telegram: "default" },
  statusIssues: [{ channel: "telegram", accountId: "default", kind: "auth", message: "token refused" }],
};

describe("channelsOf", () => {
  it("keeps the gateway's order, and leaves none out", () => {
    expect(channelsOf(status).map(({ id, label, detail }) => [id, label, detail])).toEqual([
      ["telegram", "Telegram", "Telegram Bot"],
      ["slack", "slack", undefined],
    ]);
  });

  it("finds what is wrong with one account", () => {
    expect(issuesOf(status, "telegram", "default").map(({ message }) => message)).toEqual(["token refused"]);
    expect(issuesOf(status, "telegram", "other")).toEqual([]);
  });
});

describe("stateOf", () => {
  const text = (account: object) => stateOf({ accountId: "a", ...account }).text;

  it("says in a word how an account is", () => {
    expect(text({ configured: false })).toBe("Not set up");
    expect(text({ configured: true, enabled: false, running: false })).toBe("Off");
    expect(text({ running: true, connected: true })).toBe("Connected");
    expect(text({ running: true, connected: false, lastError: "timeout" })).toBe("Connecting");
    expect(text({ linked: false, running: false })).toBe("Not linked");
    expect(text({ running: false, lastError: "401" })).toBe("Error");
    expect(text({ running: true })).toBe("Running");
    expect(text({ configured: true, running: false })).toBe("Stopped");
  });

  it("knows which channels log in by a code", () => {
    expect(logsInByCode({ accountId: "a", linked: false })).toBe(true);
    expect(logsInByCode({ accountId: "a" })).toBe(false);
  });
});

describe("toldOf", () => {
  it("is another when a channel is, not when only time has passed", () => {
    const health = (account: object) => ({ channelOrder: ["whatsapp"], channels: { whatsapp: account } });
    const linked = toldOf(health({ linked: true, authAgeMs: 1_000 }));
    expect(toldOf(health({ linked: true, authAgeMs: 61_000 }))).toBe(linked);
    expect(toldOf(health({ linked: false, authAgeMs: 1_000 }))).not.toBe(linked);
    expect(toldOf({})).toBe(toldOf({ channels: {}, channelOrder: [] }));
  });
});

describe("probeText", () => {
  it("reads what is common to all channels, and nothing that it does not know", () => {
    const probe = { ok: true, elapsedMs: 119.6, bot: { username: "claw_bot" } };
    expect(probeText({ accountId: "a", probe })).toEqual({ ok: true, text: "Answers as claw_bot in 120 ms" });
    expect(probeText({ accountId: "a", probe: { ok: false, error: "401" } })).toEqual({ ok: false, text: "401" });
    expect(probeText({ accountId: "a", probe: "?" })).toBeNull();
  });
});

describe("set-up", () => {
  it("offers what the schema knows and is not there yet", () => {
    const lookup = {
      children: [
        { key: "defaults" },
        { key: "telegram" },
        { key: "slack", hint: { label: "Slack", help: "for work" } },
      ],
    };
    expect(offersOf(lookup, ["telegram"])).toEqual([{ id: "slack", label: "Slack", help: "for work" }]);
  });

  it("asks for the secrets only", () => {
    const lookup = { children: [{ key: "name" }, { key: "botToken", hint: { sensitive: true } }] };
    expect(secretsOf(lookup)).toEqual([{ key: "botToken", label: "Bot token", help: undefined }]);
  });

  it("writes what was typed and nothing else: an empty field leaves the stored secret alone", () => {
    expect(JSON.parse(patchOf("slack", { botToken: " xoxb ", appToken: "" }))).toEqual({
      channels: { slack: { enabled: true, botToken: "xoxb" } },
    });
  });
});
