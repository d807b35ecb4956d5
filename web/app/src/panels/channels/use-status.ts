import { useGatewayRefetch, useGatewayRpc } from "@vestibule/react";
import { useEffect, useRef } from "react";
import { toldOf } from "./channels";
import type { ChannelsStatus, Health } from "./wire";

/**
 * The channels with their accounts. No event of their own tells of them, but the health report does, about every
 * minute. It has no issues and no probes, so what it says is not shown: where it says something else than before, the
 * channels are asked for again.
 */
export function useStatus() {
  const status = useGatewayRpc<ChannelsStatus>("channels.status");
  const refetch = useGatewayRefetch();
  const { data: health } = useGatewayRpc<Health>("health");
  const told = health && toldOf(health);
  const before = useRef(told);
  useEffect(() => {
    if (before.current !== undefined && told !== before.current) refetch("channels.status");
    before.current = told;
  }, [told, refetch]);
  return status;
}
