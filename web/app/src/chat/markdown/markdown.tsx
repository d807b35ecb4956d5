import { memo, useState } from "react";
import { cn } from "@/ui";
import { NO_BLOCKS, splitBlocks, type Blocks } from "./blocks";
import { CodeBlock } from "./code-block";
import { readFence } from "./fence";
import { parseBlock } from "./parse";
import { Tokens } from "./tokens";
import "./markdown.css";

export type MarkdownProps = {
  text: string;
  /** It still grows: its last block is mended, and parsed again with each increment. */
  growing?: boolean;
  className?: string;
};

/** An answer. Each of its blocks is parsed and drawn once; while it grows, only the last one again. */
export function Markdown({ text, growing = false, className }: MarkdownProps) {
  const { blocks } = useBlocks(text);
  return (
    <div className={cn("markdown", className)}>
      {blocks.map(({ source, kind, continued, head }, index) => {
        const open = growing && index === blocks.length - 1;
        return kind === "fence" ? (
          <Fence key={index} source={source} open={open} />
        ) : (
          <Text key={index} source={source} open={open} continued={continued} head={head} />
        );
      })}
    </div>
  );
}

/** The blocks of the text, building on those of the last time. */
function useBlocks(text: string): Blocks {
  const [held, setHeld] = useState(NO_BLOCKS);
  const now = splitBlocks(text, held);
  // State set while rendering: kept for the next text, without a second pass over this one.
  if (now !== held) setHeld(now);
  return now;
}

type BlockProps = { source: string; open: boolean };

const Text = memo(function Text({ source, open, continued, head }: BlockProps & { continued: boolean; head: string }) {
  if (source.trim() === "") return null;
  const tokens = parseBlock(head + source, open);
  return (
    <div
      className="markdown-block"
      data-continued={continued || undefined}
      data-headless={head !== "" || undefined}
      data-heading={tokens[0]?.type === "heading" || undefined}
    >
      <Tokens tokens={tokens} />
    </div>
  );
});

const Fence = memo(function Fence({ source, open }: BlockProps) {
  const { language, code, closed } = readFence(source);
  return <CodeBlock code={code} language={language} open={open && !closed} />;
});
