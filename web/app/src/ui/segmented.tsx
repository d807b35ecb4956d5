import { ToggleGroup } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "./cn";

export type SegmentedProps<V extends string> = {
  value: V;
  onChange: (value: V) => void;
  options: readonly { value: V; label: ReactNode }[];
  /** What is chosen here, for screen readers. */
  label: string;
  className?: string;
};

/** One of two to five, all in sight: a range, a level, a view. */
export function Segmented<V extends string>({ value, onChange, options, label, className }: SegmentedProps<V>) {
  const chosen = (text: string) => {
    const option = options.find((one) => one.value === text);
    if (option) onChange(option.value);
  };
  return (
    <ToggleGroup.Root
      type="single"
      value={value}
      onValueChange={chosen}
      aria-label={label}
      className={cn("inline-flex rounded-md bg-muted p-0.5", className)}
    >
      {options.map((option) => (
        <ToggleGroup.Item
          key={option.value}
          value={option.value}
          className="inline-flex h-7 min-w-8 items-center justify-center gap-1.5 rounded-[5px] px-2.5 text-xs font-medium text-muted-foreground transition-colors hover:text-foreground data-[state=on]:bg-chosen data-[state=on]:text-foreground data-[state=on]:shadow-raised max-md:h-10 max-md:min-w-11"
        >
          {option.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
