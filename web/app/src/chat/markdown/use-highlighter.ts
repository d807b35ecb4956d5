import { useEffect, useState } from "react";
import { type Highlighter, highlighter, loadHighlighter } from "./highlight";

/** The highlighter, once it is there; null until then, and while it is not wanted. */
export function useHighlighter(wanted: boolean): Highlighter | null {
  const [there, setThere] = useState(highlighter);
  useEffect(() => {
    if (!wanted || there !== null) return;
    let mounted = true;
    // Without it code is plain: nothing to say to anybody.
    loadHighlighter().then(
      (loaded) => mounted && setThere(() => loaded),
      () => undefined,
    );
    return () => {
      mounted = false;
    };
  }, [wanted, there]);
  return wanted ? there : null;
}
