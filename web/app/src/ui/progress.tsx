import { Progress as Primitive } from "radix-ui";
import { cn } from "./cn";

/** How far something is, 0 to 1; without a value: that it goes on. */
export function Progress({
  value,
  label,
  tone = "bg-brand",
  className,
}: {
  value?: number;
  label: string;
  tone?: string;
  className?: string;
}) {
  const part = value === undefined ? null : Math.min(1, Math.max(0, value)) * 100;
  return (
    <Primitive.Root
      value={part}
      aria-label={label}
      className={cn("h-1.5 overflow-hidden rounded-full bg-muted", className)}
    >
      <Primitive.Indicator
        className={cn(
          "h-full rounded-full transition-[width] duration-300",
          tone,
          part === null && "w-1/3 animate-breathe",
        )}
        style={part === null ? undefined : { width: `${part}%` }}
      />
    </Primitive.Root>
  );
}
