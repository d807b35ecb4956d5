import type { DoorSnapshot } from "@vestibule/react";
import { Card, CopyButton, KeyValue } from "@/ui";

/** This page's own way to the gateway. The gateway sees one connection of the door, and does not list it. */
export function Door({ connection, principal }: Pick<DoorSnapshot, "connection" | "principal">) {
  const id = connection.at === "open" ? connection.hello.connectionId : null;
  return (
    <Card
      title="This page"
      description="It comes through the door, which keeps one connection to the gateway for everybody; the gateway does not list it."
    >
      <KeyValue
        rows={[
          ["Signed in as", principal && `${principal.member}, ${principal.role}`],
          ["Owner", principal?.owner],
          [
            "Connection",
            id === null ? (
              "not connected at the moment"
            ) : (
              <span key="id" className="inline-flex items-center gap-1">
                <code className="text-xs">{id}</code>
                <CopyButton text={id} label="Copy the connection's id" />
              </span>
            ),
          ],
        ]}
      />
    </Card>
  );
}
