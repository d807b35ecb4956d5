import { fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { DoorError } from "@vestibule/react";
import { afterEach, describe, expect, it } from "vitest";
import { renderPanel, type RenderPanelOptions } from "@/shell/testing";
import { Notices } from "@/ui/notices";
import Agents from "./panel";

const main = { id: "main", model: { primary: "demo/demo" } };
const research = { id: "research", name: "Research", identity: { name: "Research", emoji: "🔭" } };
const soul = { name: "SOUL.md", missing: false, size: 6, updatedAtMs: 1_000, content: "Be kind." };

const answers = {
  "agents.list": { defaultId: "main", mainKey: "main", agents: [main, research] },
  "agent.identity.get": (params: unknown) => ({ ...(params as object), name: "Assistant", avatar: "A" }),
  "agents.files.list": { files: [soul, { name: "USER.md", missing: true, expectedAbsent: true }] },
  "agents.files.get": { file: soul },
  "agents.files.set": { ok: true, file: soul },
  "agents.create": { ok: true, agentId: "ops", name: "Ops" },
  "agents.update": { ok: true },
  "agents.delete": { ok: true, removedBindings: 0, failed: [] },
  "tools.catalog": { groups: [{ id: "fs", label: "Files", tools: [{ id: "read" }, { id: "write" }] }] },
  "tools.effective": { profile: "full", groups: [{ id: "core", label: "Core", tools: [{ id: "read" }] }] },
  "commands.list": { commands: [{ name: "help", textAliases: ["/help"], category: "status" }] },
  "models.list": {
    models: [
      { id: "demo", provider: "demo" },
      { id: "large", provider: "demo" },
    ],
  },
};

const show = (options: RenderPanelOptions = {}) =>
  renderPanel(<Agents />, { answers, hash: "#/panels/agents", ...options });
const sent = (fake: ReturnType<typeof show>["fake"], method: string) =>
  fake.requests.filter((one) => one.method === method).map((one) => one.params);

describe("the agents", () => {
  it("are shown with their names and models", async () => {
    show();

    expect(await screen.findByRole("link", { name: /Assistant main default/ })).toBeTruthy();
    expect(screen.getByRole("link", { name: /Research/ }).getAttribute("href")).toBe("#/panels/agents/research");
  });

  it("a new one is pending until the gateway lists it", async () => {
    let asked = 0;
    const listed = answers["agents.list"];
    const list = () => {
      asked += 1;
      return asked < 4 ? listed : { ...listed, agents: [...listed.agents, { id: "ops", name: "Ops" }] };
    };
    show({ answers: { ...answers, "agents.list": list } });

    await screen.findByRole("link", { name: /Research/ });
    await userEvent.click(screen.getByRole("button", { name: "New agent" }));
    await userEvent.type(screen.getByRole("textbox", { name: "Name" }), "Ops");
    await userEvent.click(screen.getByRole("button", { name: "Create agent" }));

    expect(await screen.findByText("Ops is being set up…")).toBeTruthy();
    await waitFor(() => expect(location.hash).toBe("#/panels/agents/ops/files"), { timeout: 4_000 });
  });

  it("W10: why one could not be created is said in the dialog", async () => {
    const refuse = () => {
      throw new DoorError("INVALID_REQUEST", 'agent "ops" already exists');
    };
    show({ answers: { ...answers, "agents.create": refuse } });

    await screen.findByRole("link", { name: /Research/ });
    await userEvent.click(screen.getByRole("button", { name: "New agent" }));
    await userEvent.type(screen.getByRole("textbox", { name: "Name" }), "Ops");
    await userEvent.click(screen.getByRole("button", { name: "Create agent" }));

    const dialog = within(screen.getByRole("dialog"));
    expect((await dialog.findByRole("alert")).textContent).toContain('agent "ops" already exists');
  });
});

describe("a picture", () => {
  const picture = "data:image/png;base64,AAAA";

  it("is shown where a page may show it, else the agent's sign", async () => {
    const drawn = { ...research, identity: { ...research.identity, avatar: picture } };
    const onHost = { id: "ops", identity: { name: "Ops", avatar: "avatars/ops.png" } };
    const elsewhere = { id: "far", identity: { name: "Far", emoji: "🛰️", avatar: "https://cdn.test/far.png" } };
    show({ answers: { ...answers, "agents.list": { agents: [drawn, onHost, elsewhere] } } });

    const card = await screen.findByRole("link", { name: /Research/ });
    const image = card.querySelector("img");
    expect(image?.getAttribute("src")).toBe(picture);
    expect(screen.getByRole("link", { name: /Ops/ }).querySelector("img")).toBeNull();
    const far = screen.getByRole("link", { name: /Far/ });
    expect(far.querySelector("img")).toBeNull();
    expect(far.textContent).toContain("🛰️");

    if (image) fireEvent.error(image);
    expect(card.textContent).toContain("🔭");
  });

  it("and a workspace are given to a new agent, a picture also to one that is there", async () => {
    const ops = { id: "ops", name: "Ops" };
    const { fake } = show({ answers: { ...answers, "agents.list": { agents: [research, ops] } } });
    await screen.findByRole("link", { name: /Research/ });
    await userEvent.click(screen.getByRole("button", { name: "New agent" }));
    await userEvent.type(screen.getByRole("textbox", { name: "Name" }), "Ops");
    await userEvent.type(screen.getByRole("textbox", { name: "Workspace" }), "~/ops");
    await userEvent.type(screen.getByRole("textbox", { name: "Picture" }), "ops.png");
    expect(screen.getByRole("button", { name: "Create agent" })).toHaveProperty("disabled", true);
    fireEvent.change(screen.getByRole("textbox", { name: "Picture" }), { target: { value: picture } });
    await userEvent.click(screen.getByRole("button", { name: "Create agent" }));
    await waitFor(() =>
      expect(sent(fake, "agents.create")).toEqual([{ name: "Ops", avatar: picture, workspace: "~/ops" }]),
    );
    await waitFor(() => expect(location.hash).toBe("#/panels/agents/ops/files"));

    location.hash = "#/panels/agents/research";
    fireEvent.change(await screen.findByRole("textbox", { name: "Picture" }), { target: { value: picture } });
    await userEvent.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(sent(fake, "agents.update")).toEqual([{ agentId: "research", avatar: picture }]));
  });
});

describe("one agent", () => {
  it("is renamed: only what was changed is sent", async () => {
    const { fake } = show({ hash: "#/panels/agents/research" });
    const name = await screen.findByRole("textbox", { name: "Name" });

    await userEvent.clear(name);
    await userEvent.type(name, "Astronomy");
    await userEvent.click(screen.getByRole("button", { name: "Save" }));

    await waitFor(() => expect(sent(fake, "agents.update")).toEqual([{ agentId: "research", name: "Astronomy" }]));
  });

  it("is deleted after a question, and what stayed behind is said", async () => {
    const failed = [{ path: "workspace", reason: "busy" }];
    const { fake } = show({
      hash: "#/panels/agents/research",
      answers: { ...answers, "agents.delete": { ok: true, removedBindings: 2, failed } },
    });
    render(<Notices />);

    await userEvent.click(await screen.findByRole("button", { name: "Delete…" }));
    await userEvent.click(screen.getByRole("checkbox", { name: "Delete its files too" }));
    await userEvent.click(screen.getByRole("button", { name: "Delete agent" }));

    await waitFor(() => expect(sent(fake, "agents.delete")).toEqual([{ agentId: "research", deleteFiles: true }]));
    expect((await screen.findByRole("alert")).textContent).toContain("workspace: busy");
    expect(await screen.findByText("2 bindings to channels went with it.")).toBeTruthy();
  });

  it("is not deleted where it is the default, and says why", async () => {
    show({ hash: "#/panels/agents/main" });

    const button = await screen.findByRole("button", { name: "Delete…" });
    await userEvent.hover(button);
    expect((await screen.findByRole("tooltip")).textContent).toContain("The default agent cannot be deleted");
    expect(button.getAttribute("aria-disabled")).toBe("true");
  });

  it("shows which tools it has", async () => {
    show({ hash: "#/panels/agents/main/tools" });

    expect(await screen.findByText("in use")).toBeTruthy();
    await userEvent.click(screen.getByRole("switch", { name: "Only those in use" }));
    expect(screen.queryByText("write")).toBeNull();
  });

  it("of an older gateway has no list of commands", async () => {
    show({
      hash: "#/panels/agents/main/commands",
      gateway: { protocol: 3, methods: ["agents.list", "tools.catalog", "models.list"] },
    });

    expect(await screen.findByText("Not offered by this gateway")).toBeTruthy();
  });
});

describe("a file", () => {
  const hash = "#/panels/agents/main/files/SOUL.md";
  const edit = async (text: string) => {
    const editor = await screen.findByRole("textbox", { name: "Text of SOUL.md" });
    await userEvent.clear(editor);
    await userEvent.type(editor, text);
  };

  // A draft outlives the page.
  afterEach(async () => {
    for (const discard of screen.queryAllByRole("button", { name: "Discard" })) await userEvent.click(discard);
  });

  it("is read again before it is written", async () => {
    const { fake } = show({ hash });
    await edit("Be brave.");

    await userEvent.click(screen.getByRole("button", { name: "Save" }));

    const written = { agentId: "main", name: "SOUL.md", content: "Be brave." };
    await waitFor(() => expect(sent(fake, "agents.files.set")).toEqual([written]));
    const asked = fake.requests.map((one) => one.method);
    expect(asked[asked.indexOf("agents.files.set") - 1]).toBe("agents.files.get");
  });

  it("that somebody else writes in the very moment is not overwritten either", async () => {
    let file = { ...soul, hash: "h1" };
    const set = () => {
      file = { ...soul, content: "Be careful.", hash: "h2" };
      throw new DoorError("INVALID_REQUEST", 'agent file "SOUL.md" changed since it was read', {
        details: { type: "agent_file_conflict", name: "SOUL.md" },
      });
    };
    const { fake } = show({
      hash,
      answers: { ...answers, "agents.files.get": () => ({ file }), "agents.files.set": set },
    });
    await edit("Be brave.");

    await userEvent.click(screen.getByRole("button", { name: "Save" }));

    expect(await screen.findByText("SOUL.md was changed meanwhile.")).toBeTruthy();
    expect(screen.getByText("Be careful.")).toBeTruthy();
    expect(sent(fake, "agents.files.set")).toMatchObject([{ expectedHash: "h1" }]);
  });

  it("that somebody else has changed is not overwritten unasked: both texts are shown", async () => {
    let text = "Be kind.";
    const { fake } = show({
      hash,
      answers: { ...answers, "agents.files.get": () => ({ file: { ...soul, content: text } }) },
    });
    await edit("Be brave.");
    text = "Be careful.";

    await userEvent.click(screen.getByRole("button", { name: "Save" }));

    expect(await screen.findByText("SOUL.md was changed meanwhile.")).toBeTruthy();
    expect(screen.getByText("Be careful.")).toBeTruthy();
    expect(sent(fake, "agents.files.set")).toEqual([]);
    await userEvent.click(screen.getByRole("button", { name: "Overwrite with mine" }));
    await waitFor(() => expect(sent(fake, "agents.files.set").length).toBe(1));
  });

  it("keeps what is being written while one looks at another tab", async () => {
    show({ hash });
    await edit("Be brave.");

    await userEvent.click(screen.getByRole("tab", { name: "Identity" }));
    await userEvent.click(screen.getByRole("tab", { name: /Files 1 not saved/ }));

    const editor = await screen.findByRole("textbox", { name: "Text of SOUL.md" });
    expect(editor).toHaveProperty("value", "Be brave.");
  });

  it("keeps what is being written while one leaves the panel, and the browser asks before the tab is closed", async () => {
    const closing = () => !window.dispatchEvent(new Event("beforeunload", { cancelable: true }));
    const { unmount } = show({ hash });
    await edit("Be brave.");
    unmount();
    expect(closing()).toBe(true);

    show({ hash });
    const editor = await screen.findByRole("textbox", { name: "Text of SOUL.md" });
    expect(editor).toHaveProperty("value", "Be brave.");

    await userEvent.click(screen.getByRole("button", { name: "Discard" }));
    expect(editor).toHaveProperty("value", "Be kind.");
    expect(closing()).toBe(false);
  });

  it("a viewer reads it, and cannot write", async () => {
    show({ hash, gateway: { scopes: ["operator.read"] } });

    const editor = await screen.findByRole("textbox", { name: "Text of SOUL.md" });
    expect(editor.hasAttribute("readonly")).toBe(true);
    expect(screen.getByRole("button", { name: "Save" }).getAttribute("aria-disabled")).toBe("true");
  });
});
