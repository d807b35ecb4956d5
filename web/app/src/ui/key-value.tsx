import type { ReactNode } from "react";
import { cn } from "./cn";

/** Names and values in two columns. A value of null or undefined leaves its row out. */
export function KeyValue({
  rows,
  className,
}: {
  rows: readonly (readonly [name: string, value: ReactNode])[];
  className?: string;
}) {
  return (
    <dl className={cn("grid grid-cols-[minmax(6rem,auto)_minmax(0,1fr)] gap-x-6 gap-y-2 text-[0.8125rem]", className)}>
      {rows.map(([name, value]) =>
        value == null ? null : (
          <div key={name} className="contents">
            <dt className="text-muted-foreground">{name}</dt>
            <dd className="min-w-0 wrap-anywhere tabular-nums">{value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}
