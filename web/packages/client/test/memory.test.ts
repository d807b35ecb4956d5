import { describe, expect, it } from "vitest";
import { textOf, thinkingOf } from "../src/index.js";
import { settled } from "../src/testing/index.js";
import { openWorld, pass, storage, useFakeTime } from "./world.js";

useFakeTime();

const hi = { agent: "main", text: "Hi" };

describe("a page reload", () => {
  it("C6: the answer goes on where it was, with all that was told before", async () => {
    const kept = storage();
    const before = await openWorld({ storage: kept });
    const { fake } = before;
    before.door.chat.send({ ...hi, text: "an earlier turn" });
    await settled();
    fake.chat().chunk("Earlier.").done();
    const id = before.door.chat.send(hi);
    await settled();
    fake.chat().thinking("Hm").chunk("Hel");
    await settled();
    before.page.hears("pagehide");
    before.door.close();
    fake.chat().chunk("lo");

    const after = await openWorld({ storage: kept }, fake);
    fake.chat().chunk("!").done();
    await settled();
    const { turns } = after.door.chat.snapshot();
    expect(turns.map((turn) => turn.id)).toEqual([id]);
    const [run] = turns[0]?.runs ?? [];
    expect(run && textOf(run)).toBe("Hello!");
    expect(run && thinkingOf(run)).toBe("Hm");
    expect(turns[0]).toMatchObject({ message: hi, state: { at: "done" } });
    expect(fake.chats).toHaveLength(2);
  });

  it("C6: when the door forgot meanwhile, the text so far is told again", async () => {
    const kept = storage();
    const before = await openWorld({ storage: kept });
    const { fake } = before;
    before.door.chat.send(hi);
    await settled();
    fake.chat().chunk("Hel");
    await pass(1_000);
    fake.restart();
    before.door.close();
    const after = await openWorld({ storage: kept }, fake);
    fake.chat().chunk("lo").done();
    await settled();
    const [run] = after.door.chat.snapshot().turns[0]?.runs ?? [];
    expect(run && textOf(run)).toBe("Hello");
    expect(after.door.snapshot().generation).toBe(0);
  });

  it("C7: what was queued is sent after the reload, attachments too", async () => {
    const kept = storage();
    const first = await openWorld({ storage: kept });
    const { fake } = first;
    fake.fault("refuse").drop();
    await settled();
    const id = first.door.chat.send({ ...hi, attachments: [{ type: "image" }] });
    await pass(1_000);
    first.door.close();
    fake.heal();
    await openWorld({ storage: kept }, fake);
    expect(fake.chats.map((turn) => turn.id)).toEqual([id]);
    expect(fake.chat().frame["attachments"]).toEqual([{ type: "image" }]);
  });

  it("C7: nothing of one person is sent in another's name", async () => {
    const kept = storage();
    const first = await openWorld({ storage: kept });
    const { fake } = first;
    fake.fault("refuse").drop();
    await settled();
    first.door.chat.send({ ...hi, text: "secret" });
    first.door.close();
    fake
      .heal()
      .signIn(() => ({ member: "bob" }))
      .fault("lose-tail");
    const second = await openWorld({ storage: kept }, fake);
    expect(fake.chats).toHaveLength(0);
    expect(second.door.chat.snapshot().turns).toEqual([]);
  });

  it.each(["", "{", "[]", '{"place":{"epoch":"e","offset":"x"},"turns":[]}', '{"place":{"epoch":"e"}}'])(
    "a storage that holds %j is taken for empty",
    async (text) => {
      const kept = storage();
      kept.kept.set("vestibule:ws://door.test/ws", text);
      const { fake } = await openWorld({ storage: kept });
      expect(fake.sockets[0]?.url.search).toBe("");
    },
  );

  it("a storage that is full is done without", async () => {
    const full = storage();
    full.setItem = () => {
      throw new Error("quota");
    };
    const { door, reported } = await openWorld({ storage: full });
    door.chat.send(hi);
    await pass(2_000);
    expect(reported).toEqual([]);
    expect(full.kept.size).toBe(0);
  });

  it("writes at most once a second", async () => {
    const counting = storage();
    let writes = 0;
    counting.setItem = () => (writes += 1);
    const { fake } = await openWorld({ storage: counting });
    for (let n = 0; n < 1_000; n += 1) fake.event("tick");
    await pass(1_000);
    expect(writes).toBe(1);
  });
});
