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
const door = { deviceId: "dev-0", clientId: "cli", clientMode: "cli", displayName: "vestibule" };
const request = { requestId: "r1", nodeId: "node-2", displayName: "Kitchen", commands: ["system.run"], ts: 1 };

const rules = {
  hash: "h1",
  file: { version: 1, socket: { path: "/run/x.sock" }, agents: { main: { allowlist: [{ pattern: "/bin/ls" }] } } },
  resolvedDefaults: { security: "allowlist", ask: "on-miss" },
};
const denied = {
  id: "a1",
  status: "denied",
  presentation: { kind: "exec", commandText: "rm -r notes", host: "gateway" },
  resolvedAtMs: 1,
  decision: "deny",
  reason: "user",
  source: { agentId: "main" },
  resolver: { kind: "device", id: "4f2c" },
};

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
  "exec.approvals.get": rules,
  "exec.approvals.set": rules,
  "approval.history": { items: [denied] },
  "node.invoke": { ok: true, command: "camera.snap", payload: { taken: 1 } },
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
    expect(await sheet.findAllByText("camera.snap")).toBeTruthy();

    await userEvent.click(sheet.getByRole("button", { name: "Rename Pixel" }));
    const dialog = within(screen.getByRole("dialog", { name: "Rename node" }));
    await userEvent.clear(dialog.getByRole("textbox", { name: "Name" }));
    await userEvent.type(dialog.getByRole("textbox", { name: "Name" }), "Phone{Enter}");

    await waitFor(() => expect(sent(fake, "node.rename")).toEqual([{ nodeId: "node-1", displayName: "Phone" }]));
    await waitFor(() => expect(screen.queryByRole("dialog", { name: "Rename node" })).toBeNull());
  });
});

describe("a command of a node", () => {
  const open = async (options: RenderPanelOptions = {}) => {
    const shown = show({ hash: "#/panels/nodes/node-1", ...options });
    const sheet = within(await screen.findByRole("dialog", { name: "Pixel" }));
    await sheet.findByRole("heading", { name: "Run a command" });
    return { ...shown, sheet };
  };

  it("is called with its parameters, and its answer is shown", async () => {
    const { fake, sheet } = await open();
    const params = sheet.getByRole("textbox", { name: "Parameters" });
    await userEvent.type(params, "{{facing");
    expect(sheet.getByRole<HTMLButtonElement>("button", { name: "Run" }).disabled).toBe(true);
    await userEvent.type(params, ": 'front'}");
    await userEvent.click(sheet.getByRole("button", { name: "Run" }));

    expect((await sheet.findByRole("status", { name: "Answer of the node" })).textContent).toContain('"taken": 1');
    expect(sent(fake, "node.invoke")).toEqual([
      {
        nodeId: "node-1",
        command: "camera.snap",
        params: { facing: "front" },
        idempotencyKey: expect.stringMatching(/^.{36}$/) as string,
      },
    ]);
  });

  it("is for administrators alone, as the door has it", async () => {
    const { sheet } = await open({ gateway: { scopes: ["operator.read", "operator.write"] } });

    expect(sheet.getByRole("button", { name: "Run" }).getAttribute("aria-disabled")).toBe("true");
  });

  it("that may have run goes again under the same key, another one under its own", async () => {
    const outcomes = [
      new DoorError("GATEWAY_LOST", "Gateway connection lost", { mayHaveRun: true }),
      new DoorError("UNAVAILABLE", "the camera is busy"),
    ];
    const invoke = () => {
      throw outcomes.shift() ?? new DoorError("UNAVAILABLE", "still busy");
    };
    const { fake, sheet } = await open({ answers: { ...answers, "node.invoke": invoke } });
    const run = sheet.getByRole("button", { name: "Run" });
    await userEvent.click(run);
    expect((await sheet.findByRole("alert")).textContent).toContain("Gateway connection lost");
    await userEvent.click(run);
    await sheet.findByText("the camera is busy");
    await userEvent.click(run);
    await sheet.findByText("still busy");

    const keys = sent(fake, "node.invoke").map((params) => (params as { idempotencyKey: string }).idempotencyKey);
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[0]);
  });

  it("shows how loaded the host is, as the node tells it", async () => {
    const { fake, sheet } = await open();
    fake.event("node.hostStats", {
      nodeId: "node-1",
      hostStats: { cpuCount: 8, loadAverage: [2, 1, 1], memoryTotalBytes: 4096, memoryFreeBytes: 1024 },
    });

    expect(await sheet.findByText("2.00 on 8 cores")).toBeTruthy();
    expect(sheet.getByText("1.0 KB of 4.0 KB free")).toBeTruthy();
    expect(sent(fake, "node.list")).toHaveLength(1);
  });
});

describe("the rules", () => {
  const edit = async (text: string) => {
    await screen.findByText("1 rule");
    await userEvent.click(screen.getByRole("button", { name: "Edit rules" }));
    const form = within(await screen.findByRole("dialog", { name: "Rules for commands" }));
    const file = form.getByRole<HTMLTextAreaElement>("textbox", { name: "Rules as JSON" });
    expect(file.value).toContain("/bin/ls");
    expect(file.value).not.toContain("socket");
    await userEvent.clear(file);
    await userEvent.type(file, text.replaceAll("{", "{{"));
    return form;
  };
  const NONE = '{"version":1}';

  it("are summed up, and saved against the version they were read in", async () => {
    const { fake } = show();
    expect(await screen.findByText("Listed commands run; a person is asked about others.")).toBeTruthy();
    expect(screen.getByText("1 rule")).toBeTruthy();

    const form = await edit(NONE);
    await userEvent.click(form.getByRole("button", { name: "Save rules" }));

    await waitFor(() => expect(sent(fake, "exec.approvals.set")).toEqual([{ file: { version: 1 }, baseHash: "h1" }]));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });

  it("that somebody else changed meanwhile are shown, and nothing is lost", async () => {
    let present = rules;
    const set = (params: { baseHash: string }) => {
      if (params.baseHash === "h2") return present;
      present = {
        ...rules,
        hash: "h2",
        file: { ...rules.file, agents: { main: { allowlist: [{ pattern: "/bin/cat" }] } } },
      };
      throw new DoorError(
        "INVALID_REQUEST",
        "exec approvals changed since last load; re-run exec.approvals.get and retry",
      );
    };
    const { fake } = show({
      answers: { ...answers, "exec.approvals.get": () => present, "exec.approvals.set": set },
    });
    const form = await edit(NONE);
    await userEvent.click(form.getByRole("button", { name: "Save rules" }));
    expect((await form.findByRole("alert")).textContent).toContain("/bin/cat");

    await userEvent.click(form.getByRole("button", { name: "Keep mine" }));
    await userEvent.click(form.getByRole("button", { name: "Save rules" }));
    await waitFor(() =>
      expect(sent(fake, "exec.approvals.set").at(-1)).toEqual({ file: { version: 1 }, baseHash: "h2" }),
    );
  });

  it("W10: that the gateway refuses stay open with its words; what does not parse is not sent", async () => {
    const refuse = () => {
      throw new DoorError("INVALID_REQUEST", "at /file: unexpected property 'x'");
    };
    show({ answers: { ...answers, "exec.approvals.set": refuse } });
    const form = await edit('{"version":1,"x":');
    expect(form.getByRole<HTMLButtonElement>("button", { name: "Save rules" }).disabled).toBe(true);
    await userEvent.type(form.getByRole("textbox"), "1}");
    await userEvent.click(form.getByRole("button", { name: "Save rules" }));

    expect((await form.findByRole("alert")).textContent).toContain("unexpected property");
  });
});

it("decisions say what was asked and who answered", async () => {
  show();
  const row = within(await within(await screen.findByRole("list", { name: "Decisions" })).findByRole("listitem"));

  expect(row.getByText("rm -r notes")).toBeTruthy();
  expect(row.getByText("denied")).toBeTruthy();
  expect(row.getByText("main on gateway · deny by device 4f2c")).toBeTruthy();
});

describe("a device", () => {
  it("that is the door cannot be removed, nor its token touched, however it was paired", async () => {
    show({ gateway: { deviceId: door.deviceId } });
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
