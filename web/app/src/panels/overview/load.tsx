import { Card, formatDuration } from "@/ui";
import { Gauge, Sparkline } from "../charts";
import type { Reading, Sample } from "./vitals";

/** How loaded the gateway is, and how quickly it answered lately. */
export function Load({ readings, samples }: { readings: readonly Reading[]; samples: readonly Sample[] }) {
  if (readings.length === 0) return null;
  const last = samples.at(-1);
  return (
    <Card title="Load">
      <div className="grid grid-cols-[repeat(auto-fit,minmax(7rem,1fr))] gap-x-4 gap-y-5 pt-1 max-sm:grid-cols-2">
        {readings.map((reading) => (
          <Gauge key={reading.label} {...reading} />
        ))}
      </div>
      {samples.length > 1 && last && (
        <div className="mt-4 border-t pt-3">
          <div className="mb-1 flex justify-between text-xs text-muted-foreground tabular-nums">
            <span>Event loop delay, p99</span>
            <span>{formatDuration(last.delayMs)}</span>
          </div>
          <Sparkline values={samples.map(({ delayMs }) => delayMs)} tone="info" />
        </div>
      )}
    </Card>
  );
}
