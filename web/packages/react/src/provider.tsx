"use client";

import {
  createDoor,
  type CredentialKind,
  type Door,
  type DoorStorage,
  type Environment,
  type Timings,
} from "@vestibule/client";
import { useEffect, useMemo, useState, type ReactNode } from "react";
import { gatewayAddress } from "./address.js";
import { GatewayContext } from "./context.js";
import { publicEnvironment } from "./environment.js";
import { Shared } from "./shared/shared.js";
import { sessionStorageOrNull, TokenSource, type GetToken } from "./token-source.js";

/** See `GatewayProvider`. */
export interface GatewayProviderProps {
  readonly children?: ReactNode;
  /** The door's address; else `NEXT_PUBLIC_WS_URL`, else from `NEXT_PUBLIC_API_URL`. A path is one of this host. */
  readonly url?: string | undefined;
  /** Gives the token; Clerk's `useAuth().getToken` fits. */
  readonly getToken?: GetToken | undefined;
  /**
   * Whose connection it is, for apps in which people sign in and out while the provider stays (Clerk's `userId`):
   * another value means another connection, null means nobody, and none is opened.
   */
  readonly account?: string | null | undefined;
  /** How the token travels. Default: `subprotocol`. */
  readonly credential?: CredentialKind | undefined;
  /** Where open turns survive a reload; null: nowhere. Default: `sessionStorage`. */
  readonly storage?: DoorStorage | null | undefined;
  /** Read once. */
  readonly timings?: Partial<Timings> | undefined;
  /** Read once. */
  readonly environment?: Partial<Environment> | undefined;
  /** A door that exists already. It stays its maker's to connect and to close; the props above are not used. */
  readonly door?: Door | undefined;
}

/**
 * One shared WebSocket for the subtree: connects on mount, closes (1000) on unmount, comes back by itself in between.
 * Put it above the router: chats go on while their view is away (W9).
 */
export function GatewayProvider({ door, ...props }: GatewayProviderProps): ReactNode {
  return door === undefined ? <OwnDoor {...props} /> : <GivenDoor door={door}>{props.children}</GivenDoor>;
}

function OwnDoor(props: Omit<GatewayProviderProps, "door">): ReactNode {
  const { url, account, credential, getToken, children } = props;
  const [{ storage, timings, environment }] = useState(props);
  const [tokens] = useState(() => new TokenSource(getToken));
  useEffect(() => tokens.set(getToken), [tokens, getToken]);
  const hasToken = getToken !== undefined;
  const shared = useMemo(() => {
    const address = gatewayAddress(url, publicEnvironment(), pageAddress());
    const kept = storage === undefined ? sessionStorageOrNull() : storage;
    const door = createDoor({
      url: address,
      ...(hasToken && { getToken: tokens.read }),
      ...(credential !== undefined && { credential }),
      ...(kept !== null && { storage: kept }),
      ...(timings !== undefined && { timings }),
      ...(environment !== undefined && { environment }),
    });
    return new Shared(door, `${address} ${account ?? ""}`);
  }, [url, account, credential, hasToken, storage, timings, environment, tokens]);
  useEffect(() => {
    const stop = shared.start();
    if (account !== null) shared.door.connect();
    return () => {
      shared.door.close();
      stop();
    };
  }, [shared, account]);
  return <GatewayContext.Provider value={shared}>{children}</GatewayContext.Provider>;
}

function GivenDoor({ door, children }: { readonly door: Door; readonly children: ReactNode }): ReactNode {
  const shared = useMemo(() => new Shared(door, nameOf(door)), [door]);
  useEffect(() => shared.start(), [shared]);
  return <GatewayContext.Provider value={shared}>{children}</GatewayContext.Provider>;
}

function pageAddress(): string | null {
  return typeof location === "undefined" ? null : location.href;
}

const names = new WeakMap<Door, string>();
let lastName = 0;

/** A name for a door that does not tell its address. */
function nameOf(door: Door): string {
  const known = names.get(door);
  if (known !== undefined) return known;
  lastName += 1;
  const name = `door ${lastName}`;
  names.set(door, name);
  return name;
}
