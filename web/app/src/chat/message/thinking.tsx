import { Brain } from "lucide-react";
import { useEffect, useState } from "react";
import { formatDuration } from "@/ui";
import { Markdown } from "../markdown/markdown";
import { Fold } from "./fold";

/** The model's thinking, folded away. How long it took is known only where one saw it happen. */
export function Thinking({ text, live }: { text: string; live: boolean }) {
  const tookMs = useSpan(live);
  return (
    <Fold
      line={
        <>
          <Brain aria-hidden className="size-4 shrink-0" strokeWidth={1.75} />
          <span className={live ? "animate-shimmer" : undefined}>
            {live ? "Thinking…" : tookMs === null ? "Thought" : `Thought for ${formatDuration(tookMs)}`}
          </span>
          {live && <span className="min-w-0 truncate text-xs opacity-70">{lastLine(text)}</span>}
        </>
      }
    >
      {() => (
        <div className="border-l-2 pl-4 text-muted-foreground">
          <Markdown text={text} growing={live} className="text-[0.8125rem]!" />
        </div>
      )}
    </Fold>
  );
}

/** How long `live` lasted, if that was seen from its beginning; of less than a second nobody speaks. */
function useSpan(live: boolean): number | null {
  const [tookMs, setTookMs] = useState<number | null>(null);
  useEffect(() => {
    if (!live) return;
    const fromMs = Date.now();
    return () => setTookMs(Date.now() - fromMs);
  }, [live]);
  return live || tookMs === null || tookMs < 1_000 ? null : Math.round(tookMs / 1_000) * 1_000;
}

const lastLine = (text: string): string => text.trimEnd().split("\n").at(-1) ?? "";
