import { useGatewayRpcMutation } from "@vestibule/react";
import { GatedButton, type Needs, notify, Resource, useCan } from "@/shell";
import { Badge, ConfirmButton, CopyButton, KeyValue, RelativeTime } from "@/ui";
import { INSTALL_MS, PATIENCE_MS } from "./install";
import { useHubDetail } from "./use-hub";
import type { HubDetail, HubResult } from "./wire";

const NEEDS: Needs = { methods: ["skills.install"], scopes: ["operator.admin"] };

/** One skill of the hub: what it is, by whom, and a way to have it. */
export function HubDetails({ result }: { result: HubResult }) {
  const reference = result.installRef ?? result.slug;
  const detail = useHubDetail(result.installOnly ? null : reference);
  return (
    <div className="grid gap-5">
      {result.summary && <p className="text-[0.8125rem]">{result.summary}</p>}
      {result.trustState && <Badge tone="warning">not looked at by the hub</Badge>}
      {result.installOnly ? (
        <p className="text-[0.8125rem] text-muted-foreground">The hub tells no more about it.</p>
      ) : (
        <Resource of={detail} what="this skill">
          {(data) => <KeyValue rows={rowsOf(data)} />}
        </Resource>
      )}
      <KeyValue
        rows={[
          [
            "Reference",
            <span key="reference" className="flex items-center gap-1">
              <code className="text-xs wrap-anywhere">{reference}</code>
              <CopyButton text={reference} label="Copy the reference" />
            </span>,
          ],
        ]}
      />
      <InstallFromHub name={result.displayName} reference={reference} />
    </div>
  );
}

function rowsOf({ skill, latestVersion, owner, metadata }: HubDetail): readonly (readonly [string, React.ReactNode])[] {
  const systems = metadata?.os ?? metadata?.systems;
  return [
    ["By", owner?.displayName ?? owner?.handle],
    ["Official", skill?.isOfficial ? "yes" : null],
    ["Version", latestVersion?.version],
    ["Published", latestVersion && <RelativeTime key="published" atMs={latestVersion.createdAt} />],
    ["Changes", latestVersion?.changelog],
    ["Systems", systems && systems.length > 0 ? systems.join(", ") : null],
  ];
}

/** What others wrote is run by the agent: that is asked about. */
function InstallFromHub({ name, reference }: { name: string; reference: string }) {
  const call = useGatewayRpcMutation();
  const { allowed } = useCan(NEEDS);
  if (!allowed) {
    return (
      <GatedButton needs={NEEDS} className="justify-self-start">
        Install
      </GatedButton>
    );
  }
  return (
    <ConfirmButton
      className="justify-self-start"
      variant="primary"
      title={`Install ${name}?`}
      description="The agent follows what a skill says and may run what comes with it. Install what you trust."
      action="Install skill"
      onConfirm={async () => {
        const params = { source: "clawhub", slug: reference, timeoutMs: INSTALL_MS };
        await call("skills.install", params, { timeoutMs: PATIENCE_MS, refetch: "skills.status" });
        notify.success(`${name} was installed`);
      }}
    >
      Install
    </ConfirmButton>
  );
}
