import { useGatewayRpc } from "@vestibule/react";
import { KeyRound } from "lucide-react";
import { useState } from "react";
import { GatedButton, useCan } from "@/shell";
import { Card } from "@/ui";
import { AccountRow } from "./account-row";
import { type Channel, issuesOf } from "./channels";
import { LOOK_UP, SET_UP } from "./needs";
import { secretsOf } from "./set-up";
import { SetUpDialog } from "./set-up-dialog";
import type { ChannelsStatus, Lookup } from "./wire";

/** One channel with its accounts. */
export function ChannelCard({ channel, status }: { channel: Channel; status: ChannelsStatus }) {
  const [settingUp, setSettingUp] = useState(false);
  const takesToken = useTakesToken(channel.id);
  return (
    <Card
      title={channel.label}
      description={channel.detail}
      flush
      actions={
        takesToken && (
          <GatedButton needs={SET_UP} size="sm" variant="ghost" onClick={() => setSettingUp(true)}>
            <KeyRound />
            Set token…
          </GatedButton>
        )
      }
    >
      {channel.accounts.length === 0 ? (
        <p className="px-4 py-4 text-[0.8125rem] text-muted-foreground">No account is set up.</p>
      ) : (
        <ul className="divide-y">
          {channel.accounts.map((account) => (
            <AccountRow
              key={account.accountId}
              channel={channel}
              account={account}
              issues={issuesOf(status, channel.id, account.accountId)}
            />
          ))}
        </ul>
      )}
      {settingUp && <SetUpDialog channel={channel.id} label={channel.label} onClose={() => setSettingUp(false)} />}
    </Card>
  );
}

/** Some have none: WhatsApp is linked by a code. What cannot be looked up is not ruled out. */
function useTakesToken(channel: string): boolean {
  const { allowed } = useCan(LOOK_UP);
  const lookup = useGatewayRpc<Lookup>(allowed ? "config.schema.lookup" : null, { path: `channels.${channel}` });
  if (!allowed || lookup.error) return true;
  return lookup.data !== undefined && secretsOf(lookup.data).length > 0;
}
