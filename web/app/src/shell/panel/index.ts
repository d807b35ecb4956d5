export { type Needs, PANEL_GROUPS, type PanelDescriptor, type Scope } from "./descriptor";
export { Panel, type PanelProps } from "./panel";
