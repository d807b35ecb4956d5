import { useConnection, useDoorSnapshot } from "@vestibule/react";
import { RotateCw } from "lucide-react";
import { Button, cn, KeyValue, Popover, PopoverContent, PopoverTrigger, RelativeTime, StatusDot, useNowMs } from "@/ui";
import { type Condition, conditionOf, doorTrouble, gatewayCondition } from "./condition";
import { useService } from "./service";

/** "Next attempt in 4 s." */
export function RetryIn({ atMs }: { atMs: number | null }) {
  const nowMs = useNowMs();
  if (atMs === null) return null;
  const seconds = Math.max(0, Math.ceil((atMs - nowMs) / 1_000));
  return <span className="tabular-nums">{seconds > 0 ? `Next attempt in ${seconds} s.` : "Trying now."}</span>;
}

/** The one quiet word about the way to the gateway; all of it on a click. */
export function ConnectionIndicator({ token }: { token: string }) {
  const { connection, gateway } = useDoorSnapshot();
  const condition = conditionOf({ connection, gateway });
  return (
    <Popover>
      <PopoverTrigger asChild>
        <Button variant="ghost" className="gap-2 font-normal" aria-label={`Connection: ${condition.label}`}>
          <StatusDot tone={condition.tone} busy={condition.busy} />
          <span className={cn(condition.tone === "success" && "max-sm:sr-only")}>{condition.label}</span>
          <Countdown condition={condition} />
        </Button>
      </PopoverTrigger>
      <PopoverContent aria-label="Connection" className="w-80">
        <Details token={token} />
      </PopoverContent>
    </Popover>
  );
}

function Countdown({ condition }: { condition: Condition }) {
  const nowMs = useNowMs();
  if (condition.retryAtMs === null) return null;
  return (
    <span className="text-muted-foreground tabular-nums">
      {Math.max(0, Math.ceil((condition.retryAtMs - nowMs) / 1_000))} s
    </span>
  );
}

function Details({ token }: { token: string }) {
  const { connection, gateway, principal } = useDoorSnapshot();
  const service = useService(token);
  const { reconnectNow } = useConnection();
  const trouble = doorTrouble(connection);
  const behind = gatewayCondition(gateway);
  return (
    <div className="grid gap-4">
      <Station
        name="Door"
        condition={trouble ?? { tone: "success", busy: false, label: "Connected", detail: "", retryAtMs: null }}
      />
      <Station
        name="Gateway"
        condition={
          trouble
            ? { ...behind, tone: "neutral", busy: false, label: `Last seen: ${behind.label.toLowerCase()}` }
            : { ...behind, label: behind.tone === "success" ? "Ready" : behind.label }
        }
      />
      <KeyValue
        className="border-t pt-3 text-xs"
        rows={[
          ["OpenClaw", gateway?.version ? `${gateway.version}, wire ${gateway.protocol ?? "?"}` : null],
          ["Service", service?.service_name],
          ["Region", service?.region],
          [
            "Known since",
            service?.created_at ? <RelativeTime key="since" atMs={Date.parse(service.created_at)} /> : null,
          ],
          ["You are", principal ? `${principal.member}, ${principal.role}` : null],
          ["Connection", connection.at === "open" ? <code key="id">{connection.hello.connectionId}</code> : null],
        ]}
      />
      <Button onClick={reconnectNow}>
        <RotateCw />
        Reconnect now
      </Button>
    </div>
  );
}

function Station({ name, condition }: { name: string; condition: Condition }) {
  return (
    <div className="grid grid-cols-[4.5rem_1fr] gap-x-3 text-[0.8125rem]">
      <h2 className="text-muted-foreground">{name}</h2>
      <div>
        <p className="flex items-center gap-2 font-medium">
          <StatusDot tone={condition.tone} busy={condition.busy} />
          {condition.label}
        </p>
        {condition.tone !== "success" && condition.detail && (
          <p className="mt-0.5 text-xs text-muted-foreground">
            {condition.detail} <RetryIn atMs={condition.retryAtMs} />
          </p>
        )}
      </div>
    </div>
  );
}
