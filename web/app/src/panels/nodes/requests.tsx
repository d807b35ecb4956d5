import { useGatewayAction, useGatewayRpcMutation } from "@vestibule/react";
import { Cpu, KeyRound } from "lucide-react";
import { notify } from "@/shell";
import { Badge, Button, Card, ConfirmButton, ErrorNote, RelativeTime } from "@/ui";
import type { Grant, Waiting } from "./pairing";

const LISTS = ["node.list", "node.pair.list", "device.pair.list"];

/** What waits for a yes or a no; absent while nothing does. */
export function Requests({ waiting }: { waiting: readonly Waiting[] }) {
  if (waiting.length === 0) return null;
  return (
    <Card title="Waiting for you" description="Let in only what you know: a yes grants all that is listed." flush>
      <ul className="divide-y">
        {waiting.map((request) => (
          <Request key={request.requestId} request={request} />
        ))}
      </ul>
    </Card>
  );
}

function Request({ request }: { request: Waiting }) {
  const { kind, requestId, name, from, grants, again, atMs } = request;
  const call = useGatewayRpcMutation();
  const reject = useGatewayAction(`${kind}.pair.reject`, { refetch: LISTS });
  const approve = async () => {
    await call(`${kind}.pair.approve`, { requestId }, { refetch: LISTS });
    notify.success(`${name} was let in`);
  };
  const Icon = kind === "node" ? Cpu : KeyRound;
  return (
    <li className="grid gap-3 px-4 py-3" aria-label={`Request of ${name}`}>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Icon className="size-4 shrink-0 text-muted-foreground" aria-hidden />
        <div className="min-w-0 grow basis-48">
          <h3 className="flex flex-wrap items-center gap-2 text-[0.8125rem] font-semibold">
            <span className="wrap-anywhere">{name}</span>
            <Badge tone="info">{kind}</Badge>
            {again && <Badge tone="warning">was let in before</Badge>}
          </h3>
          <p className="text-xs text-muted-foreground">
            {from.join(" · ")}
            {atMs !== undefined && (
              <>
                {from.length > 0 && " · "}
                <RelativeTime atMs={atMs} />
              </>
            )}
          </p>
        </div>
        <div className="flex gap-2">
          <Button busy={reject.isRunning} onClick={() => void reject.run({ requestId })}>
            Reject
          </Button>
          <ConfirmButton
            variant="primary"
            title={`Let ${name} in?`}
            description={
              kind === "node"
                ? "The agent may then use these on that machine, under the gateway's rules for approvals."
                : "The device may then connect with these at any time, until it is removed."
            }
            details={<Grants grants={grants} />}
            action="Let it in"
            onConfirm={approve}
          >
            Approve
          </ConfirmButton>
        </div>
      </div>
      <Grants grants={grants} />
      {reject.error && <ErrorNote error={reject.error} doing="Rejecting" />}
    </li>
  );
}

function Grants({ grants }: { grants: readonly Grant[] }) {
  return (
    <dl className="grid gap-1.5 text-xs">
      {grants.map(({ what, items }) => (
        <div key={what} className="flex flex-wrap items-center gap-1">
          <dt className="mr-1 text-muted-foreground">{what}</dt>
          {items.map((item) => (
            <dd key={item} className="contents">
              <Badge tone="outline">{item}</Badge>
            </dd>
          ))}
        </div>
      ))}
    </dl>
  );
}
