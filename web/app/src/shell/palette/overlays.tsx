import { lazy, Suspense, useEffect } from "react";
import { navigate } from "../route";
import { useStore } from "../store";
import { cycleTheme } from "../theme";
import { ShortcutsHelp } from "./help";
import { closeOverlay, openHelp, openPalette, overlay } from "./open";
import { addShortcut, listenForShortcuts, type Shortcut } from "./shortcuts";

const Palette = lazy(() => import("./palette"));

const panel = (id: string) => () => navigate({ at: "panel", id, rest: [] });

const SHORTCUTS: readonly Shortcut[] = [
  { keys: "mod k", title: "Go to anything", run: openPalette },
  { keys: "?", title: "These shortcuts", run: openHelp },
  { keys: "g then c", title: "Go to the chat", run: () => navigate({ at: "chat" }) },
  { keys: "g then o", title: "Go to the overview", run: panel("overview") },
  { keys: "g then s", title: "Go to the sessions", run: panel("sessions") },
  { keys: "g then a", title: "Go to the agents", run: panel("agents") },
  { keys: "g then l", title: "Go to the logs", run: panel("logs") },
  { keys: "t", title: "Change the theme", run: cycleTheme },
];

/** Palette and help, and the keys that open them. The palette is loaded when it is first wanted. */
export function Overlays() {
  const open = useStore(overlay);
  useEffect(() => {
    const ends = [...SHORTCUTS.map(addShortcut), listenForShortcuts()];
    return () => ends.forEach((end) => end());
  }, []);
  return (
    <>
      {open === "palette" && (
        <Suspense fallback={null}>
          <Palette onClose={closeOverlay} />
        </Suspense>
      )}
      <ShortcutsHelp open={open === "help"} onClose={closeOverlay} />
    </>
  );
}
