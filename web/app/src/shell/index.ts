/** What chat and panels use of the shell. */
export { useDoorSnapshot, useOffer, usePrincipal } from "./gateway/door";
export { Slot } from "./layout/slot";
export { notify } from "./notices";
export { GatedButton, useCan } from "./panel/can";
export { type Needs, type PanelDescriptor, type Scope } from "./panel/descriptor";
export { PageTitle, Panel, type PanelProps } from "./panel/panel";
export { Resource, type ResourceProps } from "./panel/resource";
export { href, navigate, type Route, usePanelRest, useRoute } from "./route";
export { useShortcut } from "./palette/shortcuts";
