import type { ComponentProps } from "react";
import { cn } from "./cn";

export const fieldStyle = cn(
  "w-full min-w-0 rounded-md border border-input bg-card px-2.5 text-[0.8125rem] shadow-raised transition-colors max-md:text-base",
  "placeholder:text-muted-foreground hover:border-muted-foreground/50",
  "focus-visible:border-ring focus-visible:outline-2 focus-visible:outline-offset-0 focus-visible:outline-ring/35",
  "disabled:cursor-not-allowed disabled:opacity-50 read-only:bg-muted aria-invalid:border-danger aria-invalid:outline-danger/35",
);

export function Input({ className, ...rest }: ComponentProps<"input">) {
  return <input className={cn(fieldStyle, "h-8 max-md:h-11", className)} {...rest} />;
}
