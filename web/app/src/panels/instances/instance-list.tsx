import { AppWindow, Cpu, type LucideIcon, Server, SquareTerminal, UserRound, Workflow } from "lucide-react";
import { useId } from "react";
import { seen } from "@/shell";
import { Badge, KeyValue, RelativeTime, StatusDot } from "@/ui";
import type { Instance, Kind } from "./roster";

const KIND: Readonly<Record<Kind, { icon: LucideIcon; word: string }>> = {
  gateway: { icon: Server, word: "Gateway" },
  person: { icon: UserRound, word: "Person" },
  node: { icon: Cpu, word: "Node" },
  app: { icon: SquareTerminal, word: "App" },
  backend: { icon: Workflow, word: "Service" },
  other: { icon: AppWindow, word: "Other" },
};

/** One part of the roster; nothing at all when it is empty. */
export function InstanceList({ title, instances }: { title: string; instances: readonly Instance[] }) {
  const id = useId();
  if (instances.length === 0) return null;
  return (
    <section aria-labelledby={id}>
      <h2 id={id} className="mb-2 text-[0.8125rem] font-semibold">
        {title} <span className="font-normal text-muted-foreground tabular-nums">{instances.length}</span>
      </h2>
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(min(19rem,100%),1fr))] gap-3">
        {instances.map((instance) => (
          <li key={instance.key} className="min-w-0">
            <InstanceCard instance={instance} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function InstanceCard({ instance: { name, kind, here, presence } }: { instance: Instance }) {
  const { icon: Icon, word } = KIND[kind];
  const { host, ip, version, platform, modelIdentifier, clientId, roles, onlineSince, ts } = presence;
  return (
    <article className="h-full rounded-xl border bg-card p-4 shadow-raised">
      <header className="flex items-center gap-3">
        <span className="grid size-9 shrink-0 place-content-center rounded-lg bg-muted text-muted-foreground">
          <Icon className="size-4.5" strokeWidth={1.75} aria-hidden />
        </span>
        <div className="min-w-0 grow">
          <h3 className="truncate text-[0.8125rem] font-semibold">{name}</h3>
          <p className="truncate text-xs text-muted-foreground">
            {word}
            {clientId && ` · ${clientId}`}
          </p>
        </div>
        <span className="flex shrink-0 items-center gap-1.5 self-start pt-0.5 text-xs text-muted-foreground">
          <StatusDot tone={here ? "success" : "neutral"} />
          {here ? "Connected" : "Gone"}
        </span>
      </header>
      <KeyValue
        className="mt-3 text-xs"
        rows={[
          ["Host", host === name ? null : seen(host)],
          ["Address", seen(ip)],
          ["Version", version],
          ["Platform", platform],
          ["Model", modelIdentifier],
          ["Role", roles && roles.length > 0 ? <Roles key="roles" roles={roles} /> : null],
          ["Online since", here && onlineSince !== undefined ? <RelativeTime key="since" atMs={onlineSince} /> : null],
          ["Last seen", <RelativeTime key="seen" atMs={ts} />],
        ]}
      />
    </article>
  );
}

function Roles({ roles }: { roles: readonly string[] }) {
  return (
    <span className="flex flex-wrap gap-1">
      {roles.map((role) => (
        <Badge key={role}>{role}</Badge>
      ))}
    </span>
  );
}
