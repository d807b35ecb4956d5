import { href } from "@/shell";
import { Badge, Card, RelativeTime } from "@/ui";
import { atMs, isActive, latestTasks, taskStatus, taskTone } from "./tasks";
import type { Task } from "./wire";

const SHOWN = 8;

/** What the gateway does in the background: running first, then what ended last. */
export function TaskList({ tasks }: { tasks: readonly Task[] }) {
  const shown = latestTasks(tasks, SHOWN);
  return (
    <Card
      title="Background tasks"
      description={tasks.length > shown.length ? `the latest ${SHOWN} of ${tasks.length}` : undefined}
      flush
    >
      {shown.length === 0 ? (
        <p className="px-4 py-6 text-center text-[0.8125rem] text-muted-foreground">
          Nothing runs, nothing has run. Sub-agents, cron runs and long tools show up here.
        </p>
      ) : (
        <ul className="divide-y text-[0.8125rem]">
          {shown.map((task) => (
            <TaskRow key={task.id} task={task} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function TaskRow({ task }: { task: Task }) {
  const title = task.title ?? task.kind ?? task.id;
  const { sessionKey, agentId } = task;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5">
      <Badge tone={taskTone(task.status)}>{taskStatus(task.status)}</Badge>
      {sessionKey !== undefined && agentId !== undefined ? (
        <a className="min-w-0 grow truncate hover:underline" href={href({ at: "chat", agent: agentId, sessionKey })}>
          {title}
        </a>
      ) : (
        <span className="min-w-0 grow truncate">{title}</span>
      )}
      {agentId && <span className="text-muted-foreground">{agentId}</span>}
      <RelativeTime
        className="text-muted-foreground tabular-nums"
        atMs={atMs(isActive(task) ? task.startedAt : task.endedAt)}
      />
      {task.error && <p className="w-full text-xs text-danger wrap-anywhere">{task.error}</p>}
    </li>
  );
}
