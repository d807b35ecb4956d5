import { useGatewayRpcMutation, useOffer } from "@vestibule/react";
import { KeyRound } from "lucide-react";
import { notify } from "@/shell";
import { Badge, RelativeTime, StatusDot } from "@/ui";
import { GatedConfirm } from "./gated-confirm";
import { deviceName } from "./pairing";
import { Rename } from "./rename";
import { Tokens } from "./tokens";
import type { PairedDevice } from "./wire";

export function DeviceList({ devices }: { devices: readonly PairedDevice[] }) {
  return (
    <ul className="divide-y">
      {devices.toSorted(byName).map((device) => (
        <Device key={device.deviceId} device={device} />
      ))}
    </ul>
  );
}

function Device({ device }: { device: PairedDevice }) {
  const name = deviceName(device);
  const door = useOffer()?.deviceId === device.deviceId;
  return (
    <li className="grid gap-3 px-4 py-3" aria-label={name}>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <KeyRound className="size-4 shrink-0 text-muted-foreground" aria-hidden />
        <div className="min-w-0 grow basis-48">
          <h3 className="flex flex-wrap items-center gap-2 text-[0.8125rem] font-semibold">
            <span className="wrap-anywhere">{name}</span>
            {door && <Badge tone="brand">the door</Badge>}
          </h3>
          <p className="text-xs text-muted-foreground">
            {[device.clientId, device.platform, device.remoteIp].filter(Boolean).join(" · ")}
          </p>
        </div>
        <span className="flex items-center gap-1.5 text-xs text-muted-foreground">
          <StatusDot tone={device.connected ? "success" : "neutral"} />
          {device.connected ? (
            "Connected"
          ) : (
            <span>
              Last seen <RelativeTime atMs={device.lastSeenAtMs} />
            </span>
          )}
        </span>
        <Actions device={device} name={name} door={door} />
      </div>
      <Tokens device={device} name={name} fixed={door} />
    </li>
  );
}

/** A door's device stays: without it nobody gets to the gateway, not even to undo it. */
function Actions({ device: { deviceId }, name, door }: { device: PairedDevice; name: string; door: boolean }) {
  const call = useGatewayRpcMutation();
  const remove = async () => {
    await call("device.pair.remove", { deviceId }, { refetch: ["device.pair.list", "node.list", "node.pair.list"] });
    notify.success(`${name} was removed`);
  };
  return (
    <div className="flex gap-2">
      <Rename
        size="sm"
        what="device"
        name={name}
        needs={{ methods: ["device.pair.rename"] }}
        onRename={(label) => call("device.pair.rename", { deviceId, label }, { refetch: ["device.pair.list"] })}
      />
      {door ? (
        <p className="self-center text-xs text-muted-foreground">Cannot be removed here: you come through it.</p>
      ) : (
        <GatedConfirm
          size="sm"
          variant="danger-ghost"
          danger
          needs={{ methods: ["device.pair.remove"] }}
          title={`Remove ${name}?`}
          description="Its connections end and its tokens are no longer good. To come back it has to be approved again."
          action="Remove device"
          onConfirm={remove}
          aria-label={`Remove ${name}`}
        >
          Remove
        </GatedConfirm>
      )}
    </div>
  );
}

const byName = (one: PairedDevice, other: PairedDevice): number => deviceName(one).localeCompare(deviceName(other));
