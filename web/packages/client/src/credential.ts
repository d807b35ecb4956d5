/**
 * The address to call and the credential to show there (S2). The only file that knows where a token goes.
 */

import type { CredentialKind, Environment } from "./api.js";
import { isRecord, textOrNull } from "./frames.js";
import type { Place } from "./position.js";

/** What a socket is opened with. */
export interface Target {
  readonly url: string;
  readonly protocols: string[];
}

/** The door does not take the token when it is asked for a ticket. */
export class TicketRefused extends Error {
  override readonly name = "TicketRefused";
}

/** The door's WebSocket address, from that or from its HTTP address. Throws for what is no address. */
export function socketUrl(address: string): string {
  const url = new URL(address);
  if (url.protocol === "http:") url.protocol = "ws:";
  if (url.protocol === "https:") url.protocol = "wss:";
  if (url.protocol !== "ws:" && url.protocol !== "wss:") {
    throw new TypeError(`not a door's address: ${address} (expected ws://, wss://, http:// or https://)`);
  }
  if (url.pathname === "/") url.pathname = "/ws";
  url.hash = "";
  return url.href;
}

/** Where tickets are given, from the door's WebSocket address. */
export function ticketUrl(socketAddress: string): string {
  const url = new URL(socketAddress);
  url.protocol = url.protocol === "wss:" ? "https:" : "http:";
  url.pathname = `${url.pathname.replace(/(\/api\/v1)?\/ws\/?$/, "")}/api/v1/ws/ticket`;
  url.search = "";
  return url.href;
}

/** The address with what this attempt needs in its query. */
export function target(address: string, kind: CredentialKind, secret: string | null, place: Place | null): Target {
  const url = new URL(address);
  if (place !== null) {
    url.searchParams.set("epoch", place.epoch);
    url.searchParams.set("offset", String(place.offset));
  }
  if (secret === null) return { url: url.href, protocols: [] };
  if (kind === "subprotocol") return { url: url.href, protocols: ["vestibule.v1", `vestibule.token.${secret}`] };
  url.searchParams.set(kind === "ticket" ? "ticket" : "token", secret);
  return { url: url.href, protocols: [] };
}

/** Exchange a token for a ticket. Throws `TicketRefused`, or whatever says that the door cannot be reached. */
export async function fetchTicket(address: string, token: string, environment: Environment): Promise<string> {
  const answer = await environment.fetch(ticketUrl(address), {
    method: "POST",
    headers: { Authorization: `Bearer ${token}` },
  });
  if (answer.status === 401 || answer.status === 403) throw new TicketRefused("The door refused the token.");
  const body: unknown = answer.ok ? await answer.json() : null;
  const ticket = isRecord(body) ? textOrNull(body, "ticket") : null;
  if (ticket === null) throw new Error(`The door gave no ticket (HTTP ${answer.status}).`);
  return ticket;
}
