import { DoorError } from "@vestibule/client";
import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { renderPanel, type RenderPanelOptions } from "@/shell/testing";
import { switched } from "./enabled";
import { isStillRunning } from "./install";
import Skills from "./panel";
import type { Skill } from "./wire";

const weather: Skill = {
  name: "weather",
  skillKey: "weather",
  description: "Forecasts",
  source: "openclaw-bundled",
  disabled: false,
  eligible: true,
  missing: {},
};
const sag: Skill = {
  ...weather,
  name: "sag",
  skillKey: "sag",
  primaryEnv: "ELEVENLABS_API_KEY",
  eligible: false,
  missing: { bins: ["sag"] },
  install: [{ id: "brew", kind: "brew", label: "Install sag (brew)" }],
};
const tides = { slug: "tides", displayName: "Tides", summary: "High and low water", installRef: "@ada/tides" };
const answers = {
  "skills.status": { agentId: "main", skills: [weather, sag] },
  "skills.update": { ok: true },
  "skills.install": { ok: true },
  "skills.search": { results: [tides] },
  "skills.detail": {
    skill: { isOfficial: true },
    latestVersion: { version: "2.1.0", createdAt: 1 },
    owner: { handle: "@ada", displayName: "Ada" },
  },
  "config.get": { config: { skills: { entries: { sag: { env: { SAG_VOICE: "__OPENCLAW_REDACTED__" } } } } } },
};
const show = (options: RenderPanelOptions = {}) => renderPanel(<Skills />, { answers, ...options });
const row = async (name: string) => within(await screen.findByRole("listitem", { name }));
const refusal = (code: string, message: string) => () => {
  throw new DoorError(code, message);
};
const sent = (fake: ReturnType<typeof show>["fake"], method: string) =>
  fake.requests.filter((one) => one.method === method);

it("shows what is ready and what is missing, and filters by it", async () => {
  show();

  expect((await row("weather")).getByText("Ready")).toBeTruthy();
  expect((await row("sag")).getByText("Needs the program sag.")).toBeTruthy();
  await userEvent.click(screen.getByRole("radio", { name: /Needs something/ }));
  expect(screen.queryByRole("listitem", { name: "weather" })).toBeNull();
});

describe("the switch", () => {
  it("turns a skill off at once", async () => {
    const { fake } = show();
    const control = (await row("weather")).getByRole("switch", { name: "Use weather" });

    await userEvent.click(control);

    await waitFor(() =>
      expect(sent(fake, "skills.update")[0]?.params).toEqual({ skillKey: "weather", enabled: false }),
    );
  });

  it("W10: goes back when the gateway refuses, with its words", async () => {
    show({ answers: { ...answers, "skills.update": refusal("UNAVAILABLE", "config is locked") } });
    const control = (await row("weather")).getByRole("switch", { name: "Use weather" });

    await userEvent.click(control);

    expect((await screen.findByRole("alert")).textContent).toContain("config is locked");
    expect(control.getAttribute("aria-checked")).toBe("true");
  });

  it("is for admins, and says so", async () => {
    show({ gateway: { scopes: ["operator.read"] } });

    expect((await row("weather")).getByRole("switch").getAttribute("aria-disabled")).toBe("true");
  });

  it("changes nothing but the one row", () => {
    const before = { skills: [weather, sag] };

    expect(switched(before, { skillKey: "sag", enabled: false }).skills).toEqual([weather, { ...sag, disabled: true }]);
  });
});

describe("an installation", () => {
  it("W5: gives the gateway two minutes and the door longer", async () => {
    const { fake } = show();
    await userEvent.click((await row("sag")).getByRole("button", { name: "Install sag (brew) for sag" }));

    await waitFor(() => expect(sent(fake, "skills.install")).toHaveLength(1));
    const [request] = sent(fake, "skills.install");
    expect(request?.params).toEqual({ name: "sag", installId: "brew", timeoutMs: 120_000 });
    expect(request?.timeoutMs).toBeGreaterThan(120_000);
  });

  it("W10: shows the gateway's words where it was asked for", async () => {
    show({ answers: { ...answers, "skills.install": refusal("UNAVAILABLE", "Installer not found: brew") } });
    await userEvent.click((await row("sag")).getByRole("button", { name: "Install sag (brew) for sag" }));

    expect((await (await row("sag")).findByRole("alert")).textContent).toContain("Installer not found: brew");
  });

  it("goes on when nobody waits any more", async () => {
    show({ answers: { ...answers, "skills.install": refusal("TIMEOUT", "RPC timeout: skills.install") } });
    await userEvent.click((await row("sag")).getByRole("button", { name: "Install sag (brew) for sag" }));

    expect(await screen.findByText("Still running at the gateway.")).toBeTruthy();
    expect(isStillRunning({ code: "CONNECTION_LOST", mayHaveRun: true })).toBe(true);
    expect(isStillRunning({ code: "UNAVAILABLE", mayHaveRun: false })).toBe(false);
  });
});

it("an API key goes up and is never shown", async () => {
  const { fake } = show();
  await userEvent.click((await row("sag")).getByRole("button", { name: "Set the API key of sag" }));
  const dialog = within(screen.getByRole("dialog", { name: "API key of sag" }));

  await userEvent.type(dialog.getByLabelText("API key"), "sk-1{Enter}");

  await waitFor(() => expect(sent(fake, "skills.update")[0]?.params).toEqual({ skillKey: "sag", apiKey: "sk-1" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
});

it("what the gateway does not have is said, not an error", async () => {
  show({ answers: { "skills.status": refusal("INVALID_REQUEST", "unknown method: skills.status") } });

  expect(await screen.findByText("Not offered by this gateway")).toBeTruthy();
});

describe("variables", () => {
  const open = async (options: RenderPanelOptions = {}) => {
    const shown = show(options);
    await userEvent.click((await row("sag")).getByRole("button", { name: "Variables of sag" }));
    return { ...shown, dialog: within(screen.getByRole("dialog", { name: "Variables of sag" })) };
  };

  it("are set one by one; of those that are there only the names show", async () => {
    const { fake, dialog } = await open();
    const set = await dialog.findByRole("list", { name: "Variables that are set" });
    expect(set.textContent).toContain("SAG_VOICE");
    expect(set.textContent).not.toContain("REDACTED");

    await userEvent.type(dialog.getByLabelText("Name"), "1SAG");
    await userEvent.type(dialog.getByLabelText("Value"), "loud");
    expect(dialog.getByRole<HTMLButtonElement>("button", { name: "Save variable" }).disabled).toBe(true);
    await userEvent.clear(dialog.getByLabelText("Name"));
    await userEvent.type(dialog.getByLabelText("Name"), "SAG_MODE");
    await userEvent.click(dialog.getByRole("button", { name: "Save variable" }));

    await waitFor(() =>
      expect(sent(fake, "skills.update")[0]?.params).toEqual({ skillKey: "sag", env: { SAG_MODE: "loud" } }),
    );
  });

  it("are removed after a question", async () => {
    const { fake, dialog } = await open();
    await userEvent.click(await dialog.findByRole("button", { name: "Remove SAG_VOICE" }));
    expect(sent(fake, "skills.update")).toEqual([]);
    await userEvent.click(screen.getByRole("button", { name: "Remove variable" }));

    await waitFor(() =>
      expect(sent(fake, "skills.update")[0]?.params).toEqual({ skillKey: "sag", env: { SAG_VOICE: "" } }),
    );
  });

  it("W10: that are refused keep what was typed, with the gateway's words", async () => {
    const { dialog } = await open({ answers: { ...answers, "skills.update": refusal("UNAVAILABLE", "locked") } });
    await userEvent.type(dialog.getByLabelText("Name"), "SAG_MODE");
    await userEvent.type(dialog.getByLabelText("Value"), "loud");
    await userEvent.click(dialog.getByRole("button", { name: "Save variable" }));

    expect((await dialog.findByRole("alert")).textContent).toContain("locked");
    expect(dialog.getByDisplayValue("SAG_MODE")).toBeTruthy();
  });
});

describe("the hub", () => {
  const search = async (options: RenderPanelOptions = {}) => {
    const shown = show(options);
    await row("weather");
    await userEvent.click(screen.getByRole("button", { name: "Find skills" }));
    const sheet = within(await screen.findByRole("dialog", { name: "Find skills" }));
    await userEvent.type(sheet.getByRole("searchbox", { name: "Search the hub" }), "water");
    expect(sent(shown.fake, "skills.search")).toEqual([]);
    await userEvent.click(sheet.getByRole("button", { name: "Search" }));
    return { ...shown, sheet };
  };

  it("is searched when asked, shows one skill, and installs it after a question", async () => {
    const { fake, sheet } = await search();
    await userEvent.click(await sheet.findByRole("button", { name: /Tides/ }));
    expect(sent(fake, "skills.search")[0]?.params).toEqual({ query: "water", limit: 30 });

    const details = within(await screen.findByRole("dialog", { name: "Tides" }));
    expect(await details.findByText("2.1.0")).toBeTruthy();
    expect(sent(fake, "skills.detail")[0]?.params).toEqual({ slug: "@ada/tides" });
    await userEvent.click(details.getByRole("button", { name: "Install" }));
    expect(sent(fake, "skills.install")).toEqual([]);
    await userEvent.click(screen.getByRole("button", { name: "Install skill" }));

    const params = { source: "clawhub", slug: "@ada/tides", timeoutMs: 120_000 };
    await waitFor(() => expect(sent(fake, "skills.install")[0]?.params).toEqual(params));
  });

  it("W10: that cannot be reached is said in the gateway's words, and asked once", async () => {
    const { fake, sheet } = await search({
      answers: { ...answers, "skills.search": refusal("UNAVAILABLE", "fetch failed") },
    });

    expect((await sheet.findByRole("alert")).textContent).toContain("fetch failed");
    expect(sent(fake, "skills.search")).toHaveLength(1);
  });
});
