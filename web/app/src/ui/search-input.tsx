import { Search } from "lucide-react";
import type { ComponentProps } from "react";
import { cn } from "./cn";
import { Input } from "./input";

/** Filters what is below it. `label` is for screen readers and the placeholder. */
export function SearchInput({
  label,
  value,
  onChange,
  className,
  ...rest
}: Omit<ComponentProps<"input">, "onChange" | "value"> & {
  label: string;
  value: string;
  onChange: (text: string) => void;
}) {
  return (
    <div className={cn("relative min-w-40", className)}>
      <Search
        className="pointer-events-none absolute top-1/2 left-2.5 size-3.5 -translate-y-1/2 text-muted-foreground"
        aria-hidden
      />
      <Input
        type="search"
        aria-label={label}
        placeholder={label}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="pl-8"
        {...rest}
      />
    </div>
  );
}
