/** Charts for panels: drawn lazily, coloured by token, readable without eyes. */
export { Chart, type ChartProps } from "./chart";
export { Gauge, type GaugeProps } from "./gauge";
export { keepLargest, type Series } from "./series";
export { Sparkline } from "./sparkline";
export { type ChartTone, TONE_DOT } from "./tones";
