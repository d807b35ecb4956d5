import { render, renderHook, screen } from "@testing-library/react";
import { createDoor } from "@vestibule/client";
import { settled } from "@vestibule/client/testing";
import { describe, expect, it, vi } from "vitest";
import { GatewayProvider, useConnection, useDoor, useGateway } from "../src/index.js";
import { World } from "./world.js";

function Connected() {
  return <p>{useGateway().isConnected ? "connected" : "not connected"}</p>;
}

describe("GatewayProvider", () => {
  it("W1: one socket under StrictMode, however many hooks use it", async () => {
    const world = new World();
    await world.page(
      <>
        <Connected />
        <Connected />
      </>,
    );

    expect(screen.getAllByText("connected")).toHaveLength(2);
    expect(world.fake.sockets).toHaveLength(1);
  });

  it("W1: ten parallel connects are one socket", async () => {
    const world = new World();
    const { result } = await world.hook(useDoor);
    for (let each = 0; each < 10; each += 1) result.current.connect();
    await world.settle();

    expect(world.fake.sockets).toHaveLength(1);
  });

  it("W2: a token that comes after the unmount opens nothing", async () => {
    const world = new World();
    let give: (token: string) => void = () => undefined;
    const getToken = () => new Promise<string>((resolve) => (give = resolve));
    const { unmount } = await world.page(<Connected />, { getToken });

    unmount();
    give("token");
    await settled();

    expect(world.fake.sockets).toHaveLength(0);
  });

  it("closes with 1000 on unmount", async () => {
    const world = new World();
    const { unmount } = await world.page(<Connected />);
    const close = vi.fn<(code: number) => void>();
    world.fake.sockets[0]?.addEventListener("close", ({ code }) => close(code));

    unmount();
    await settled();

    expect(close).toHaveBeenCalledWith(1000);
    expect(world.fake.open).toBe(0);
  });

  it("after a refusal asks for a token aside of the cache, in the words Clerk has for it", async () => {
    const world = new World();
    world.fake.signIn((token) => (token === "fresh" ? {} : null));
    const getToken = ({ skipCache }: { skipCache: boolean }) => (skipCache ? "fresh" : "cached");
    await world.page(<Connected />, { getToken });

    expect(world.fake.tokens).toEqual(["cached", "fresh"]);
    expect(screen.getByText("connected")).toBeDefined();
  });

  it("asks the token function of the newest render", async () => {
    const world = new World();
    world.fake.signIn((token) => (token === "new" ? {} : null));
    const { rerender } = await world.page(<Reconnect />, { getToken: () => "old" });

    rerender(
      <world.Page getToken={() => "new"}>
        <Reconnect />
      </world.Page>,
    );
    await world.settle(() => screen.getByRole("button").click());

    expect(screen.getByText("open")).toBeDefined();
  });

  it("another account is another connection; nobody is none", async () => {
    const world = new World();
    const { rerender } = await world.page(<Connected />, { account: null });
    expect(world.fake.sockets).toHaveLength(0);

    for (const account of ["ada", "bob"]) {
      rerender(
        <world.Page account={account}>
          <Connected />
        </world.Page>,
      );
      await world.settle();
      expect(screen.getByText("connected")).toBeDefined();
    }

    expect(world.fake.sockets).toHaveLength(2);
    expect(world.fake.open).toBe(1);
  });

  it("uses a door that exists, and leaves it open", async () => {
    const world = new World();
    const door = createDoor(world.fake.options);
    door.connect();
    const { unmount } = await world.page(<Connected />, { door });
    expect(screen.getByText("connected")).toBeDefined();

    unmount();
    await settled();

    expect(world.fake.open).toBe(1);
    door.close();
  });

  it("hooks outside of it say so", () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    expect(() => renderHook(useGateway)).toThrow("useGateway must be used within a GatewayProvider");
    vi.restoreAllMocks();
  });

  it("without any address it says what is missing", () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    expect(() => render(<GatewayProvider />)).toThrow("NEXT_PUBLIC_WS_URL");
    vi.restoreAllMocks();
  });
});

function Reconnect() {
  const { state, reconnectNow } = useConnection();
  return <button onClick={reconnectNow}>{state.at}</button>;
}
