"use client";

import type { GatewayEvent, Notice } from "@vestibule/client";
import { useEffect } from "react";
import { matches, type Pattern } from "../shared/pattern.js";
import { useLatest } from "./use-latest.js";
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
