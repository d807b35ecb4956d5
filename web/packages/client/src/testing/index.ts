/**
 * A door in memory for tests: no network, no gateway, no timers of its own.
 *
 * @example
 * const fake = createFakeDoor().on("health", () => ({ ok: true }));
 * const door = createDoor({ ...fake.options });
 * door.connect();
 * await door.call("health"); // { ok: true }
 * fake.event("cron", { jobId: "j1" });
 * door.chat.send({ agent: "main", text: "Hi" });
 * await settled();
 * fake.chat().accepted().chunk("Hel").chunk("lo").done();
 * fake.drop(1006); // the client comes back and resumes
 */

import { FakeDoor } from "./fake-door.js";

/** A door that is ready, lets everybody in as `ada`, and answers `door.gateway`. */
export function createFakeDoor(): FakeDoor {
  return new FakeDoor();
}

/** Resolves when everything that is under way in memory has arrived. Moves no timer. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
}

export { FakeDoor, type Answer, type FakeGateway, type SignIn } from "./fake-door.js";
export { FakeSocket } from "./fake-socket.js";
export { FakeTurn } from "./fake-turn.js";
export { FAULTS, type Fault } from "./faults.js";
