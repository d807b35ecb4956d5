import { DoorError } from "@vestibule/client";
import { settled } from "@vestibule/client/testing";
import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { renderPanel, type RenderPanelOptions } from "@/shell/testing";
import Debug from "./panel";

const answers = {
  status: { runtimeVersion: "2026.9.6", tasks: { total: 3 } },
  "last-heartbeat": { status: "skipped" },
  "system-event": { ok: true },
  "sessions.subscribe": { subscribed: true },
};
const show = (options: RenderPanelOptions = {}) => renderPanel(<Debug />, { answers, ...options });
const sent = (fake: ReturnType<typeof show>["fake"], method: string) =>
  fake.requests.filter((request) => request.method === method);
const call = () => screen.getByRole("button", { name: /^Call/ });
const choose = async (method: string) => {
  const list = within(screen.getByRole("listbox", { name: "Methods" }));
  await userEvent.click(await list.findByText(method));
};

beforeEach(() => {
  // Lists lay out only what fits: they have to have a height.
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(600);
});

describe("a call", () => {
  it("that reads is made at once; its answer is a tree, with how long it took", async () => {
    const { fake } = show();
    await act(settled);

    await userEvent.click(call());

    expect(await screen.findByText("runtimeVersion:")).toBeTruthy();
    expect(screen.getByText('"2026.9.6"')).toBeTruthy();
    expect(sent(fake, "status")).toHaveLength(1);
  });

  it("that may change something is confirmed, with the scope it needs", async () => {
    const { fake } = show();
    await act(settled);
    await choose("system-event");

    await userEvent.click(call());
    const question = within(await screen.findByRole("alertdialog"));
    expect(question.getByText(/Needs operator.admin/)).toBeTruthy();
    expect(sent(fake, "system-event")).toEqual([]);

    await userEvent.click(question.getByRole("button", { name: "Call" }));
    await waitFor(() => expect(sent(fake, "system-event")).toHaveLength(1));
  });

  it("that subscribes is asked about: the flag stays up", async () => {
    const { fake } = show();
    await act(settled);
    await choose("sessions.subscribe");

    await userEvent.click(call());

    expect((await screen.findByRole("alertdialog")).textContent).toContain("sessions.unsubscribe");
    expect(sent(fake, "sessions.subscribe")).toEqual([]);
  });

  it("W10: that fails shows the gateway's own words and code", async () => {
    show({
      answers: {
        ...answers,
        status: () => {
          throw new DoorError("INVALID_REQUEST", "unauthorized role: operator");
        },
      },
    });
    await act(settled);
    await choose("status");

    await userEvent.click(call());

    const alert = await screen.findByRole("alert");
    expect(alert.textContent).toContain("unauthorized role: operator");
    expect(alert.textContent).toContain("INVALID_REQUEST");
  });

  it("is kept in the history of the session, and comes back from it", async () => {
    show();
    await act(settled);
    await choose("last-heartbeat");
    await userEvent.click(call());
    await screen.findByText("status:");
    await choose("status");
    expect(screen.queryByText("status:")).toBeNull();

    await userEvent.click(screen.getByRole("tab", { name: "History" }));
    const calls = within(await screen.findByRole("listbox", { name: "Calls of this session" }));
    await userEvent.click((await calls.findAllByText("last-heartbeat"))[0] ?? document.body);

    expect(await screen.findByText('"skipped"')).toBeTruthy();
  });
});

describe("what is pushed", () => {
  it("appears as it comes, and is filtered by word", async () => {
    const { fake } = show({ hash: "#/panels/debug/events" });
    await act(settled);
    act(() => {
      fake.event("cron", { jobId: "a" });
      fake.event("tick", { ts: 1 });
    });

    const list = within(await screen.findByRole("listbox", { name: "Events" }));
    expect(await list.findByText("cron")).toBeTruthy();
    await userEvent.type(screen.getByLabelText("Filter events"), "tick");
    await waitFor(() => expect(list.queryByText("cron")).toBeNull());
    expect(list.getByText("tick")).toBeTruthy();
  });
});

it("says how one is connected, and as whom", async () => {
  show({ hash: "#/panels/debug/connection" });

  expect(await screen.findByText("2026.9.6")).toBeTruthy();
  expect(screen.getByText("open")).toBeTruthy();
  expect(screen.getAllByText("ada").length).toBeGreaterThan(0);
});
