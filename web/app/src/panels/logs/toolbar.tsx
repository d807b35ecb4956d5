import { Button, CopyButton, cn, SearchInput, Segmented, Select, Tooltip } from "@/ui";
import { Download, Eraser, Pause, Play } from "lucide-react";
import { type Filter, sourcesOf, type Threshold } from "./filter";
import type { LogLine } from "./line";
import { saveText } from "@/ui/save-text";

const EVERY_SOURCE = "every source";

export type ToolbarProps = {
  filter: Filter;
  onFilter: (change: Partial<Filter>) => void;
  lines: readonly LogLine[];
};

/** What is shown: level, source, words. */
export function Filters({ filter, onFilter, lines }: ToolbarProps) {
  const bad = lines.filter((line) => line.level === "error" || line.level === "fatal").length;
  const warned = lines.filter((line) => line.level === "warn").length;
  const sources = sourcesOf(lines);
  return (
    <>
      <SearchInput
        label="Search the log"
        value={filter.query}
        onChange={(query) => onFilter({ query })}
        className="w-64 max-md:w-full"
      />
      <Segmented<Threshold>
        label="Level"
        value={filter.threshold}
        onChange={(threshold) => onFilter({ threshold })}
        options={[
          { value: "all", label: "All" },
          { value: "info", label: "Info" },
          { value: "warn", label: <Counted word="Warnings" count={warned} className="text-warning" /> },
          { value: "error", label: <Counted word="Errors" count={bad} className="text-danger" /> },
        ]}
      />
      <Select
        aria-label="Source"
        className="w-44 max-md:w-24 max-md:grow"
        value={filter.source ?? EVERY_SOURCE}
        onChange={(source) => onFilter({ source: source === EVERY_SOURCE ? null : source })}
        options={[
          { value: EVERY_SOURCE, label: "Every source" },
          ...sources
            .slice(0, 60)
            .map(({ source, count }) => ({ value: source, label: source, hint: `${count} lines` })),
        ]}
      />
    </>
  );
}

function Counted({ word, count, className }: { word: string; count: number; className: string }) {
  return (
    <>
      {word}
      {count > 0 && <span className={cn("tabular-nums", className)}>{count}</span>}
    </>
  );
}

export type ActionsProps = {
  shown: readonly LogLine[];
  running: boolean;
  onRunning: (running: boolean) => void;
  onClear: () => void;
};

/** What can be done with it: pause, take off the screen, copy, download. */
export function Actions({ shown, running, onRunning, onClear }: ActionsProps) {
  const text = () => shown.map((line) => line.raw).join("\n");
  return (
    <>
      <Tooltip text={running ? "Stop asking for new lines" : "Ask for new lines again"}>
        <Button size="sm" onClick={() => onRunning(!running)}>
          {running ? <Pause /> : <Play />}
          {running ? "Pause" : "Resume"}
        </Button>
      </Tooltip>
      <Tooltip text="Clear what is shown; the log itself stays">
        <Button variant="ghost" size="icon" aria-label="Clear what is shown" onClick={onClear}>
          <Eraser />
        </Button>
      </Tooltip>
      <Tooltip text="Copy the shown lines">
        <CopyButton text={text} label="Copy the shown lines" size="icon" disabled={shown.length === 0} />
      </Tooltip>
      <Tooltip text="Download the shown lines">
        <Button
          variant="ghost"
          size="icon"
          aria-label="Download the shown lines"
          disabled={shown.length === 0}
          onClick={() => saveText("openclaw.log", `${text()}\n`)}
        >
          <Download />
        </Button>
      </Tooltip>
    </>
  );
}
