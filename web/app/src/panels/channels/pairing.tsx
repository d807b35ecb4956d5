import { useGatewayAction, useGatewayRpc, useGatewayRpcMutation } from "@vestibule/react";
import { ErrorNote, Button, Card, ConfirmButton, RelativeTime } from "@/ui";
import { useCan } from "@/shell";
import { PAIR } from "./needs";
import type { Pairing, PairingRequest } from "./wire";

/** Strangers who wrote to a bot and wait to be let in. */
export function PairingRequests() {
  const { allowed } = useCan(PAIR);
  // No event tells of a new stranger: the regular health report is the occasion to look.
  const pairing = useGatewayRpc<Pairing>(allowed ? "channels.pairing.list" : null, undefined, {
    events: ["health", "config.changed"],
  });
  const requests = pairing.data?.requests ?? [];
  if (pairing.error) {
    return <ErrorNote error={pairing.error} doing="Loading pairing requests" onRetry={() => void pairing.mutate()} />;
  }
  if (requests.length === 0) return null;
  return (
    <Card title="Waiting to be let in" description="They wrote to a channel that answers to known people only." flush>
      <ul className="divide-y">
        {requests.map((request) => (
          <Request key={request.requestId} request={request} />
        ))}
      </ul>
    </Card>
  );
}

function Request({ request }: { request: PairingRequest }) {
  const call = useGatewayRpcMutation();
  const dismiss = useGatewayAction("channels.pairing.dismiss", { refetch: "channels.pairing.list" });
  const { channel, accountId, requestId } = request;
  const address = { channel, accountId, requestId };
  const name = request.senderLabel ?? request.senderId;
  const where = [request.channelLabel ?? channel, request.accountLabel ?? accountId].join(", ");
  return (
    <li className="grid gap-2 px-4 py-3 text-[0.8125rem]">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <div className="min-w-0 grow">
          <div className="truncate font-medium">{name}</div>
          <p className="text-xs text-muted-foreground wrap-anywhere">
            {where}
            {name !== request.senderId && ` · ${request.senderId}`}
            {request.createdAt && (
              <>
                {" · asked "}
                <RelativeTime atMs={Date.parse(request.createdAt)} />
              </>
            )}
            {request.expiresAt && (
              <>
                {" · expires "}
                <RelativeTime atMs={Date.parse(request.expiresAt)} />
              </>
            )}
          </p>
        </div>
        <Button size="sm" busy={dismiss.isRunning} onClick={() => void dismiss.run(address)}>
          Dismiss
        </Button>
        <ConfirmButton
          size="sm"
          variant="primary"
          title={`Let ${name} in?`}
          description={`From then on the agent answers ${name} in ${where}, and acts on what is asked there.`}
          action="Let in"
          onConfirm={() => call("channels.pairing.approve", address, { refetch: "channels.*" })}
        >
          Let in…
        </ConfirmButton>
      </div>
      {dismiss.error && <ErrorNote error={dismiss.error} doing="Dismissing" />}
    </li>
  );
}
