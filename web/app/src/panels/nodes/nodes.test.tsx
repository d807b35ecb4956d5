import { DoorError } from "@vestibule/client";
import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { renderPanel, type RenderPanelOptions } from "@/shell/testing";
import Nodes from "./panel";

const node = {
  nodeId: "node-1",
  displayName: "Pixel",
  platform: "android",
  version: "1.0",
  commands: ["camera.snap"],
  connected: true,
};
const laptop = {
  deviceId: "dev-1",
  displayName: "Old laptop",
  clientId: "cli",
  clientMode: "cli",
  tokens: [{ role: "operator", scopes: ["operator.read"], createdAtMs: 1 }],
};
const door = { deviceId: "dev-0", clientId: "gateway-client", clientMode: "backend", displayName: "vestibule" };
const request = { requestId: "r1", nodeId: "node-2", displayName: "Kitchen", commands: ["system.run"], ts: 1 };

const answers = {
  "node.list": { nodes: [node] },
  "node.pair.list": { pending: [request] },
  "device.pair.list": { pending: [], paired: [laptop, door] },
  "node.describe": node,
  "node.pair.approve": {},
  "node.pair.reject": {},
  "node.pair.remove": {},
  "node.rename": {},
  "device.pair.rename": {},
  "device.pair.remove": {},
  "device.token.rotate": {},
  "device.token.revoke": {},
};

const show = (options: RenderPanelOptions = {}) => renderPanel(<Nodes />, { answers, ...options });
const sent = (fake: ReturnType<typeof show>["fake"], method: string) =>
  fake.requests.filter((one) => one.method === method).map((one) => one.params);

describe("requests", () => {
  it("are approved after a look at what that grants", async () => {
    const { fake } = show();
    const row = within(await screen.findByRole("listitem", { name: "Request of Kitchen" }));

    await userEvent.click(row.getByRole("button", { name: "Approve" }));
    const asks = within(screen.getByRole("alertdialog", { name: "Let Kitchen in?" }));
    expect(asks.getByText("system.run")).toBeTruthy();
    expect(sent(fake, "node.pair.approve")).toEqual([]);
    await userEvent.click(asks.getByRole("button", { name: "Let it in" }));

    await waitFor(() => expect(sent(fake, "node.pair.approve")).toEqual([{ requestId: "r1" }]));
  });

  it("W10: what the gateway says against a rejection is shown at the request", async () => {
    const refuse = () => {
      throw new DoorError("INVALID_REQUEST", "unknown requestId");
    };
    show({ answers: { ...answers, "node.pair.reject": refuse } });
    const row = within(await screen.findByRole("listitem", { name: "Request of Kitchen" }));

    await userEvent.click(row.getByRole("button", { name: "Reject" }));

    expect((await row.findByRole("alert")).textContent).toContain("unknown requestId");
  });
});

describe("a node", () => {
  it("opens beside the list, by its address, and can be renamed", async () => {
    const { fake } = show({ hash: "#/panels/nodes/node-1" });
    const sheet = within(await screen.findByRole("dialog", { name: "Pixel" }));
    expect(await sheet.findByText("camera.snap")).toBeTruthy();

    await userEvent.click(sheet.getByRole("button", { name: "Rename Pixel" }));
    const dialog = within(screen.getByRole("dialog", { name: "Rename node" }));
    await userEvent.clear(dialog.getByRole("textbox", { name: "Name" }));
    await userEvent.type(dialog.getByRole("textbox", { name: "Name" }), "Phone{Enter}");

    await waitFor(() => expect(sent(fake, "node.rename")).toEqual([{ nodeId: "node-1", displayName: "Phone" }]));
    await waitFor(() => expect(screen.queryByRole("dialog", { name: "Rename node" })).toBeNull());
  });
});

describe("a device", () => {
  it("that is the door cannot be removed, nor its token touched", async () => {
    show();
    const row = within(await screen.findByRole("listitem", { name: "vestibule" }));

    expect(row.getByText("the door")).toBeTruthy();
    expect(row.queryByRole("button", { name: /Remove|Rotate|Revoke/ })).toBeNull();
  });

  it("loses its token after a question", async () => {
    const { fake } = show();
    const row = within(await screen.findByRole("listitem", { name: "Old laptop" }));

    await userEvent.click(row.getByRole("button", { name: "Revoke the operator token of Old laptop" }));
    await userEvent.click(screen.getByRole("button", { name: "Revoke token" }));

    await waitFor(() => expect(sent(fake, "device.token.revoke")).toEqual([{ deviceId: "dev-1", role: "operator" }]));
  });

  it("is renamed only where the gateway can do that", async () => {
    show({ gateway: { methods: Object.keys(answers).filter((method) => method !== "device.pair.rename") } });
    const row = within(await screen.findByRole("listitem", { name: "Old laptop" }));

    expect(row.getByRole("button", { name: "Rename Old laptop" }).getAttribute("aria-disabled")).toBe("true");
  });
});

it("a viewer sees the nodes, and why the rest is missing", async () => {
  show({ gateway: { scopes: ["operator.read"] } });

  expect(await screen.findByRole("link", { name: /Pixel/ })).toBeTruthy();
  expect(screen.getByText(/Your role does not include operator.pairing/)).toBeTruthy();
  expect(screen.queryByRole("listitem", { name: "Old laptop" })).toBeNull();
});

it("says how a node comes here when there is none", async () => {
  show({ answers: { ...answers, "node.list": { nodes: [] } } });

  expect(await screen.findByText("No nodes yet")).toBeTruthy();
});
