import { useGatewayRpc } from "@vestibule/react";
import { AppWindow, SquareTerminal } from "lucide-react";
import { Resource } from "@/shell";
import { Badge, Card, CopyButton, RelativeTime } from "@/ui";
import { readAgent } from "./agent";
import type { DoorClient, DoorClients } from "./wire";

/** Told once after each answer: whoever asks again is told again. */
const CHANGED = ["door.clients.changed"];

/** Who came through the door to the same gateway, which sees all of them as one. */
export function Clients({ query }: { query: string }) {
  const clients = useGatewayRpc<DoorClients>("door.clients", undefined, { events: CHANGED });
  return (
    <Card
      title="Through the door"
      description="They share the door's one connection to the gateway, which does not list them."
      flush
    >
      <Resource
        of={clients}
        what="clients"
        empty={(data) =>
          matching(data, query).length === 0 && (
            <p className="px-4 py-8 text-center text-[0.8125rem] text-muted-foreground">No client matches.</p>
          )
        }
      >
        {(data) => (
          <ul className="divide-y" aria-label="Clients of the door">
            {matching(data, query).map((client) => (
              <Client key={client.id} client={client} />
            ))}
          </ul>
        )}
      </Resource>
    </Card>
  );
}

function Client({ client }: { client: DoorClient }) {
  const { name, isBrowser } = readAgent(client.agent);
  const Icon = isBrowser ? AppWindow : SquareTerminal;
  return (
    <li className="flex min-h-14 items-center gap-3 px-4 py-2">
      <Icon className="size-4 shrink-0 text-muted-foreground" aria-hidden />
      <div className="min-w-0 grow">
        <h3 className="flex flex-wrap items-center gap-2 text-[0.8125rem] font-semibold">
          <span className="wrap-anywhere">{name}</span>
          {client.self && <Badge tone="info">this page</Badge>}
        </h3>
        <p className="flex flex-wrap items-center gap-x-1 text-xs text-muted-foreground">
          {client.member}, {client.role}
          <span className="max-sm:sr-only">
            · <code className="wrap-anywhere">{client.id}</code>
          </span>
          <CopyButton text={client.id} label={`Copy the id of ${name}`} />
        </p>
      </div>
      <span className="shrink-0 text-xs text-muted-foreground">
        since <RelativeTime atMs={client.sinceMs} />
      </span>
    </li>
  );
}

function matching({ clients }: DoorClients, query: string): readonly DoorClient[] {
  const wanted = query.trim().toLowerCase();
  return clients.filter(({ id, agent, member, role }) =>
    [id, readAgent(agent).name, member, role].some((text) => text.toLowerCase().includes(wanted)),
  );
}
