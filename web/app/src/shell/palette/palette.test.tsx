import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { renderPanel, type RenderPanelOptions } from "@/shell/testing";
import Palette from "./palette";

const answers = {
  "agents.list": { defaultId: "helper", agents: [{ id: "helper" }] },
  "sessions.list": { sessions: [{ key: "agent:main:x", derivedTitle: "How do I rebase" }] },
  "sessions.create": {},
  "cron.add": {},
};
const open = (options: RenderPanelOptions = {}) => {
  const onClose = vi.fn();
  renderPanel(<Palette onClose={onClose} />, { answers, ...options });
  return onClose;
};

it.each([
  ["New session", "#/panels/sessions/new"],
  ["New cron job", "#/panels/cron/new"],
])("begins: %s", async (name, address) => {
  const onClose = open();

  await userEvent.click(await screen.findByRole("option", { name }));

  expect(location.hash).toBe(address);
  expect(onClose).toHaveBeenCalledOnce();
});

it("begins a chat with the default agent, in a session of its own", async () => {
  open();
  await screen.findByRole("option", { name: "Chat with helper" });

  await userEvent.click(screen.getByRole("option", { name: "New chat" }));

  expect(decodeURIComponent(location.hash)).toMatch(/^#\/chat\/helper\/agent:helper:dashboard:[0-9a-f-]{36}$/);
});

it("offers only what the role may", async () => {
  open({ gateway: { scopes: ["operator.read"] } });
  await screen.findByRole("option", { name: "Chat with helper" });

  expect(screen.queryByRole("option", { name: "New session" })).toBeNull();
  expect(screen.queryByRole("option", { name: "New cron job" })).toBeNull();
});
