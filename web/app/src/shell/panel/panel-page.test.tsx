import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { createElement, Suspense, useState } from "react";
import { expect, test } from "vitest";
import { renderPanel } from "../testing";
import { Boundary } from "./boundary";
import { GatedButton } from "./can";
import { PanelPage } from "./panel-page";
import { Resource } from "./resource";
import { viewOf } from "./view";

test("a panel that an older gateway lacks says so, with the version", async () => {
  renderPanel(<PanelPage id="usage" />, { gateway: { methods: ["health"], version: "2026.3.13", protocol: 3 } });
  expect(await screen.findByText("Not offered by this gateway")).toBeTruthy();
  expect(screen.getByText("usage.cost")).toBeTruthy();
  expect(screen.getByText(/OpenClaw 2026\.3\.13/)).toBeTruthy();
});

test("an address of no page is told as that", () => {
  renderPanel(<PanelPage id="nothing" />);
  expect(screen.getByText("There is no such page")).toBeTruthy();
});

test("an action beyond the role is there, disabled, with its reason", async () => {
  let clicks = 0;
  renderPanel(
    <GatedButton needs={{ methods: ["cron.add"], scopes: ["operator.admin"] }} onClick={() => clicks++}>
      New job
    </GatedButton>,
    { gateway: { methods: ["cron.add"], scopes: ["operator.read"] } },
  );
  const button = screen.getByRole("button", { name: "New job" });
  await waitFor(() => expect(button.getAttribute("aria-disabled")).toBe("true"));
  button.click();
  expect(clicks).toBe(0);
  await userEvent.tab(); // the reason is reached by keyboard
  expect((await screen.findAllByText("Your role does not include operator.admin")).length).toBeGreaterThan(0);
});

test("a page that fails fails alone, and can be tried again", async () => {
  let broken = true;
  function Page() {
    const [works] = useState(() => !broken);
    if (!works) throw new Error("cannot read nextRunAtMs");
    return <p>nightly job</p>;
  }
  const quiet = console.error;
  console.error = () => undefined; // React prints what a boundary catches
  renderPanel(
    <Boundary what="Cron" connected>
      <Page />
    </Boundary>,
  );
  console.error = quiet;
  expect(screen.getByText("Cron has a defect")).toBeTruthy();
  expect(screen.getByText("cannot read nextRunAtMs")).toBeTruthy();
  broken = false;
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(screen.getByText("nightly job")).toBeTruthy();
});

test("a page whose files cannot be had is asked for again when the connection is back", async () => {
  let reachable = false;
  const load = () =>
    reachable ? Promise.resolve({ default: () => <p>nightly job</p> }) : Promise.reject(new Error("Failed to fetch"));
  const at = (connected: boolean) => (
    <Boundary what="Cron" connected={connected}>
      <Suspense>
        <Late />
      </Suspense>
    </Boundary>
  );
  const Late = () => createElement(viewOf(load));
  const quiet = console.error;
  console.error = () => undefined; // React prints what a boundary catches
  const { rerender } = render(at(false));
  expect(await screen.findByText("Cron could not be loaded")).toBeTruthy();
  console.error = quiet;

  reachable = true;
  rerender(at(true));
  expect(await screen.findByText("nightly job")).toBeTruthy();
});

test("what was loaded stays when its refresh fails, with the gateway's own message above it (W12)", () => {
  const answer = { data: ["nightly"], error: { code: "UNAVAILABLE", message: "try later" }, isLoading: false };
  renderPanel(
    <Resource of={{ ...answer, mutate: () => undefined }} what="jobs">
      {(jobs) => <p>{jobs.join()}</p>}
    </Resource>,
  );
  expect(screen.getByText("nightly")).toBeTruthy();
  expect(screen.getByRole("alert").textContent).toContain("try later");
});
