import { useGatewayRpc } from "@vestibule/react";
import { MessageSquare } from "lucide-react";
import { useState } from "react";
import { GatedButton, href, keptSession, navigate, Resource, sessionTitle, useCan } from "@/shell";
import {
  Badge,
  Button,
  CopyButton,
  Empty,
  formatMoney,
  formatNumber,
  KeyValue,
  Progress,
  RelativeTime,
  Sheet,
  SheetContent,
} from "@/ui";
import { type Asked, SessionConfirm } from "./confirms";
import { useNeeds } from "./needs";
import { Preview } from "./preview";
import { agentOf, contextUse, errorOf, isRunning, lastUsed, sameKey } from "./rows";
import { Say } from "./say";
import { Settings } from "./settings";
import type { SessionList } from "./use-session-list";
import type { Described, SessionRow } from "./wire";

const close = () => navigate({ at: "panel", id: "sessions", rest: [] });

/** One session beside the list: what is known of it, what is said in it, what can be changed. */
export function Details({ sessionKey, list }: { sessionKey: string; list: SessionList }) {
  const listed = list.rows.find(({ key }) => sameKey(key, sessionKey));
  return (
    <Sheet open onOpenChange={(open) => !open && close()}>
      {listed ? <Opened row={listed} list={list} /> : <Asking sessionKey={sessionKey} list={list} />}
    </Sheet>
  );
}

/** A session that the list does not show: by a link, or on a later page. */
function Asking({ sessionKey, list }: { sessionKey: string; list: SessionList }) {
  const offered = useCan({ methods: ["sessions.describe"] }).allowed;
  const described = useGatewayRpc<Described>(offered ? "sessions.describe" : null, { key: sessionKey });
  const row = described.data?.session;
  if (row) return <Opened row={row} list={list} />;
  const gone = <Empty title="There is no such session">It may have been deleted.</Empty>;
  return (
    <SheetContent title="Session" description={sessionKey}>
      {offered ? (
        <Resource of={described} what="session" empty={({ session }) => session === null && gone}>
          {() => null}
        </Resource>
      ) : (
        gone
      )}
    </SheetContent>
  );
}

function Opened({ row, list }: { row: SessionRow; list: SessionList }) {
  const needs = useNeeds();
  const [asked, setAsked] = useState<Asked | null>(null);
  return (
    <SheetContent
      title={sessionTitle(row)}
      description={<Facts row={row} />}
      footer={
        <>
          <GatedButton
            needs={needs.remove}
            refusal={keptSession(row)}
            variant="danger-ghost"
            className="mr-auto"
            onClick={() => setAsked("delete")}
          >
            Delete…
          </GatedButton>
          <GatedButton needs={needs.reset} onClick={() => setAsked("reset")}>
            Reset…
          </GatedButton>
          <GatedButton needs={needs.compact} onClick={() => setAsked("compact")}>
            Compact…
          </GatedButton>
          <Button variant="primary" asChild>
            <a href={href({ at: "chat", agent: agentOf(row), sessionKey: row.key })}>
              <MessageSquare />
              Open chat
            </a>
          </Button>
        </>
      }
    >
      <div className="grid gap-6">
        <Settings key={row.key} row={row} list={list} />
        <section className="grid gap-3">
          <h3 className="text-[0.8125rem] font-semibold">Use</h3>
          <KeyValue rows={useRows(row)} />
        </section>
        <Preview sessionKey={row.key} />
        <Say key={`say ${row.key}`} sessionKey={row.key} />
      </div>
      <SessionConfirm row={row} asked={asked} list={list} onClose={() => setAsked(null)} onDeleted={close} />
    </SheetContent>
  );
}

function Facts({ row }: { row: SessionRow }) {
  const error = errorOf(row);
  return (
    <span className="flex flex-wrap items-center gap-1.5">
      {isRunning(row) && <Badge tone="info">running</Badge>}
      {error && <Badge tone="danger">last run failed</Badge>}
      {row.archived && <Badge>archived</Badge>}
      <span>
        {agentOf(row)} · used <RelativeTime atMs={lastUsed(row) || null} />
      </span>
    </span>
  );
}

function useRows(row: SessionRow): readonly (readonly [string, React.ReactNode])[] {
  const use = contextUse(row);
  return [
    [
      "Context",
      use === null ? null : (
        <span className="grid max-w-60 gap-1.5">
          {formatNumber(row.totalTokens ?? 0)} of {formatNumber(row.contextTokens ?? 0)} tokens
          <Progress label="Context in use" value={use} tone={use > 0.85 ? "bg-warning" : "bg-brand"} />
        </span>
      ),
    ],
    ["Read", row.inputTokens == null ? null : `${formatNumber(row.inputTokens)} tokens in all`],
    ["Written", row.outputTokens == null ? null : `${formatNumber(row.outputTokens)} tokens in all`],
    ["Cost", row.estimatedCostUsd == null ? null : `${formatMoney(row.estimatedCostUsd)} (estimate)`],
    ["Created", row.createdAt == null ? null : <RelativeTime key="created" atMs={row.createdAt} />],
    ["Last error", errorOf(row)],
    [
      "Key",
      <span key="key" className="flex items-start gap-1">
        <code className="text-xs wrap-anywhere">{row.key}</code>
        <CopyButton text={row.key} label="Copy the session's key" className="-my-1" />
      </span>,
    ],
  ];
}
