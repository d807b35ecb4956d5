import { useGatewayRpc } from "@vestibule/react";
import { useMemo } from "react";
import { href, navigate, Resource, useCan } from "@/shell";
import { Button, Empty, formatCount, formatDateTime, formatNumber, readError, Sheet, SheetContent } from "@/ui";
import { Chart } from "../charts";
import { SessionLog } from "./session-log";
import { titleOf } from "./summary";
import type { SessionUsage, Timeseries } from "./wire";

const close = () => navigate({ at: "panel", id: "usage", rest: [] });
const NONE = <Empty title="Nothing used yet">The session has no transcript.</Empty>;

/** One session's tokens, answer by answer. */
export function SessionSheet({ sessionKey, session }: { sessionKey: string; session: SessionUsage | undefined }) {
  const { allowed } = useCan({ methods: ["sessions.usage.timeseries"] });
  const series = useGatewayRpc<Timeseries>(allowed ? "sessions.usage.timeseries" : null, { key: sessionKey });
  const hasNone = series.error !== undefined && readError(series.error).message.startsWith("No transcript");
  return (
    <Sheet open onOpenChange={(open) => !open && close()}>
      <SheetContent
        title={titleOf(session ?? { key: sessionKey })}
        description="Tokens of each answer"
        footer={
          <Button asChild>
            <a href={href({ at: "panel", id: "sessions", rest: [sessionKey] })}>Session</a>
          </Button>
        }
      >
        {!allowed || hasNone ? (
          NONE
        ) : (
          <Resource of={series} what="answers" empty={({ points }) => points.length === 0 && NONE}>
            {({ points }) => (
              <>
                <Points points={points} />
                <SessionLog sessionKey={sessionKey} />
              </>
            )}
          </Resource>
        )}
      </SheetContent>
    </Sheet>
  );
}

function Points({ points }: Timeseries) {
  const { x, series } = useMemo(
    () => ({
      x: points.map(({ timestamp }) => timestamp),
      series: [{ label: "Tokens so far", values: points.map(({ cumulativeTokens }) => cumulativeTokens) }],
    }),
    [points],
  );
  return (
    <Chart
      label="Tokens of the session over time"
      kind="lines"
      x={x}
      series={series}
      formatX={formatDateTime}
      formatValue={formatNumber}
      formatAxis={formatCount}
      heightPx={260}
    />
  );
}
