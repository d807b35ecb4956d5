import type { ReactNode } from "react";
import { Card, formatCount, formatMoney } from "@/ui";
import type { Totals } from "./wire";

export type Share = { name: string; totals: Totals; href?: string };
const SHOWN = 6;

/** Who used how much: the largest first, each as long as its part. */
export function Shares({ title, rows, empty }: { title: string; rows: readonly Share[]; empty: ReactNode }) {
  const sorted = rows
    .filter(({ totals }) => totals.totalTokens > 0)
    .toSorted((one, other) => other.totals.totalTokens - one.totals.totalTokens);
  const most = sorted[0]?.totals.totalTokens ?? 1;
  return (
    <Card title={title} description={sorted.length > SHOWN ? `the largest ${SHOWN} of ${sorted.length}` : undefined}>
      {sorted.length === 0 ? (
        <p className="text-[0.8125rem] text-muted-foreground">{empty}</p>
      ) : (
        <ul className="grid gap-2.5">
          {sorted.slice(0, SHOWN).map((row) => (
            <li key={row.href ?? row.name} className="grid gap-1 text-[0.8125rem]">
              <div className="flex items-baseline gap-3">
                {row.href === undefined ? (
                  <span className="min-w-0 grow truncate">{row.name}</span>
                ) : (
                  <a className="min-w-0 grow truncate hover:underline" href={row.href}>
                    {row.name}
                  </a>
                )}
                <span className="text-muted-foreground tabular-nums">{formatMoney(row.totals.totalCost)}</span>
                <span className="w-14 text-right font-medium tabular-nums">{formatCount(row.totals.totalTokens)}</span>
              </div>
              <div aria-hidden className="h-1.5 overflow-hidden rounded-full bg-muted">
                <div
                  className="h-full rounded-full bg-brand"
                  style={{ width: `${(row.totals.totalTokens / most) * 100}%` }}
                />
              </div>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
