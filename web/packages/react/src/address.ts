/**
 * Where the door is: from a prop, else from the environment of a Next.js app. Pure.
 */

/** What the bundler put in place of `process.env.NEXT_PUBLIC_...`. */
export interface PublicEnvironment {
  readonly wsUrl?: string | undefined;
  readonly apiUrl?: string | undefined;
}

/** Thrown where nothing says where the door is. */
export const NO_ADDRESS = "GatewayProvider needs a url, or NEXT_PUBLIC_WS_URL, or NEXT_PUBLIC_API_URL";

/**
 * The door's WebSocket address. `url` counts first, then `NEXT_PUBLIC_WS_URL`, then `NEXT_PUBLIC_API_URL`. A path
 * (`/ws`) is taken as one of the page's own host; `page` is its address, null on a server, where nothing is opened.
 */
export function gatewayAddress(url: string | undefined, environment: PublicEnvironment, page: string | null): string {
  const named = url || environment.wsUrl;
  if (named) return new URL(named, page ?? "http://localhost/").href;
  if (environment.apiUrl) return fromApi(environment.apiUrl);
  throw new Error(NO_ADDRESS);
}

/**
 * https -> wss, path `/api/v1` dropped. `api-dev.example.com` has its WebSockets at `ws-dev.example.com` (an API
 * Gateway, at its root); every other host has them at `/ws`.
 */
function fromApi(apiUrl: string): string {
  const url = new URL(apiUrl);
  url.protocol = url.protocol === "http:" || url.protocol === "ws:" ? "ws:" : "wss:";
  const prefix = url.pathname.replace(/\/+$/, "").replace(/\/api\/v1$/, "");
  const isSplit = url.hostname.startsWith("api-");
  if (isSplit) url.hostname = url.hostname.replace(/^api-/, "ws-");
  url.pathname = isSplit ? prefix || "/" : `${prefix}/ws`;
  url.search = "";
  url.hash = "";
  return url.href;
}
