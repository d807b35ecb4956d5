import { cn } from "@/ui";
import type { SlashCommand } from "./commands";

export type SlashPaletteProps = {
  id: string;
  matches: readonly SlashCommand[];
  selected: number;
  onChoose: (command: SlashCommand) => void;
};

/** Above the composer; the keys are the composer's. */
export function SlashPalette({ id, matches, selected, onChoose }: SlashPaletteProps) {
  return (
    <ul
      id={id}
      role="listbox"
      aria-label="Commands"
      className="absolute inset-x-0 bottom-full z-20 mb-2 max-h-80 animate-in overflow-y-auto rounded-xl border bg-popover p-1 shadow-float"
    >
      {matches.map((command, index) => (
        <li
          key={command.text}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === selected}
          onPointerDown={(event) => {
            event.preventDefault(); // the text keeps the focus
            onChoose(command);
          }}
          className={cn(
            "flex min-h-9 items-baseline gap-3 rounded-lg px-3 py-2 text-[0.8125rem] max-md:min-h-11",
            index === selected && "bg-hover",
          )}
        >
          <span className="shrink-0 font-mono text-xs">{command.text}</span>
          <span className="min-w-0 truncate text-muted-foreground">{command.description}</span>
        </li>
      ))}
    </ul>
  );
}
