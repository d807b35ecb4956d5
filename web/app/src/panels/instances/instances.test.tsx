import { settled } from "@vestibule/client/testing";
import { act, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { renderPanel } from "@/shell/testing";
import Instances from "./panel";
import type { Presence } from "./wire";

const gateway: Presence = { ts: 1, host: "vm", mode: "gateway", reason: "self", version: "2026.9.6" };
const phone: Presence = { ts: 1, host: "Pixel", mode: "node", roles: ["node"], platform: "android" };

const headings = () => screen.getAllByRole("heading", { level: 3 }).map((heading) => heading.textContent);

it("shows what is connected, with kind, version and when it was last seen", async () => {
  renderPanel(<Instances />, { answers: { "system-presence": [phone, gateway] } });

  const card = within((await screen.findByRole("heading", { name: "Pixel" })).closest("article") ?? document.body);
  expect(headings()).toEqual(["vm", "Pixel"]);
  expect(card.getByText("Node")).toBeTruthy();
  expect(card.getByText("android")).toBeTruthy();
  expect(card.getByText("Last seen")).toBeTruthy();
});

it("W7: takes the list of the event presence as it is and asks nothing again", async () => {
  const { fake } = renderPanel(<Instances />, { answers: { "system-presence": [gateway] } });
  await screen.findByRole("heading", { name: "vm" });
  const asked = fake.requests.filter((request) => request.method === "system-presence").length;

  fake.event("presence", { presence: [gateway, { ...phone, reason: "disconnect" }] });
  await act(settled);

  expect(screen.getByRole("heading", { name: /Gone lately/ })).toBeTruthy();
  expect(headings()).toEqual(["vm", "Pixel"]);
  expect(fake.requests.filter((request) => request.method === "system-presence").length).toBe(asked);
});

it("filters, and says when nothing matches", async () => {
  renderPanel(<Instances />, { answers: { "system-presence": [phone, gateway] } });
  await screen.findByRole("heading", { name: "vm" });

  await userEvent.type(screen.getByRole("searchbox", { name: "Filter instances" }), "android");
  expect(headings()).toEqual(["Pixel"]);
  await userEvent.type(screen.getByRole("searchbox", { name: "Filter instances" }), "x");
  expect(screen.getByText("Nothing matches")).toBeTruthy();
});

it("says what would be here when nothing is", async () => {
  renderPanel(<Instances />, { answers: { "system-presence": [] } });

  expect(await screen.findByText("Nothing tells that it is connected")).toBeTruthy();
});
