/** What chat and panels use of the shell. */
export { createDrafts, useDrafts } from "./drafts";
export { Slot } from "./layout/slot";
export { lifecycle, useHasArchive } from "./lifecycle";
export { notify } from "./notices";
export { useShortcut } from "./palette/shortcuts";
export { GatedButton, useCan } from "./panel/can";
export { type Needs, type PanelDescriptor, type Scope } from "./panel/descriptor";
export { PageTitle, Panel, type PanelProps } from "./panel/panel";
export { Resource, type ResourceProps } from "./panel/resource";
export { seen } from "./seen";
export { isMainSession, keptSession, sessionTitle, titleFrom } from "./titles";
export { href, navigate, type Route, usePanelRest, useRoute } from "./route";
