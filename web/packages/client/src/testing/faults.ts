/**
 * Ways in which a door can misbehave, by name.
 */

/** What each fault does. */
export const FAULTS = {
  refuse: "a new socket is closed (1006) before it opens",
  "hang-in-handshake": "a new socket opens and hears no hello",
  freeze: "nothing is taken and nothing is sent any more, and no socket closes: a half-open connection",
  flap: "a new socket is closed (1006) right after its hello",
  "drop-before-take": "the next req or agent_chat is lost, and the socket with it (1006)",
  "drop-after-take": "the next req or agent_chat is taken, then the socket is lost (1006) before any answer",
  mute: "calls are taken and never answered",
  "lose-tail": "whoever comes back is not recovered",
  "lose-one": "the next pushed frame is lost on the way: its seq is missing",
  split: "every message is sent in parts",
} as const;

/** Name of a fault. */
export type Fault = keyof typeof FAULTS;
