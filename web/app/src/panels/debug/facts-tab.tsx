import { useConnection, useDoorSnapshot, useGatewayStatus } from "@vestibule/react";
import { Badge, Button, Card, formatBytes, formatDateTime, formatDuration, KeyValue } from "@/ui";
import { RefreshCw } from "lucide-react";
import type { ReactNode } from "react";
import { JsonView } from "./json-view";

/** What is known of the way from here to the gateway. */
export function FactsTab() {
  const { connection, principal, offer, recovered, generation } = useDoorSnapshot();
  const { reconnectNow } = useConnection();
  const gateway = useGatewayStatus();
  const hello = connection.at === "open" ? connection.hello : null;
  return (
    <div className="h-full overflow-y-auto">
      <div className="mx-auto grid max-w-6xl gap-4 px-4 py-5 md:grid-cols-2 md:px-6">
        <Card
          title="Door"
          actions={
            <Button size="sm" onClick={reconnectNow}>
              <RefreshCw />
              Drop and come back
            </Button>
          }
        >
          <KeyValue
            rows={[
              ["Connection", <StateBadge key="state" good={connection.at === "open"} word={connection.at} />],
              ["Attempt", connection.at === "waiting" || connection.at === "connecting" ? connection.attempt : null],
              ["Last close", "code" in connection ? `${connection.code} ${connection.reason}` : null],
              ["Connection id", hello && <Mono>{hello.connectionId}</Mono>],
              ["Protocol", hello?.protocol],
              ["Epoch", hello && <Mono>{hello.epoch}</Mono>],
              ["Offset at hello", hello?.offset],
              ["Came back whole", recovered ? "yes" : "no: this page was loaded anew"],
              ["Times missed for good", generation],
              ["Largest message", hello && formatBytes(hello.policy.maxPayload)],
              ["Ping", hello && formatDuration(hello.policy.pingIntervalMs)],
              ["Answer within", hello && formatDuration(hello.policy.rpcTimeoutMs)],
            ]}
          />
        </Card>
        <Card title="Gateway">
          <KeyValue
            rows={[
              ["State", gateway && <StateBadge good={gateway.state === "ready"} word={gateway.state} />],
              ["Reason", gateway?.reason || null],
              ["Version", offer?.version],
              ["Wire", offer?.protocol],
              ["Methods", offer && `${offer.methods.size} offered`],
              ["Next attempt", gateway?.retryInMs == null ? null : formatDuration(gateway.retryInMs)],
            ]}
          />
        </Card>
        <Card title="You">
          <KeyValue
            rows={[
              ["Member", principal?.member],
              ["Owner", principal?.owner],
              ["Role", principal?.role],
              [
                "Scopes",
                principal && (
                  <span className="flex flex-wrap gap-1">
                    {principal.scopes.map((scope) => (
                      <Badge key={scope} tone="outline">
                        {scope}
                      </Badge>
                    ))}
                  </span>
                ),
              ],
              ["Signed in until", principal?.expiresAtMs == null ? null : formatDateTime(principal.expiresAtMs)],
            ]}
          />
        </Card>
        {offer && (
          <Card title="The gateway's policy" flush className="h-80">
            <JsonView value={offer.policy} name="policy" className="h-68" />
          </Card>
        )}
      </div>
    </div>
  );
}

const Mono = ({ children }: { children: ReactNode }) => <code className="text-xs">{children}</code>;

const StateBadge = ({ good, word }: { good: boolean; word: string }) => (
  <Badge tone={good ? "success" : "warning"}>{word}</Badge>
);
