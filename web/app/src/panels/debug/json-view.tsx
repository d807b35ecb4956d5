import { Button, CopyButton, cn, formatBytes, Segmented, Tooltip } from "@/ui";
import { useNarrow } from "@/ui/use-narrow";
import { VirtualRows } from "@/ui/virtual-rows";
import { ChevronRight, Download } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useMemo, useState } from "react";
import { saveText } from "@/ui/save-text";
import { firstUnfolded, type Row, rowsOf, toggled } from "./tree";

const ROW_PX = 24;
const NARROW_ROW_PX = 36;
/** More than this is not laid out as one text. */
const RAW_LIMIT = 400_000;

export type JsonViewProps = { value: unknown; name: string; note?: ReactNode; className?: string };

/** A JSON value: as a tree to unfold, or as it was written; copied or saved whole. */
export function JsonView({ value, name, note, className }: JsonViewProps) {
  const [shape, setShape] = useState<"tree" | "raw">("tree");
  const text = useMemo(() => JSON.stringify(value ?? null, null, 2), [value]);
  return (
    <div className={cn("flex h-full min-h-0 flex-col", className)}>
      <div className="flex flex-wrap items-center gap-2 border-b px-4 py-1.5">
        <div className="flex min-w-0 grow items-center gap-2 text-xs text-muted-foreground max-md:w-full max-md:empty:hidden">
          {note}
        </div>
        <Segmented
          label="How the answer is shown"
          value={shape}
          onChange={setShape}
          options={[
            { value: "tree", label: "Tree" },
            { value: "raw", label: "Raw" },
          ]}
        />
        <Tooltip text="Copy as JSON">
          <CopyButton text={text} label="Copy as JSON" />
        </Tooltip>
        <Tooltip text="Download as JSON">
          <Button
            variant="ghost"
            size="icon-sm"
            aria-label="Download as JSON"
            onClick={() => saveText(`${name}.json`, `${text}\n`)}
          >
            <Download />
          </Button>
        </Tooltip>
      </div>
      <div className="min-h-0 grow">
        {shape === "tree" ? <Tree value={value} name={name} /> : <Raw text={text} name={name} />}
      </div>
    </div>
  );
}

function Raw({ text, name }: { text: string; name: string }) {
  const cut = text.length > RAW_LIMIT;
  return (
    <div tabIndex={0} role="region" aria-label={`${name} as text`} className="h-full overflow-auto px-4 py-2.5">
      <pre className="text-xs/5 wrap-anywhere whitespace-pre-wrap">{cut ? text.slice(0, RAW_LIMIT) : text}</pre>
      {cut && (
        <p className="mt-3 text-xs text-muted-foreground">
          The first {formatBytes(RAW_LIMIT)} of {formatBytes(text.length)}. Copy or download it to see the rest.
        </p>
      )}
    </div>
  );
}

function Tree({ value, name }: { value: unknown; name: string }) {
  const narrow = useNarrow();
  const [shown, setShown] = useState(() => ({ value, unfolded: firstUnfolded(value) }));
  const unfolded = shown.value === value ? shown.unfolded : firstUnfolded(value);
  const rows = useMemo(() => rowsOf(value, unfolded), [value, unfolded]);
  const toggle = (row: Row) => {
    if (row.open !== null || row.kind === "more") setShown({ value, unfolded: toggled(unfolded, row.id) });
  };
  const onRowKey = (row: Row, event: KeyboardEvent) => {
    const wants = event.key === "ArrowRight" ? false : event.key === "ArrowLeft" ? true : null;
    if (wants === null) return;
    event.preventDefault();
    if (row.open === wants) toggle(row);
  };
  return (
    <VirtualRows
      role="tree"
      rows={rows}
      keyOf={(row) => row.id}
      rowHeightPx={narrow ? NARROW_ROW_PX : ROW_PX}
      label={`${name} as a tree`}
      onOpen={toggle}
      onRowKey={onRowKey}
      rowProps={(row) => ({
        "aria-level": row.depth + 1,
        ...(row.open === null ? {} : { "aria-expanded": row.open }),
      })}
      className="py-1.5"
    >
      {(row) => <TreeRow row={row} />}
    </VirtualRows>
  );
}

const COLOUR: Readonly<Record<Row["kind"], string>> = {
  object: "text-muted-foreground",
  array: "text-muted-foreground",
  string: "text-success",
  number: "text-info",
  boolean: "text-brand",
  null: "text-muted-foreground",
  more: "text-brand underline underline-offset-3",
};

function TreeRow({ row }: { row: Row }) {
  return (
    <div
      className="flex h-full items-center gap-1 pr-4 font-mono text-xs whitespace-nowrap hover:bg-hover"
      style={{ paddingLeft: 12 + row.depth * 16 }}
    >
      <ChevronRight
        aria-hidden
        className={cn(
          "size-3.5 shrink-0 text-muted-foreground transition-transform",
          row.open === null && "invisible",
          row.open === true && "rotate-90",
        )}
      />
      {row.key !== null && <span className="shrink-0 font-medium">{row.key}:</span>}
      <span className={cn("truncate", COLOUR[row.kind])} title={row.kind === "string" ? row.text : undefined}>
        {row.text}
      </span>
    </div>
  );
}
