import type { PanelDescriptor } from "@/shell/panel";
import { agents } from "./agents";
import { channels } from "./channels";
import { config } from "./config";
import { cron } from "./cron";
import { debug } from "./debug";
import { instances } from "./instances";
import { logs } from "./logs";
import { nodes } from "./nodes";
import { overview } from "./overview";
import { sessions } from "./sessions";
import { skills } from "./skills";
import { usage } from "./usage";

/** Every panel, in the order of the sidebar. Adding one is a folder and a line here. */
export const panels: readonly PanelDescriptor[] = [
  overview,
  sessions,
  cron,
  usage,
  agents,
  channels,
  skills,
  config,
  instances,
  nodes,
  logs,
  debug,
];
