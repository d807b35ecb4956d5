import { settled } from "@vestibule/client/testing";
import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { renderPanel } from "@/shell/testing";
import Instances from "./panel";
import type { DoorClient, Presence } from "./wire";

const gateway: Presence = { ts: 1, host: "vm", mode: "gateway", reason: "self", version: "2026.9.6" };
const phone: Presence = { ts: 1, host: "Pixel", mode: "node", roles: ["node"], platform: "android" };

const CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
const page: DoorClient = { id: "c1", member: "ada", role: "admin", agent: CHROME, sinceMs: 1, self: true };
const robot: DoorClient = { id: "c2", member: "bo", role: "viewer", agent: "vestibule/0.1.0", sinceMs: 2, self: false };
const alone = { clients: [page] };

const headings = () =>
  screen.getAllByRole("article").map((card) => within(card).getByRole("heading", { level: 3 }).textContent);
const clients = () =>
  within(screen.getByRole("list", { name: "Clients of the door" }))
    .getAllByRole("listitem")
    .map((row) => within(row).getByRole("heading").textContent);

it("shows what is connected, with kind, version and when it was last seen", async () => {
  renderPanel(<Instances />, { answers: { "system-presence": [phone, gateway], "door.clients": alone } });

  const card = within((await screen.findByRole("heading", { name: "Pixel" })).closest("article") ?? document.body);
  expect(headings()).toEqual(["vm", "Pixel"]);
  expect(card.getByText("Node")).toBeTruthy();
  expect(card.getByText("android")).toBeTruthy();
  expect(card.getByText("Last seen")).toBeTruthy();
});

it("W7: takes the list of the event presence as it is and asks nothing again", async () => {
  const { fake } = renderPanel(<Instances />, { answers: { "system-presence": [gateway], "door.clients": alone } });
  await screen.findByRole("heading", { name: "vm" });
  const asked = fake.requests.filter((request) => request.method === "system-presence").length;

  fake.event("presence", { presence: [gateway, { ...phone, reason: "disconnect" }] });
  await act(settled);

  expect(screen.getByRole("heading", { name: /Gone lately/ })).toBeTruthy();
  expect(headings()).toEqual(["vm", "Pixel"]);
  expect(fake.requests.filter((request) => request.method === "system-presence").length).toBe(asked);
});

it("filters, and says when nothing matches", async () => {
  renderPanel(<Instances />, { answers: { "system-presence": [phone, gateway], "door.clients": alone } });
  await screen.findByRole("heading", { name: "vm" });

  await userEvent.type(screen.getByRole("searchbox", { name: "Filter instances" }), "android");
  expect(headings()).toEqual(["Pixel"]);
  await userEvent.type(screen.getByRole("searchbox", { name: "Filter instances" }), "x");
  expect(screen.getByText("Nothing matches")).toBeTruthy();
});

it("says what would be here when nothing is", async () => {
  renderPanel(<Instances />, { answers: { "system-presence": [], "door.clients": alone } });

  expect(await screen.findByText("Nothing tells that it is connected")).toBeTruthy();
});

it("lists who came through the door, and asks again when the door says that it has changed", async () => {
  let present = [page, robot];
  const { fake } = renderPanel(<Instances />, {
    answers: { "system-presence": [gateway], "door.clients": () => ({ clients: present }) },
  });
  await screen.findByText("vestibule 0.1.0");
  expect(clients()).toEqual(["Chrome 140 on Linuxthis page", "vestibule 0.1.0"]);
  expect(screen.getByText(/bo, viewer/)).toBeTruthy();

  await userEvent.type(screen.getByRole("searchbox", { name: "Filter instances" }), "viewer");
  expect(clients()).toEqual(["vestibule 0.1.0"]);
  await userEvent.clear(screen.getByRole("searchbox", { name: "Filter instances" }));

  present = [page];
  fake.event("door.clients.changed", {});
  await waitFor(() => expect(clients()).toEqual(["Chrome 140 on Linuxthis page"]));
});
