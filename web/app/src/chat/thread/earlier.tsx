import { LoaderCircle } from "lucide-react";
import { useEffect, useRef } from "react";
import { Button } from "@/ui";

/** Above the first message: asks for earlier ones when it comes near. */
export function Earlier({ loading, onLoad }: { loading: boolean; onLoad: () => void }) {
  const mark = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = mark.current;
    if (element === null || loading) return;
    const seen = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting === true) onLoad();
      },
      { root: element.closest("[data-thread]"), rootMargin: "900px 0px 0px" },
    );
    seen.observe(element);
    return () => seen.disconnect();
  }, [loading, onLoad]);
  return (
    <div ref={mark} className="flex h-11 items-center justify-center text-xs text-muted-foreground">
      {loading ? (
        <span role="status" className="flex items-center gap-2">
          <LoaderCircle aria-hidden className="size-3.5 animate-spin" />
          Earlier messages…
        </span>
      ) : (
        <Button variant="ghost" size="sm" onClick={onLoad}>
          Earlier messages
        </Button>
      )}
    </div>
  );
}
