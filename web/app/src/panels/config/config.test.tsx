import { EditorView } from "@codemirror/view";
import { DoorError } from "@vestibule/client";
import { settled } from "@vestibule/client/testing";
import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { renderPanel, type RenderPanelOptions } from "@/shell/testing";
import Config from "./panel";
import { MARK } from "./secrets";
import type { Lookup, ReloadKind, Snapshot } from "./wire";

const raw = JSON.stringify({ logging: { level: "info" }, gateway: { port: 1, auth: { token: MARK } } }, null, 2);
const snapshot: Snapshot = { exists: true, valid: true, raw, hash: "h1", issues: [], warnings: [], runtimeConfig: {} };

const lookup = (params: unknown): Lookup => {
  const path = JSON.stringify(params);
  const reloadKind: ReloadKind = path.includes("gateway") ? "restart" : "none";
  return {
    path,
    schema: { type: "string" },
    reloadKind,
    hint: { label: "Some value", help: "What it is for." },
    children: [],
  };
};
const answers = {
  "config.get": snapshot,
  "config.schema.lookup": lookup,
  "config.patch": { ok: true, hash: "h2", changedPaths: ["logging.level"] },
  "config.apply": { ok: true },
};
const show = (options: RenderPanelOptions = {}) => renderPanel(<Config />, { answers, ...options });
const sent = (fake: ReturnType<typeof show>["fake"], method: string) =>
  fake.requests.filter((request) => request.method === method).map((request) => request.params);
const refusal = (message: string, details?: unknown) => () => {
  throw new DoorError("INVALID_REQUEST", message, { details });
};

const editor = async (): Promise<EditorView> => {
  const content = await screen.findByRole("textbox", { name: "Config file" });
  const view = EditorView.findFromDOM(content);
  if (!view) throw new Error("no editor");
  return view;
};
/** As if it were typed: one stretch of the text in place of another. */
const edit = async (before: string, after: string) => {
  const view = await editor();
  const from = view.state.doc.toString().indexOf(before);
  act(() => view.dispatch({ changes: { from, to: from + before.length, insert: after } }));
};
const review = async () => {
  await userEvent.click(screen.getByRole("button", { name: "Review and save" }));
  return within(await screen.findByRole("dialog", { name: "Save the config?" }));
};
const discard = async () => {
  await userEvent.click(screen.getByRole("button", { name: "Discard" }));
  await userEvent.click(within(await screen.findByRole("alertdialog")).getByRole("button", { name: "Discard" }));
};

describe("the file", () => {
  it("is shown without the mark of its secrets, with help for the place of the cursor", async () => {
    show();

    expect((await editor()).dom.textContent).toContain("kept secret");
    expect(document.body.textContent).not.toContain(MARK);
    expect(await screen.findByText("What it is for.")).toBeTruthy();
  });

  it("is read only without the right to change it, and says so", async () => {
    show({ gateway: { scopes: ["operator.read"] } });

    expect((await editor()).state.readOnly).toBe(true);
    expect(screen.getByText(/Read only/)).toBeTruthy();
  });

  it("that is not there yet can be begun", async () => {
    show({ answers: { ...answers, "config.get": { exists: false, valid: true, raw: null } } });

    expect((await editor()).state.doc.toString()).toContain("{");
    expect(screen.getByText("no file yet")).toBeTruthy();
  });

  it("that breaks is marked at its line, and cannot be saved", async () => {
    show();
    await edit('"info"', "]");

    expect((await screen.findByText("line 3")).closest("li")?.textContent).toContain("Invalid character");
    expect(screen.getByRole("button", { name: "Review and save" })).toHaveProperty("disabled", true);
    await discard();
  });
});

describe("saving", () => {
  it("shows what changes, then sends a patch of it with the hash that was read", async () => {
    const { fake } = show();
    await edit('"info"', '"debug"');
    const dialog = await review();
    expect(dialog.getByText("One value changes.")).toBeTruthy();
    await userEvent.click(dialog.getByRole("button", { name: "Save" }));

    await waitFor(() =>
      expect(sent(fake, "config.patch")).toEqual([{ raw: '{"logging":{"level":"debug"}}', baseHash: "h1" }]),
    );
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });

  it("warns before it restarts the gateway", async () => {
    show();
    await edit('"port": 1', '"port": 2');
    const dialog = await review();

    expect(await dialog.findByText(/The gateway restarts for this/)).toBeTruthy();
    expect(dialog.getByRole("button", { name: "Save and restart" })).toBeTruthy();
    await userEvent.click(dialog.getByRole("button", { name: "Go on editing" }));
    await discard();
  });

  it("that restarts the gateway is read again when it is back, without an error before", async () => {
    const { fake } = show({ answers: { ...answers, "config.patch": { ok: true, hash: "h2", restart: {} } } });
    await edit('"port": 1', '"port": 2');
    const dialog = await review();
    await userEvent.click(await dialog.findByRole("button", { name: "Save and restart" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    const before = sent(fake, "config.get").length;

    fake.on("config.get", () => {
      throw new DoorError("GATEWAY_LOST", "Gateway connection lost", { mayHaveRun: true });
    });
    act(() => void fake.gateway({ state: "connecting", reason: "restarts" }).event("config.changed", { hash: "h2" }));
    await waitFor(() => expect(sent(fake, "config.get").length).toBe(before + 1));
    await act(settled);
    expect(screen.queryByRole("alert")).toBeNull();

    fake.on("config.get", () => ({ ...snapshot, hash: "h2", raw: raw.replace('"port": 1', '"port": 3') }));
    act(() => void fake.gateway({ state: "ready" }));
    await waitFor(async () => expect((await editor()).state.doc.toString()).toContain('"port": 3'));
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("W10: that is refused says so in the gateway's words, and marks the line", async () => {
    const issues = [{ path: "logging.level", message: "Invalid input" }];
    show({ answers: { ...answers, "config.patch": refusal("invalid config: logging.level", { issues }) } });
    await edit('"info"', '"nope"');
    const dialog = await review();
    await userEvent.click(dialog.getByRole("button", { name: "Save" }));

    expect((await dialog.findByRole("alert")).textContent).toContain("invalid config: logging.level");
    await userEvent.click(dialog.getByRole("button", { name: "Go on editing" }));
    expect((await screen.findByText("line 3")).closest("li")?.textContent).toContain("Invalid input");
    await discard();
  });
});

describe("a change from elsewhere", () => {
  const theirs: Snapshot = { ...snapshot, hash: "h9", raw: raw.replace('"port": 1', '"port": 9') };

  it("replaces the text of a clean editor", async () => {
    const { fake } = show();
    await editor();
    fake.on("config.get", () => theirs);
    act(() => void fake.event("config.changed", { hash: "h9" }));
    await act(settled);

    await waitFor(async () => expect((await editor()).state.doc.toString()).toContain('"port": 9'));
  });

  it("never replaces what was written: both versions are shown, and mine goes on top of theirs", async () => {
    const { fake } = show();
    await edit('"info"', '"debug"');
    fake.on("config.get", () => theirs);
    act(() => void fake.event("config.changed", { hash: "h9" }));

    expect(await screen.findByText("The config was changed elsewhere.")).toBeTruthy();
    expect((await editor()).state.doc.toString()).toContain('"debug"');
    expect(screen.getByRole("button", { name: "Review and save" })).toHaveProperty("disabled", true);

    await userEvent.click(screen.getByRole("button", { name: "Compare" }));
    await userEvent.click(await screen.findByRole("button", { name: "Put mine on top of theirs" }));
    const text = (await editor()).state.doc.toString();
    expect(text).toContain('"debug"');
    expect(text).toContain('"port": 9');

    const dialog = await review();
    await userEvent.click(dialog.getByRole("button", { name: "Save" }));
    await waitFor(() =>
      expect(sent(fake, "config.patch")).toEqual([{ raw: '{"logging":{"level":"debug"}}', baseHash: "h9" }]),
    );
  });

  it("that is noticed only when saving is no loss either", async () => {
    const stale = refusal("config changed since last load; re-run config.get and retry");
    const { fake } = show({ answers: { ...answers, "config.patch": stale } });
    await edit('"info"', '"debug"');
    const dialog = await review();
    fake.on("config.get", () => theirs);
    await userEvent.click(dialog.getByRole("button", { name: "Save" }));

    expect(await screen.findByText("The config was changed elsewhere.")).toBeTruthy();
    expect((await editor()).state.doc.toString()).toContain('"debug"');
    await discard();
  });
});
