import { Bot, CalendarClock, ListTodo, MessagesSquare, Radio } from "lucide-react";
import type { ReactNode } from "react";
import { href } from "@/shell";
import { formatNumber, RelativeTime, Stat } from "@/ui";
import type { CronStatus, Health, Status } from "./wire";

/** What there is, each number a way to its page. */
export function Counts({
  health,
  status,
  cron,
}: {
  health: Health;
  status: Status | undefined;
  cron: CronStatus | undefined;
}) {
  const sessions = status?.sessions?.count ?? health.sessions?.count ?? 0;
  const latest = health.sessions?.recent?.[0]?.updatedAt;
  const channels = Object.values(health.channels ?? {});
  const working = channels.filter((channel) => channel.running ?? channel.linked ?? channel.configured).length;
  const tasks = status?.tasks;
  return (
    <div className="grid grid-cols-[repeat(auto-fit,minmax(11rem,1fr))] gap-3 max-sm:grid-cols-2 max-sm:[&>:last-child:nth-child(odd)]:col-span-2">
      <To panel="sessions">
        <Stat
          icon={<MessagesSquare />}
          label="Sessions"
          value={formatNumber(sessions)}
          note={
            latest == null ? (
              "none used yet"
            ) : (
              <>
                last used <RelativeTime atMs={latest} />
              </>
            )
          }
        />
      </To>
      <To panel="agents">
        <Stat
          icon={<Bot />}
          label="Agents"
          value={formatNumber(health.agents?.length ?? 0)}
          note={health.defaultAgentId && `default ${health.defaultAgentId}`}
        />
      </To>
      <To panel="channels">
        <Stat
          icon={<Radio />}
          label="Channels"
          value={formatNumber(channels.length)}
          note={channels.length === 0 ? "none set up" : `${working} working`}
        />
      </To>
      {cron && (
        <To panel="cron">
          <Stat
            icon={<CalendarClock />}
            label="Next cron run"
            value={cron.nextWakeAtMs == null ? "–" : <RelativeTime atMs={cron.nextWakeAtMs} />}
            note={cron.enabled === false ? "cron is off" : `${cron.jobs ?? 0} jobs`}
          />
        </To>
      )}
      {tasks && (
        <Stat
          icon={<ListTodo />}
          label="Running tasks"
          value={formatNumber(tasks.active ?? 0)}
          note={
            tasks.failures
              ? `${formatNumber(tasks.failures)} failed so far`
              : `${formatNumber(tasks.total ?? 0)} so far`
          }
        />
      )}
    </div>
  );
}

function To({ panel, children }: { panel: string; children: ReactNode }) {
  return (
    <a
      href={href({ at: "panel", id: panel, rest: [] })}
      className="min-w-0 rounded-xl transition-colors *:h-full hover:*:bg-hover"
    >
      {children}
    </a>
  );
}
