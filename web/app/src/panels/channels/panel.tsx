import { useGatewayRpcMutation } from "@vestibule/react";
import { Activity, Radio } from "lucide-react";
import { useState } from "react";
import { Panel, Resource } from "@/shell";
import { Button, Empty, ErrorNote } from "@/ui";
import { ChannelCard } from "./channel-card";
import { channelsOf } from "./channels";
import { Offers } from "./offers";
import { PairingRequests } from "./pairing";
import { useStatus } from "./use-status";
import type { ChannelsStatus } from "./wire";

const PROBE_MS = 10_000;

/** Where people reach the agents: each channel with its accounts. */
export default function Channels() {
  const status = useStatus();
  const probe = useProbe((answer) => void status.mutate(answer, { revalidate: false }));
  const channels = status.data ? channelsOf(status.data) : [];
  return (
    <Panel
      title="Channels"
      note={channels.length > 0 && `${channels.length}`}
      actions={
        channels.length > 0 ? (
          <Button busy={probe.isRunning} onClick={() => void probe.run()}>
            <Activity />
            Check now
          </Button>
        ) : undefined
      }
    >
      {probe.error !== null && (
        <ErrorNote error={probe.error} doing="Checking the channels" onRetry={() => void probe.run()} />
      )}
      <PairingRequests />
      <Resource of={status} what="channels" shape="cards">
        {(data) => (
          <>
            {data.warnings?.map((warning) => (
              <p key={warning} className="rounded-lg bg-warning-soft px-3.5 py-2.5 text-[0.8125rem]">
                {warning}
              </p>
            ))}
            {channels.length === 0 && (
              <Empty icon={<Radio />} title="No channel is set up" className="py-8">
                People reach the agents through the chat here. A channel brings them to where people already are.
              </Empty>
            )}
            {channels.map((channel) => (
              <ChannelCard key={channel.id} channel={channel} status={data} />
            ))}
            <Offers existing={channels.map(({ id }) => id)} />
          </>
        )}
      </Resource>
    </Panel>
  );
}

/** A look at the network, on demand only: each channel's service is asked. */
function useProbe(onAnswer: (answer: ChannelsStatus) => void) {
  const call = useGatewayRpcMutation();
  const [{ isRunning, error }, set] = useState<{ isRunning: boolean; error: unknown }>({
    isRunning: false,
    error: null,
  });
  const run = async () => {
    set({ isRunning: true, error: null });
    try {
      const params = { probe: true, timeoutMs: PROBE_MS };
      onAnswer(await call<ChannelsStatus>("channels.status", params, { timeoutMs: PROBE_MS * 3 }));
      set({ isRunning: false, error: null });
    } catch (thrown) {
      set({ isRunning: false, error: thrown });
    }
  };
  return { isRunning, error, run };
}
