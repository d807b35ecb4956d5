/** Where one is: in the fragment, so that the app works under any path prefix and no server needs to know its pages. */
import { useSyncExternalStore } from "react";

export type Route =
  { at: "chat"; agent?: string; sessionKey?: string } | { at: "panel"; id: string; rest: readonly string[] };

export function parseRoute(hash: string): Route {
  const [place, ...rest] = hash
    .replace(/^#\/?/, "")
    .split("/")
    .map(decodePart)
    .filter((part) => part !== "");
  if (place === "panels" && rest[0] !== undefined) return { at: "panel", id: rest[0], rest: rest.slice(1) };
  const [agent, sessionKey] = place === "chat" ? rest : [];
  return { at: "chat", ...(agent === undefined ? {} : { agent }), ...(sessionKey === undefined ? {} : { sessionKey }) };
}

/** The address of a route, for links. */
export function href(route: Route): string {
  const parts =
    route.at === "panel" ? ["panels", route.id, ...route.rest] : ["chat", ...chatParts(route.agent, route.sessionKey)];
  return `#/${parts.map(encodeURIComponent).join("/")}`;
}

const chatParts = (agent?: string, sessionKey?: string): string[] => {
  if (agent === undefined) return [];
  return sessionKey === undefined ? [agent] : [agent, sessionKey];
};

/** A part of an address as text; as it is, where it was not encoded properly. */
export function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Go there. `replace`: without a step in the browser's history. */
export function navigate(route: Route, options: { replace?: boolean } = {}): void {
  const address = href(route);
  if (address === location.hash) return;
  if (options.replace) {
    history.replaceState(null, "", address);
    window.dispatchEvent(new HashChangeEvent("hashchange"));
  } else {
    location.hash = address;
  }
}

let read = { hash: "", route: parseRoute("") };

function current(): Route {
  if (read.hash !== location.hash) read = { hash: location.hash, route: parseRoute(location.hash) };
  return read.route;
}

function subscribe(listener: () => void): () => void {
  window.addEventListener("hashchange", listener);
  return () => window.removeEventListener("hashchange", listener);
}

/** The present route; the same object until it changes. */
export const useRoute = (): Route => useSyncExternalStore(subscribe, current);

const NOTHING: readonly string[] = [];

/** What stands after a panel's id in the address: `#/panels/cron/<job>` gives `["<job>"]`. */
export function usePanelRest(): readonly string[] {
  const route = useRoute();
  return route.at === "panel" ? route.rest : NOTHING;
}
