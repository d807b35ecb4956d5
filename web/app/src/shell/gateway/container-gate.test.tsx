import { DoorError } from "@vestibule/client";
import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { renderPanel } from "../testing";
import { ConnectionBanner } from "./banner";
import { ContainerGate } from "./container-gate";

const page = (
  <>
    <ConnectionBanner />
    <ContainerGate title="Cron">
      <p>nightly job</p>
    </ContainerGate>
  </>
);

test("a gateway that starts is waited for, with its reason; the page comes by itself", async () => {
  const { fake } = renderPanel(page, { gateway: { state: "starting", reason: "loading plugins" } });
  expect(await screen.findByText("Your gateway is starting")).toBeTruthy();
  expect(screen.getByText(/Loading plugins\./)).toBeTruthy();
  fake.gateway({ state: "ready", reason: "" });
  expect(await screen.findByText("nightly job")).toBeTruthy();
});

test.each([
  ["unprovisioned", "No gateway yet"],
  ["stopped", "Your gateway is stopped"],
  ["down", "Your gateway is down"],
  ["connecting", "Connecting to your gateway"],
] as const)("a gateway that is %s is told in words, not by an empty page", async (state, title) => {
  renderPanel(page, { gateway: { state, reason: "because" } });
  expect(await screen.findByText(title)).toBeTruthy();
  expect(screen.queryByText("nightly job")).toBeNull();
});

test.each([
  ["unprovisioned", "Look again"],
  ["stopped", "Start it"],
  ["down", "Try now"],
] as const)(
  "a gateway that is %s is started on demand, and what the door says to that is shown",
  async (state, name) => {
    const asked = { times: 0 };
    const start = () => {
      asked.times += 1;
      if (asked.times === 1) throw new DoorError("RESTARTING", "The door is going down.");
      return {};
    };
    const { fake } = renderPanel(page, { gateway: { state, reason: "because" }, answers: { "door.start": start } });
    (await screen.findByRole("button", { name })).click();
    expect((await screen.findByRole("alert")).textContent).toContain("The door is going down.");
    screen.getByRole("button", { name }).click();
    await waitFor(() => expect(asked.times).toBe(2));
    fake.gateway({ state: "ready", reason: "" });
    expect(await screen.findByText("nightly job")).toBeTruthy();
  },
);

test("once loaded the page stays, under a banner, whatever happens to the gateway (W12)", async () => {
  const { fake } = renderPanel(page, { gateway: { state: "ready", methods: ["health"] } });
  expect(await screen.findByText("nightly job")).toBeTruthy();
  fake.gateway({ state: "down", reason: "connection refused" });
  expect(await screen.findByText(/What you see is the last known state\./, {}, { timeout: 3_000 })).toBeTruthy();
  expect(screen.getByText("nightly job")).toBeTruthy();
  expect(screen.getByRole("button", { name: "Try now" })).toBeTruthy();
  fake.gateway({ state: "ready", reason: "" });
  await waitFor(() => expect(screen.queryByText(/last known state/)).toBeNull());
});

test("once loaded the page stays when the door goes away, with a way to come back at once (W12)", async () => {
  const { fake } = renderPanel(page, { gateway: { state: "ready", methods: ["health"] } });
  expect(await screen.findByText("nightly job")).toBeTruthy();
  fake.fault("refuse");
  fake.drop(1006);
  const again = await screen.findByRole("button", { name: "Reconnect now" }, { timeout: 3_000 });
  expect(screen.getByText("nightly job")).toBeTruthy();
  fake.heal();
  again.click();
  await waitFor(() => expect(screen.queryByText(/last known state/)).toBeNull());
});
