import { DoorError } from "@vestibule/client";
import { settled } from "@vestibule/client/testing";
import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { renderPanel, type RenderPanelOptions } from "@/shell/testing";
import Cron from "./panel";
import type { Job } from "./wire";

const job: Job = {
  id: "j1",
  name: "Morning brief",
  enabled: true,
  configRevision: "r1",
  schedule: { kind: "cron", expr: "0 8 * * *", tz: "Europe/Zurich" },
  sessionTarget: "isolated",
  wakeMode: "now",
  payload: { kind: "agentTurn", message: "Brief me" },
  delivery: { mode: "none" },
  state: { nextRunAtMs: 4_000_000_000_000, lastRunStatus: "ok", lastRunAtMs: 1 },
};
const system: Job = {
  ...job,
  id: "j2",
  name: "Dreaming",
  declarationKey: "memory-core:dream",
  description: "[managed-by=memory-core] Promote recalls.",
  payload: { kind: "agentTurn", message: "__dream__" },
};
const run = { ts: 5, jobId: "j1", jobName: "Morning brief", status: "error", error: "Channel is required", runId: "r" };

const answers = {
  "cron.list": { jobs: [job, system], total: 2 },
  "cron.status": { enabled: true, jobs: 2, nextWakeAtMs: 4_000_000_000_000 },
  "cron.runs": { entries: [run] },
  "cron.add": job,
  "cron.update": job,
  "cron.run": { ok: true, enqueued: true },
  "cron.remove": { ok: true },
};
const show = (options: RenderPanelOptions = {}) => renderPanel(<Cron />, { answers, ...options });
const sent = (fake: ReturnType<typeof show>["fake"], method: string) =>
  fake.requests.filter((request) => request.method === method).map((request) => request.params);
const refusal = (message: string, details?: unknown) => () => {
  throw new DoorError("INVALID_REQUEST", message, { details });
};
const write = (field: HTMLElement, text: string) => fireEvent.change(field, { target: { value: text } });
const row = async (name: string) => {
  const title = (await screen.findAllByRole("button", { name }))[0];
  return within(title?.closest("tr") ?? document.body);
};

describe("the list", () => {
  it("shows jobs with their schedule in words, the next run and how the last one went", async () => {
    show();

    const brief = await row("Morning brief");
    expect(brief.getByText("At 08:00")).toBeTruthy();
    expect(brief.getByText("0 8 * * * · Europe/Zurich")).toBeTruthy();
    expect(brief.getByText("Last run ok")).toBeTruthy();
    expect((await row("Dreaming")).getByText("system")).toBeTruthy();
    expect((await row("Dreaming")).getByText("Promote recalls.")).toBeTruthy();
  });

  it("says that a run is overdue", async () => {
    const late = { ...job, state: { nextRunAtMs: Date.now() - 600_000 } };
    show({ answers: { ...answers, "cron.list": { jobs: [late], total: 1 } } });

    expect((await row("Morning brief")).getByText("overdue")).toBeTruthy();

    await userEvent.click((await row("Morning brief")).getByRole("button", { name: "Morning brief" }));
    expect(within(await screen.findByRole("dialog")).getByText("overdue")).toBeTruthy();
  });

  it("W7: takes a job's state from the event", async () => {
    const { fake } = show();
    await row("Morning brief");
    const asked = sent(fake, "cron.list").length;

    act(() => {
      fake.event("cron", { jobId: "j1", action: "started", job: { ...job, state: { runningAtMs: 1 } } });
    });
    await act(settled);

    expect((await row("Morning brief")).getAllByText("Running").length).toBeGreaterThan(0);
    expect(sent(fake, "cron.list")).toHaveLength(asked);
  });

  it("says how many there are, and shows those beyond the first page", async () => {
    const far = { ...job, id: "j200", name: "Far away" };
    const list = (params: unknown) => ({ jobs: "offset" in (params as object) ? [far] : [job], total: 201 });
    const { fake } = show({ answers: { ...answers, "cron.list": list } });
    await row("Morning brief");
    expect(screen.getByText(/1 of 201 jobs are here/)).toBeTruthy();

    await userEvent.click(screen.getByRole("button", { name: "Show more" }));

    await row("Far away");
    expect(sent(fake, "cron.list").at(-1)).toMatchObject({ limit: 200, offset: 200 });
    expect(screen.queryByRole("button", { name: "Show more" })).toBeNull();
    act(
      () => void fake.event("cron", { jobId: "j200", action: "started", job: { ...far, state: { runningAtMs: 1 } } }),
    );
    expect((await row("Far away")).getAllByText("Running").length).toBeGreaterThan(0);
  });

  it("W10: a switch that is refused goes back, with the gateway's words", async () => {
    const { fake } = show({ answers: { ...answers, "cron.update": refusal("jobs are frozen") } });
    const control = (await row("Morning brief")).getByRole("switch");

    await userEvent.click(control);

    expect((await screen.findByRole("alert")).textContent).toContain("jobs are frozen");
    expect(control.getAttribute("aria-checked")).toBe("true");
    expect(sent(fake, "cron.update")).toEqual([{ id: "j1", patch: { enabled: false } }]);
  });

  it("is for admins to change, and says so to others", async () => {
    show({ gateway: { scopes: ["operator.read"] } });
    const brief = await row("Morning brief");

    expect(brief.getByRole("switch").getAttribute("aria-disabled")).toBe("true");
    expect(screen.getByRole("button", { name: /New job/ }).getAttribute("aria-disabled")).toBe("true");
  });
});

describe("a new job", () => {
  it("is sent with what was written; without a channel it announces nothing", async () => {
    const { fake } = show();
    await row("Morning brief");
    await userEvent.click(screen.getByRole("button", { name: /New job/ }));
    const dialog = within(await screen.findByRole("dialog"));
    expect(dialog.getByText("At 09:00, Monday through Friday")).toBeTruthy();

    write(dialog.getByLabelText("Name"), "Tea");
    write(dialog.getByLabelText("Message"), "Is there tea?");
    await userEvent.click(dialog.getByRole("button", { name: "Add job" }));

    await waitFor(() => expect(sent(fake, "cron.add")).toHaveLength(1));
    expect(sent(fake, "cron.add")[0]).toMatchObject({
      name: "Tea",
      enabled: true,
      sessionTarget: "isolated",
      payload: { kind: "agentTurn", message: "Is there tea?" },
      delivery: { mode: "none" },
    });
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });

  it("W10: that is refused stays open, with what was written and the gateway's words", async () => {
    show({ answers: { ...answers, "cron.add": refusal("CronPattern: no") } });
    await row("Morning brief");
    await userEvent.click(screen.getByRole("button", { name: /New job/ }));
    const dialog = within(await screen.findByRole("dialog"));
    write(dialog.getByLabelText("Name"), "Tea");
    write(dialog.getByLabelText("Message"), "x");
    await userEvent.click(dialog.getByRole("button", { name: "Add job" }));

    expect((await dialog.findByRole("alert")).textContent).toContain("CronPattern: no");
    expect(dialog.getByDisplayValue("Tea")).toBeTruthy();
  });

  it("that is half written is not dropped without a question", async () => {
    show();
    await row("Morning brief");
    await userEvent.click(screen.getByRole("button", { name: /New job/ }));
    const dialog = within(await screen.findByRole("dialog"));
    write(dialog.getByLabelText("Name"), "Tea");
    await userEvent.keyboard("{Escape}");
    await userEvent.click(within(await screen.findByRole("alertdialog")).getByRole("button", { name: "Cancel" }));
    expect(await dialog.findByDisplayValue("Tea")).toBeTruthy();

    write(dialog.getByLabelText("Name"), "");
    await userEvent.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });

  it("says what is missing and sends nothing", async () => {
    const { fake } = show();
    await row("Morning brief");
    await userEvent.click(screen.getByRole("button", { name: /New job/ }));
    const dialog = within(await screen.findByRole("dialog"));
    await userEvent.click(dialog.getByRole("button", { name: "Add job" }));

    expect(dialog.getByText("A name to find it again by.")).toBeTruthy();
    expect(sent(fake, "cron.add")).toEqual([]);
  });
});

it("all runs are told apart by the names of their jobs", async () => {
  const entries = [
    { ...run, jobName: "As it was called before" },
    { ...run, ts: 6, runId: "r2", jobId: "gone", jobName: "Deleted since" },
  ];
  show({ hash: "#/panels/cron/runs", answers: { ...answers, "cron.runs": { entries } } });

  const [first, second] = await screen.findAllByRole("listitem");
  expect(second?.textContent).toContain("Deleted since");
  await waitFor(() => expect(first?.textContent).toContain("Morning brief"));
});

describe("one job", () => {
  const open = (options: RenderPanelOptions = {}) => show({ hash: "#/panels/cron/j1", ...options });

  it("shows its runs with what went wrong", async () => {
    open();

    expect((await screen.findAllByText("Channel is required")).length).toBeGreaterThan(0);
  });

  it("that is not on the page is asked for by its id", async () => {
    const far = { ...job, id: "j300", name: "Far away" };
    const { fake } = open({ hash: "#/panels/cron/j300", answers: { ...answers, "cron.get": far } });

    expect(await screen.findByRole("dialog", { name: "Far away" })).toBeTruthy();
    expect(sent(fake, "cron.get")).toEqual([{ id: "j300" }]);
  });

  it("that is not there says so", async () => {
    const gone = refusal("cron job not found: j9", { code: "CRON_JOB_NOT_FOUND", jobId: "j9" });
    open({ hash: "#/panels/cron/j9", answers: { ...answers, "cron.get": gone } });

    expect(await screen.findByText("There is no such job")).toBeTruthy();
  });

  it("W7: asks for its runs again when a task tells how far it is", async () => {
    const { fake } = open();
    await screen.findAllByText("Channel is required");
    const asked = sent(fake, "cron.runs").length;

    act(() => void fake.event("task", { action: "upserted", task: { id: "t1", status: "succeeded" } }));

    await waitFor(() => expect(sent(fake, "cron.runs").length).toBe(asked + 1));
  });

  it("runs now", async () => {
    const { fake } = open();
    const sheet = within(await screen.findByRole("dialog"));
    await userEvent.click(sheet.getByRole("button", { name: "Run now: Morning brief" }));

    await waitFor(() => expect(sent(fake, "cron.run")).toEqual([{ id: "j1", mode: "force" }]));
  });

  it("is deleted after a question; one of the system is not", async () => {
    const { fake } = open();
    const sheet = within(await screen.findByRole("dialog"));
    await userEvent.click(sheet.getByRole("button", { name: "Delete" }));
    expect(sent(fake, "cron.remove")).toEqual([]);
    await userEvent.click(await screen.findByRole("button", { name: "Delete job" }));

    await waitFor(() => expect(sent(fake, "cron.remove")).toEqual([{ id: "j1" }]));
  });

  it("of the system cannot be deleted", async () => {
    open({ hash: "#/panels/cron/j2" });
    const sheet = within(await screen.findByRole("dialog"));

    expect(sheet.getByRole("button", { name: "Delete" }).getAttribute("aria-disabled")).toBe("true");
  });

  it("that somebody else changed meanwhile shows both, and can be saved over", async () => {
    const { fake } = open({
      answers: {
        ...answers,
        "cron.update": (params: unknown) => {
          if (JSON.stringify(params).includes("expectedConfigRevision")) {
            throw new DoorError("INVALID_REQUEST", "no longer matches", { details: { code: "CRON_JOB_CHANGED" } });
          }
          return job;
        },
      },
    });
    await userEvent.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Edit" }));
    const form = within(await screen.findByRole("dialog", { name: /Edit/ }));
    write(form.getByLabelText("Name"), "Morning brief!");
    await userEvent.click(form.getByRole("button", { name: "Save" }));

    expect(await form.findByText("Somebody changed this job while you were editing it.")).toBeTruthy();
    await userEvent.click(form.getByRole("button", { name: "Save mine over it" }));
    await waitFor(() =>
      expect(sent(fake, "cron.update").at(-1)).toEqual({ id: "j1", patch: { name: "Morning brief!" } }),
    );
  });
});
