"use client";

import type { GatewayEvent, Notice } from "@vestibule/client";
import { useCallback, useEffect, useRef } from "react";
import { matches, type Pattern } from "../shared/pattern.js";
import { useDoor } from "./use-snapshot.js";

/** Hear events: a name (`cron`), a beginning (`sessions.*`), or a list of them. The handler may be another each time. */
export function useGatewayEvent(pattern: Pattern, handler: (event: GatewayEvent) => void): void {
  const door = useDoor();
  const heard = useLatest((event: GatewayEvent) => {
    if (matches(pattern, event.event)) handler(event);
  });
  useEffect(() => door.onEvent(heard), [door, heard]);
}

/** Hear errors that belong to no call and to no turn (C8). */
export function useGatewayNotice(handler: (notice: Notice) => void): void {
  const door = useDoor();
  const heard = useLatest(handler);
  useEffect(() => door.onNotice(heard), [door, heard]);
}

/** One function for the life of a component that calls the one of the last render. */
function useLatest<A>(handler: (about: A) => void): (about: A) => void {
  const latest = useRef(handler);
  useEffect(() => {
    latest.current = handler;
  });
  return useCallback((about: A) => latest.current(about), []);
}
