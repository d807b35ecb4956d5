import { render } from "@testing-library/react";
import { renderToString } from "react-dom/server";
import { StrictMode } from "react";
import { describe, expect, it, vi } from "vitest";
import { settled } from "@vestibule/client/testing";
import { useAgentChat, useApprovals, useChat, useConnection, useGatewayRpc, usePrincipal } from "../src/index.js";
import { World } from "./world.js";

function Everything() {
  const { state } = useConnection();
  const { isLoading } = useGatewayRpc("health");
  const who = usePrincipal();
  const { messages } = useAgentChat("main");
  const { items } = useChat({ agent: "main" });
  const { pending } = useApprovals();
  return <p>{[state.at, isLoading, who?.member, messages.length, items.length, pending.length].join(" ")}</p>;
}

describe("on a server", () => {
  it("renders without opening anything", async () => {
    const world = new World();
    const html = renderToString(
      <world.Page>
        <Everything />
      </world.Page>,
    );
    await settled();

    expect(html).toBe("<p>idle true  0 0 0</p>");
    expect(world.fake.sockets).toHaveLength(0);
  });

  it("the page goes on from there, also where turns of the page before are left", async () => {
    const world = new World();
    world.fake.on("health", () => ({})).on("chat.history", () => ({ messages: [] }));
    const turn = { id: "0123456789abcdef", message: { agent: "main", text: "Hi" }, sent: true, saidAtMs: 1 };
    const saved = { who: "ada/ada", place: { epoch: "e0.seat", offset: 0 }, turns: [turn] };
    const storage = { getItem: () => JSON.stringify(saved), setItem: () => undefined, removeItem: () => undefined };
    const page = (
      <StrictMode>
        <world.Page storage={storage}>
          <Everything />
        </world.Page>
      </StrictMode>
    );
    const container = document.createElement("div");
    container.innerHTML = renderToString(page);
    const mismatch = vi.fn();
    render(page, { container, hydrate: true, onRecoverableError: mismatch });
    await world.settle();

    expect(mismatch).not.toHaveBeenCalled();
    expect(container.textContent).toBe("open false ada 1 1 0");
  });
});
