import { Table, TBody, TD, TH, THead, TR } from "@/ui";
import type { Series } from "./series";

/** What a chart shows, in words and numbers; the latest first, as the eye looks at a chart's right end. */
export function ChartTable({
  label,
  x,
  series,
  formatX,
  formatValue,
  maxHeightPx,
}: {
  label: string;
  x: readonly number[];
  series: readonly Series[];
  formatX: (atMs: number) => string;
  formatValue: (value: number) => string;
  maxHeightPx?: number;
}) {
  // Unseen it needs no frame to scroll in, and a frame that scrolls would have to take the focus.
  const Frame = maxHeightPx === undefined ? "table" : Table;
  const rows = x.map((atMs, index) => ({ atMs, index })).toReversed();
  return (
    // Scrolls by keyboard too, where it is cut.
    <div
      {...(maxHeightPx === undefined
        ? {}
        : {
            className: "overflow-y-auto",
            style: { maxHeight: maxHeightPx },
            tabIndex: 0,
            role: "group",
            "aria-label": `${label}, as a table`,
          })}
    >
      <Frame>
        <caption className="sr-only">{label}</caption>
        <THead>
          <TR>
            <TH>When</TH>
            {series.map((one) => (
              <TH key={one.label} className="text-right">
                {one.label}
              </TH>
            ))}
          </TR>
        </THead>
        <TBody>
          {rows.map(({ atMs, index }) => (
            <TR key={atMs}>
              <TD className="h-8 whitespace-nowrap text-muted-foreground">{formatX(atMs)}</TD>
              {series.map((one) => {
                const value = one.values[index];
                return (
                  <TD key={one.label} className="h-8 text-right">
                    {value == null ? "–" : formatValue(value)}
                  </TD>
                );
              })}
            </TR>
          ))}
        </TBody>
      </Frame>
    </div>
  );
}
