/** Numbers and times as people read them. Pure: callers pass `now`. */

const UNITS = ["B", "KB", "MB", "GB", "TB"] as const;

/** 1_536 -> "1.5 KB". */
export function formatBytes(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (Math.abs(size) >= 1_000 && unit < UNITS.length - 1) {
    size /= 1_024;
    unit += 1;
  }
  return `${unit === 0 || size >= 100 ? Math.round(size) : size.toFixed(1)} ${UNITS[unit] ?? "B"}`;
}

/** 0.0042 -> "$0.0042"; 12.5 -> "$12.50". Small sums keep two digits that mean something. */
export function formatMoney(amount: number, currency = "USD"): string {
  const digits =
    amount !== 0 && Math.abs(amount) < 0.01 ? Math.min(6, 1 - Math.floor(Math.log10(Math.abs(amount)))) : 2;
  return new Intl.NumberFormat("en-US", {
    style: "currency",
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(amount);
}

/** 1_234_567 -> "1.2M". */
export const formatCount = (count: number): string =>
  new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 }).format(count);

/** 1_234_567 -> "1,234,567". */
export const formatNumber = (count: number): string => new Intl.NumberFormat("en-US").format(count);

/** 0.123 -> "12 %". */
export const formatPercent = (part: number): string => `${Math.round(part * 100)} %`;

/** 840 -> "840 ms"; 4_200 -> "4.2 s"; 5_000 -> "5 s"; 90_000 -> "1 min 30 s"; 7_500_000 -> "2 h 5 min". */
export function formatDuration(durationMs: number): string {
  if (durationMs < 1_000) return `${Math.round(durationMs)} ms`;
  const seconds = durationMs / 1_000;
  if (seconds < 10) return `${seconds.toFixed(1).replace(".0", "")} s`;
  return twoParts(Math.round(seconds));
}

function twoParts(seconds: number): string {
  const parts: readonly (readonly [number, string])[] = [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor(seconds / 3_600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [seconds % 60, "s"],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  return parts
    .slice(Math.max(0, first), Math.max(0, first) + 2)
    .filter(([count], index) => index === 0 || count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(" ");
}

/** "just now", "3 min ago", "in 2 h", then the date. */
export function formatRelative(atMs: number, nowMs: number): string {
  const away = Math.abs(nowMs - atMs);
  // Two clocks are never quite the same: what is a little ahead has just been.
  if (away < 10_000) return atMs > nowMs + 2_500 ? "in a moment" : "just now";
  const steps: readonly (readonly [number, number, string])[] = [
    [60_000, 1_000, "s"],
    [3_600_000, 60_000, "min"],
    [86_400_000, 3_600_000, "h"],
    [30 * 86_400_000, 86_400_000, "d"],
  ];
  const step = steps.find(([below]) => away < below);
  if (!step) return formatDate(atMs);
  const text = `${Math.floor(away / step[1])} ${step[2]}`;
  return atMs > nowMs ? `in ${text}` : `${text} ago`;
}

/** "25 Nov 2026". */
export const formatDate = (atMs: number): string =>
  new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" }).format(atMs);

/** "25 Nov 2026, 14:03:22", in the reader's time zone. */
export const formatDateTime = (atMs: number): string =>
  new Intl.DateTimeFormat("en-GB", {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  }).format(atMs);

/** "14:03:22". */
export const formatClock = (atMs: number): string =>
  new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(atMs);
