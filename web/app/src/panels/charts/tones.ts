/** The colours of a chart: the theme's tokens, resolved for a canvas, which knows no variables. */
export const CHART_TONES = ["brand", "info", "success", "warning", "danger", "neutral"] as const;
export type ChartTone = (typeof CHART_TONES)[number];

export const TONE_DOT: Readonly<Record<ChartTone, string>> = {
  brand: "bg-brand",
  info: "bg-info",
  success: "bg-success",
  warning: "bg-warning",
  danger: "bg-danger",
  neutral: "bg-muted-foreground",
};

export const TONE_STROKE: Readonly<Record<ChartTone, string>> = {
  brand: "stroke-brand",
  info: "stroke-info",
  success: "stroke-success",
  warning: "stroke-warning",
  danger: "stroke-danger",
  neutral: "stroke-muted-foreground",
};

/** The tone of a series that names none: by its place. */
export const toneAt = (index: number): ChartTone => CHART_TONES[index % CHART_TONES.length] ?? "neutral";

export type Palette = Readonly<Record<ChartTone | "grid" | "text", string>>;

const VARIABLE: Readonly<Record<keyof Palette, string>> = {
  brand: "--brand",
  info: "--info",
  success: "--success",
  warning: "--warning",
  danger: "--danger",
  neutral: "--muted-foreground",
  grid: "--border",
  text: "--muted-foreground",
};

/** The colours as they are now at `host`. A variable may say `light-dark(…)`; what an element computes does not. */
export function paletteAt(host: HTMLElement): Palette {
  const probe = document.createElement("span");
  probe.hidden = true;
  host.append(probe);
  const resolve = (name: keyof Palette): string => {
    probe.style.color = `var(${VARIABLE[name]})`;
    return getComputedStyle(probe).color;
  };
  const palette: Palette = {
    brand: resolve("brand"),
    info: resolve("info"),
    success: resolve("success"),
    warning: resolve("warning"),
    danger: resolve("danger"),
    neutral: resolve("neutral"),
    grid: resolve("grid"),
    text: resolve("text"),
  };
  probe.remove();
  return palette;
}

/** Tells when the theme changes, by choice or by the system. */
export function onThemeChange(tell: () => void): () => void {
  const chosen = new MutationObserver(tell);
  chosen.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  const system = matchMedia("(prefers-color-scheme: dark)");
  system.addEventListener("change", tell);
  return () => {
    chosen.disconnect();
    system.removeEventListener("change", tell);
  };
}
