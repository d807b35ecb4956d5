import { WrapText } from "lucide-react";
import { memo, useMemo, useState } from "react";
import { Button, cn, CopyButton } from "@/ui";
import { type Line, MOST_COLOURED, plainLines } from "./highlight";
import { useHighlighter } from "./use-highlighter";

export type CodeBlockProps = {
  code: string;
  language: string;
  /** Still being written: coloured when it is done. */
  open: boolean;
  className?: string;
};

/** Lines drawn and laid out together; of a long listing only those on screen. */
const LINES_PER_CHUNK = 60;

export function CodeBlock({ code, language, open, className }: CodeBlockProps) {
  const [wrapped, setWrapped] = useState(false);
  const highlight = useHighlighter(language !== "" && !open && code.length <= MOST_COLOURED);
  const lines = useMemo(() => highlight?.(code, language) ?? plainLines(code), [highlight, code, language]);
  return (
    <figure className={cn("code-block group/code", className)} data-wrapped={wrapped || undefined}>
      <figcaption>
        <span className="grow">{language || "text"}</span>
        <Button
          variant="ghost"
          size="icon-sm"
          aria-label="Wrap long lines"
          aria-pressed={wrapped}
          className="size-6! aria-pressed:text-foreground max-md:size-9!"
          onClick={() => setWrapped(!wrapped)}
        >
          <WrapText />
        </Button>
        <CopyButton text={code} label="Copy code" className="size-6! max-md:size-9!" />
      </figcaption>
      <pre tabIndex={0} aria-label={language ? `Code, ${language}` : "Code"}>
        <code>
          {chunksOf(lines).map((chunk, index) => (
            <Chunk key={index} lines={chunk} />
          ))}
        </code>
      </pre>
    </figure>
  );
}

const Chunk = memo(
  function Chunk({ lines }: { lines: readonly Line[] }) {
    return (
      <span className="code-chunk" style={{ containIntrinsicBlockSize: `auto ${lines.length * 1.6}em` }}>
        {lines.map((line, index) => (
          <span key={index}>
            {line.map((piece, at) =>
              piece.scope === null ? piece.text : <Coloured key={at} {...piece} scope={piece.scope} />,
            )}
            {"\n"}
          </span>
        ))}
      </span>
    );
  },
  (before, after) => same(before.lines, after.lines),
);

function Coloured({ text, scope }: { text: string; scope: string }) {
  return <span className={`hl-${scope.replaceAll(".", " hl-")}`}>{text}</span>;
}

function chunksOf(lines: readonly Line[]): (readonly Line[])[] {
  const chunks: (readonly Line[])[] = [];
  for (let from = 0; from < lines.length; from += LINES_PER_CHUNK)
    chunks.push(lines.slice(from, from + LINES_PER_CHUNK));
  return chunks;
}

function same(some: readonly Line[], others: readonly Line[]): boolean {
  return (
    some.length === others.length &&
    some.every((line, index) => {
      const other = others[index];
      return (
        other?.length === line.length &&
        line.every((piece, at) => piece.text === other[at]?.text && piece.scope === other[at].scope)
      );
    })
  );
}
