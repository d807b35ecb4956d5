import { useGatewayAction, useGatewayRpcMutation } from "@vestibule/react";
import { CircleAlert, Play, QrCode, Square } from "lucide-react";
import { useState } from "react";
import { GatedButton, useCan } from "@/shell";
import { Badge, Confirm, ErrorNote, KeyValue, RelativeTime, StatusDot } from "@/ui";
import { type Channel, isRunning, logsInByCode, probeText, stateOf } from "./channels";
import { LoginDialog } from "./login-dialog";
import { LOG_IN, LOG_OUT, START, STOP } from "./needs";
import type { Account, Issue } from "./wire";

const RUN_TIMEOUT_MS = 60_000;
const REFETCH = "channels.status";

/** One account: how it is, what it did last, and what can be done. */
export function AccountRow({
  channel,
  account,
  issues,
}: {
  channel: Channel;
  account: Account;
  issues: readonly Issue[];
}) {
  const running = isRunning(account);
  const start = useGatewayAction("channels.start", { refetch: REFETCH, timeoutMs: RUN_TIMEOUT_MS });
  const stop = useGatewayAction("channels.stop", { refetch: REFETCH, timeoutMs: RUN_TIMEOUT_MS });
  const turn = running ? stop : start;
  const [open, setOpen] = useState<"login" | "logout" | null>(null);
  const login = useCan(LOG_IN).allowed && logsInByCode(account);
  const state = stateOf(account);
  const name = account.name ?? account.accountId;
  return (
    <li className="grid gap-3 px-4 py-3.5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <StatusDot tone={state.tone} busy={state.busy ?? false} />
        <span className="text-[0.8125rem] font-medium">{name}</span>
        <Badge tone={state.tone}>{state.text}</Badge>
        {account.mode && <Badge tone="outline">{account.mode}</Badge>}
        <div className="ml-auto flex flex-wrap gap-1.5">
          {login && (
            <GatedButton needs={LOG_IN} size="sm" onClick={() => setOpen("login")}>
              <QrCode />
              {account.linked ? "Link anew" : "Link device"}
            </GatedButton>
          )}
          <GatedButton
            needs={running ? STOP : START}
            size="sm"
            busy={turn.isRunning}
            aria-label={`${running ? "Stop" : "Start"} ${channel.label}, ${name}`}
            onClick={() => {
              start.reset();
              stop.reset();
              void turn.run({ channel: channel.id, accountId: account.accountId });
            }}
          >
            {running ? <Square /> : <Play />}
            {running ? "Stop" : "Start"}
          </GatedButton>
          <GatedButton needs={LOG_OUT} size="sm" variant="danger-ghost" onClick={() => setOpen("logout")}>
            Log out…
          </GatedButton>
        </div>
      </div>
      {account.lastError && (
        <p className="flex gap-2 text-[0.8125rem] text-danger">
          <CircleAlert className="mt-0.5 size-4 shrink-0" aria-hidden />
          <span className="wrap-anywhere">{account.lastError}</span>
        </p>
      )}
      {issues.map((issue) => (
        <p key={issue.message} className="rounded-lg bg-warning-soft px-3 py-2 text-[0.8125rem]">
          {issue.message}
          {issue.fix && <span className="block text-muted-foreground">{issue.fix}</span>}
        </p>
      ))}
      {start.error && <ErrorNote error={start.error} doing="Starting" />}
      {stop.error && <ErrorNote error={stop.error} doing="Stopping" />}
      <Facts account={account} />
      {open === "login" && (
        <LoginDialog
          label={channel.label}
          accountId={account.accountId}
          force={account.linked ?? false}
          onClose={() => setOpen(null)}
        />
      )}
      {open === "logout" && <LogOut channel={channel} accountId={account.accountId} onClose={() => setOpen(null)} />}
    </li>
  );
}

/** What is known of it; nothing where nothing is. */
function Facts({ account }: { account: Account }) {
  const probe = probeText(account);
  const rows = [
    ["Checked", probe && <span className={probe.ok ? "text-success" : "text-danger"}>{probe.text}</span>],
    ["Last message in", ago(account.lastInboundAt)],
    ["Last message out", ago(account.lastOutboundAt)],
    ["Connected", ago(account.lastConnectedAt)],
    ["Started", account.connected ? null : ago(account.lastStartAt)],
    ["Direct messages", account.dmPolicy ?? null],
    ["Allowed", account.allowFrom?.length ? account.allowFrom.join(", ") : null],
    ["Token from", account.botTokenSource ?? account.tokenSource ?? null],
    ["Reconnects", account.reconnectAttempts ? `${account.reconnectAttempts}` : null],
  ] as const;
  return rows.some(([, value]) => value !== null) ? <KeyValue rows={rows} /> : null;
}

const ago = (atMs: number | null | undefined) => (atMs == null ? null : <RelativeTime atMs={atMs} />);

function LogOut({ channel, accountId, onClose }: { channel: Channel; accountId: string; onClose: () => void }) {
  const call = useGatewayRpcMutation();
  return (
    <Confirm
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Log ${channel.label} out?`}
      description="The gateway forgets this login. To use the channel again, somebody has to log in anew."
      action="Log out"
      danger
      onConfirm={() => call("channels.logout", { channel: channel.id, accountId }, { refetch: REFETCH })}
    />
  );
}
