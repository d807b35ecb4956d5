import type { Needs } from "@/shell";

const admin = (...methods: string[]): Needs => ({ methods, scopes: ["operator.admin"] });

/** What each action asks for. */
export const START = admin("channels.start");
export const STOP = admin("channels.stop");
export const LOG_OUT = admin("channels.logout");
export const LOG_IN = admin("web.login.start", "web.login.wait");
export const SET_UP = admin("config.get", "config.patch", "config.schema.lookup");
export const LOOK_UP: Needs = { methods: ["config.schema.lookup"], scopes: ["operator.read"] };
export const PAIR: Needs = { methods: ["channels.pairing.list"], scopes: ["operator.pairing"] };
