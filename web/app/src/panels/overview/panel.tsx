import { useGatewayEvent, useGatewayRpc } from "@vestibule/react";
import { useState } from "react";
import { Panel, Resource, useCan } from "@/shell";
import { Actions } from "./actions";
import { Counts } from "./counts";
import { Headline } from "./headline";
import { Heartbeats } from "./heartbeats";
import { isReport, modelOf } from "./read";
import { Load } from "./load";
import { TaskList } from "./task-list";
import { UpdateNote } from "./update-note";
import { problemsOf, readings, type Sample, withSample } from "./vitals";
import type {
  AuthStatus,
  CronStatus,
  Health,
  Heartbeat,
  ModelsList,
  Status,
  SystemInfo,
  TasksList,
  UpdateStatus,
} from "./wire";

/** Is it well, and what goes on: the gateway on one page, by its own reports. */
export default function Overview() {
  const health = useGatewayRpc<Health>("health");
  const status = useGatewayRpc<Status>(useOffered("status"), undefined, { events: ["health", "heartbeat", "task"] });
  const tasks = useGatewayRpc<TasksList>(useOffered("tasks.list"), { limit: 50 });
  const heartbeat = useGatewayRpc<Heartbeat>(useOffered("last-heartbeat"));
  const update = useGatewayRpc<UpdateStatus>(useOffered("update.status", "operator.admin"));
  const samples = useSamples();
  return (
    <Panel title="Overview" actions={<Actions />}>
      <Resource of={health} what="state" shape="cards">
        {(data) => (
          <>
            {update.data?.updateAvailable && <UpdateNote update={update.data.updateAvailable} />}
            <Report health={data} status={status.data} samples={withSample(samples, data)} />
            <div className="grid gap-4 md:grid-cols-2">
              {tasks.data && <TaskList tasks={tasks.data.tasks} />}
              <Heartbeats last={heartbeat.data} status={status.data} />
            </div>
          </>
        )}
      </Resource>
    </Panel>
  );
}

function Report({
  health,
  status,
  samples,
}: {
  health: Health;
  status: Status | undefined;
  samples: readonly Sample[];
}) {
  // No event of its own: asked again with each report of the gateway's health.
  const system = useGatewayRpc<SystemInfo>(useOffered("system.info"), undefined, { events: ["health"] });
  const cron = useGatewayRpc<CronStatus>(useOffered("cron.status"));
  const models = useGatewayRpc<ModelsList>(useOffered("models.list"));
  const auth = useGatewayRpc<AuthStatus>(useOffered("models.authStatus"));
  const memory = system.data?.processMemory ?? status?.processMemory ?? {};
  return (
    <>
      <Headline
        problems={problemsOf(health, status, auth.data)}
        health={health}
        status={status}
        system={system.data}
        model={modelOf(status, models.data)}
      />
      <Counts health={health} status={status} cron={cron.data} />
      <Load readings={readings(health.eventLoop ?? status?.eventLoop, memory, system.data)} samples={samples} />
    </>
  );
}

/** The method, if this gateway has it and this person may call it. */
function useOffered(method: string, scope: "operator.read" | "operator.admin" = "operator.read"): string | null {
  return useCan({ methods: [method], scopes: [scope] }).allowed ? method : null;
}

/** The reports heard while the page is open. */
function useSamples(): readonly Sample[] {
  const [samples, setSamples] = useState<readonly Sample[]>([]);
  useGatewayEvent("health", ({ payload }) => {
    if (isReport(payload)) setSamples((before) => withSample(before, payload));
  });
  return samples;
}
