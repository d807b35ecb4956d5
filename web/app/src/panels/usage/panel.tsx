import { ChartColumn, LoaderCircle } from "lucide-react";
import { useState } from "react";
import { href, Panel, Resource, usePanelRest } from "@/shell";
import { Empty, Segmented } from "@/ui";
import { AnswerTimes } from "./answer-times";
import { Numbers } from "./numbers";
import { OverTime } from "./over-time";
import { Quotas } from "./quotas";
import { datesOf, type Range, RANGE_LABEL, RANGES } from "./range";
import { SessionSheet } from "./session-sheet";
import { Shares } from "./shares";
import { modelName } from "./split";
import { isCounting, titleOf } from "./summary";
import { useUsage } from "./use-usage";
import type { SessionsUsage } from "./wire";

/** Tokens and cost: how much, when, and by whom. */
export default function Usage() {
  const [range, setRange] = useState<Range>("30");
  // The day is that of opening: a page that is open over midnight goes on with its own days until then.
  const [nowMs] = useState(() => Date.now());
  const [opened] = usePanelRest();
  const { cost, sessions } = useUsage(range, nowMs);
  const counting = isCounting(cost.data) || isCounting(sessions.data);
  return (
    <Panel
      title="Usage"
      note="days in UTC"
      toolbar={
        <>
          <Segmented<Range>
            label="Range"
            value={range}
            onChange={setRange}
            options={RANGES.map((value) => ({ value, label: RANGE_LABEL[value] }))}
          />
          {counting && (
            <span role="status" className="flex items-center gap-1.5 text-xs text-muted-foreground">
              <LoaderCircle className="size-3.5 animate-spin" aria-hidden />
              The gateway is counting…
            </span>
          )}
        </>
      }
    >
      <Resource of={cost} what="usage" shape="cards">
        {(data) => (
          <>
            <Numbers totals={sessions.data?.totals ?? data.totals} usage={sessions.data} />
            <OverTime cost={data} usage={sessions.data} range={range} dates={datesOf(range, nowMs)} />
          </>
        )}
      </Resource>
      <Quotas />
      {cost.data && (
        <Resource
          of={sessions}
          what="sessions"
          shape="cards"
          empty={({ totals }) => totals.totalTokens === 0 && !counting && <NothingYet />}
        >
          {(data) => <Breakdown usage={data} />}
        </Resource>
      )}
      {opened !== undefined && (
        <SessionSheet sessionKey={opened} session={sessions.data?.sessions.find(({ key }) => key === opened)} />
      )}
    </Panel>
  );
}

function Breakdown({ usage }: { usage: SessionsUsage }) {
  const { byModel, byAgent, byChannel, dailyLatency = [] } = usage.aggregates;
  const bySession = usage.sessions.flatMap((session) => {
    const { key, usage: totals } = session;
    return totals ? [{ name: titleOf(session), totals, href: href({ at: "panel", id: "usage", rest: [key] }) }] : [];
  });
  return (
    <>
      <div className="grid gap-4 md:grid-cols-2">
        <Shares
          title="By model"
          rows={byModel.map((row) => ({ name: modelName(row), totals: row.totals }))}
          empty="No model has answered."
        />
        <Shares
          title="By agent"
          rows={byAgent.map(({ agentId, totals }) => ({ name: agentId, totals }))}
          empty="No agent has answered."
        />
        <Shares title="By session" rows={bySession} empty="No session was used." />
        {byChannel.length > 0 && (
          <Shares
            title="By channel"
            rows={byChannel.map(({ channel, totals }) => ({ name: channel, totals }))}
            empty="Nothing came by a channel."
          />
        )}
      </div>
      {dailyLatency.length > 1 && <AnswerTimes daily={dailyLatency} />}
    </>
  );
}

function NothingYet() {
  return (
    <Empty icon={<ChartColumn />} title="Nothing used in this range">
      Tokens show up here after the first answer.
    </Empty>
  );
}
