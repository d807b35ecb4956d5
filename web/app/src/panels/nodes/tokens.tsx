import { useGatewayRpcMutation } from "@vestibule/react";
import { notify } from "@/shell";
import { Badge, RelativeTime } from "@/ui";
import { GatedConfirm } from "./gated-confirm";
import type { DeviceToken, PairedDevice } from "./wire";

type TokensProps = {
  device: PairedDevice;
  name: string;
  /** Nothing may be changed here. */
  fixed: boolean;
};

/** A device's tokens, one per role. The gateway never shows a token here: it goes to the device alone. */
export function Tokens({ device, name, fixed }: TokensProps) {
  const tokens = device.tokens ?? [];
  if (tokens.length === 0) return null;
  return (
    <ul className="grid gap-2 rounded-lg bg-muted/50 px-3 py-2 text-xs">
      {tokens.map((token) => (
        <li key={token.role} className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
          <span className="flex min-w-0 grow flex-wrap items-center gap-1.5">
            <Badge>{token.role}</Badge>
            {token.scopes?.map((scope) => (
              <Badge key={scope} tone="outline">
                {scope}
              </Badge>
            ))}
            <Life token={token} />
          </span>
          {!fixed && token.revokedAtMs === undefined && (
            <Actions deviceId={device.deviceId} name={name} role={token.role} />
          )}
        </li>
      ))}
    </ul>
  );
}

function Life({ token }: { token: DeviceToken }) {
  if (token.revokedAtMs !== undefined) {
    return (
      <span className="text-danger">
        revoked <RelativeTime atMs={token.revokedAtMs} />
      </span>
    );
  }
  return (
    <span className="text-muted-foreground">
      issued <RelativeTime atMs={token.rotatedAtMs ?? token.createdAtMs} />
    </span>
  );
}

function Actions({ deviceId, name, role }: { deviceId: string; name: string; role: string }) {
  const call = useGatewayRpcMutation();
  const write = (method: string, done: string) => async () => {
    await call(method, { deviceId, role }, { refetch: ["device.pair.list", "node.list"] });
    notify.success(done);
  };
  return (
    <span className="flex gap-1">
      <GatedConfirm
        size="sm"
        variant="ghost"
        needs={{ methods: ["device.token.rotate"] }}
        title={`Rotate the ${role} token of ${name}?`}
        description="The present token ends and the device is disconnected. It gets the new one when it pairs again."
        action="Rotate token"
        onConfirm={write("device.token.rotate", `The ${role} token of ${name} was rotated`)}
        aria-label={`Rotate the ${role} token of ${name}`}
      >
        Rotate
      </GatedConfirm>
      <GatedConfirm
        size="sm"
        variant="danger-ghost"
        danger
        needs={{ methods: ["device.token.revoke"] }}
        title={`Revoke the ${role} token of ${name}?`}
        description={`The device is disconnected and may no longer connect as ${role}.`}
        action="Revoke token"
        onConfirm={write("device.token.revoke", `The ${role} token of ${name} was revoked`)}
        aria-label={`Revoke the ${role} token of ${name}`}
      >
        Revoke
      </GatedConfirm>
    </span>
  );
}
