import { KeyRound } from "lucide-react";
import { useState } from "react";
import { GatedButton } from "@/shell";
import { Card } from "@/ui";
import { AccountRow } from "./account-row";
import { type Channel, issuesOf } from "./channels";
import { SET_UP } from "./needs";
import { SetUpDialog } from "./set-up-dialog";
import type { ChannelsStatus } from "./wire";

/** One channel with its accounts. */
export function ChannelCard({ channel, status }: { channel: Channel; status: ChannelsStatus }) {
  const [settingUp, setSettingUp] = useState(false);
  return (
    <Card
      title={channel.label}
      description={channel.detail}
      flush
      actions={
        <GatedButton needs={SET_UP} size="sm" variant="ghost" onClick={() => setSettingUp(true)}>
          <KeyRound />
          Set token…
        </GatedButton>
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
