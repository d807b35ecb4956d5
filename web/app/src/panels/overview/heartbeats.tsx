import { useGatewayRpcMutation } from "@vestibule/react";
import { useId, useState } from "react";
import { useCan } from "@/shell";
import { Badge, Card, ErrorNote, formatDuration, KeyValue, Label, RelativeTime, Switch, Tooltip } from "@/ui";
import { heartbeatsOf, pulseOf } from "./heartbeat";
import type { Heartbeat, Status } from "./wire";

/** The last heartbeat, and the switch of all of them. */
export function Heartbeats({ last, status }: { last: Heartbeat | undefined; status: Status | undefined }) {
  const pulse = pulseOf(last ?? null);
  return (
    <Card title="Heartbeat" actions={status && <HeartbeatSwitch status={status} />}>
      <KeyValue
        rows={[
          [
            "Last",
            last ? (
              <span className="flex flex-wrap items-center gap-2">
                <RelativeTime atMs={last.ts} />
                <Badge tone={pulse.tone}>{pulse.text}</Badge>
              </span>
            ) : (
              pulse.text
            ),
          ],
          ["Why", pulse.note ?? null],
          ["Took", last?.durationMs === undefined ? null : formatDuration(last.durationMs)],
        ]}
      />
    </Card>
  );
}

function HeartbeatSwitch({ status }: { status: Status }) {
  const id = useId();
  const call = useGatewayRpcMutation();
  const { allowed, reason } = useCan({ methods: ["set-heartbeats"], scopes: ["operator.admin"] });
  const { enabled, configured } = heartbeatsOf(status);
  const [state, setState] = useState<{ asked: boolean | null; error: unknown }>({ asked: null, error: null });
  // What was asked for is shown until the gateway says so itself.
  if (state.asked === enabled) setState({ asked: null, error: null });

  const set = async (wanted: boolean) => {
    setState({ asked: wanted, error: null });
    try {
      await call("set-heartbeats", { enabled: wanted }, { refetch: "status" });
    } catch (error) {
      setState({ asked: null, error });
    }
  };
  const locked = !allowed
    ? reason
    : configured
      ? null
      : "The config gives no agent a heartbeat (agents.defaults.heartbeat.every)";
  const control = (
    <span className="flex items-center gap-2">
      <Label htmlFor={id} className="text-xs font-normal text-muted-foreground">
        {configured ? "Send heartbeats" : "Off in the config"}
      </Label>
      <Switch
        id={id}
        checked={configured && (state.asked ?? enabled)}
        disabled={locked !== null}
        onCheckedChange={(wanted) => void set(wanted)}
      />
    </span>
  );
  return (
    <>
      {locked === null ? control : <Tooltip text={locked}>{control}</Tooltip>}
      {state.error != null && <ErrorNote className="w-full" error={state.error} doing="Setting heartbeats" />}
    </>
  );
}
