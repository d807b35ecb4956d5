import { useGatewayRpc } from "@vestibule/react";
import { useState } from "react";
import { GatedButton, type Needs, Resource, useCan } from "@/shell";
import { Badge, Card } from "@/ui";
import { agentRules, defaultsOf } from "./rules";
import { RulesForm } from "./rules-form";
import type { Rules } from "./wire";

const GET: Needs = { methods: ["exec.approvals.get"], scopes: ["operator.admin"] };
const SET: Needs = { methods: ["exec.approvals.set"], scopes: ["operator.admin"] };
/** An "allow always" writes a rule. */
const CHANGED = ["exec.approval.resolved"];

/** What agents may run on the gateway's host without asking. */
export function RulesCard() {
  const sees = useCan(GET);
  const rules = useGatewayRpc<Rules>(sees.allowed ? "exec.approvals.get" : null, {}, { events: CHANGED });
  const [editing, setEditing] = useState<Rules | null>(null);
  return (
    <Card
      title="Rules for commands"
      description="What agents may run on the gateway's host, and when somebody is asked."
      actions={
        <GatedButton needs={SET} size="sm" disabled={!rules.data} onClick={() => setEditing(rules.data ?? null)}>
          Edit rules
        </GatedButton>
      }
      flush
    >
      {sees.allowed ? (
        <Resource of={rules} what="rules">
          {(data) => <Summary rules={data} />}
        </Resource>
      ) : (
        <p className="px-4 py-8 text-center text-[0.8125rem] text-muted-foreground">{sees.reason}.</p>
      )}
      {editing && (
        <RulesForm
          opened={editing}
          read={rules.read}
          onSaved={(saved) => {
            void rules.mutate(saved, { revalidate: false });
            setEditing(null);
          }}
          onClose={() => setEditing(null)}
        />
      )}
    </Card>
  );
}

function Summary({ rules: { file, resolvedDefaults } }: { rules: Rules }) {
  const agents = agentRules(file);
  return (
    <div className="grid gap-3 px-4 py-3 text-[0.8125rem]">
      {resolvedDefaults && <p>{defaultsOf(resolvedDefaults)}</p>}
      {agents.length === 0 ? (
        <p className="text-muted-foreground">No agent has rules of its own.</p>
      ) : (
        <ul className="grid gap-1.5">
          {agents.map(({ agentId, security, allowed }) => (
            <li key={agentId} className="flex flex-wrap items-center gap-2">
              <span className="font-medium wrap-anywhere">{agentId}</span>
              {security !== undefined && <Badge tone="outline">{security}</Badge>}
              <span className="text-muted-foreground">{allowed === 1 ? "1 rule" : `${allowed} rules`}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
