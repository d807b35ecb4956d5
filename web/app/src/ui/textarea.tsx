import type { ComponentProps } from "react";
import { cn } from "./cn";
import { fieldStyle } from "./input";

/** Grows with its text. */
export function Textarea({ className, ...rest }: ComponentProps<"textarea">) {
  return (
    <textarea
      className={cn(fieldStyle, "field-sizing-content min-h-16 resize-y py-1.5 leading-relaxed", className)}
      {...rest}
    />
  );
}
