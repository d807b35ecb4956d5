import { useGatewayRpcMutation } from "@vestibule/react";
import { patchOf } from "./set-up";
import type { ConfigBase } from "./wire";

/** Writes a channel's secrets into the config: a merge patch on the config as it is at this moment. */
export function useSetUp(): (channel: string, secrets: Readonly<Record<string, string>>) => Promise<void> {
  const call = useGatewayRpcMutation();
  return async (channel, secrets) => {
    const { hash } = await call<ConfigBase>("config.get");
    const params = { raw: patchOf(channel, secrets), baseHash: hash, note: `set up ${channel}` };
    await call("config.patch", params, { refetch: ["channels.*", "config.get"] });
  };
}
