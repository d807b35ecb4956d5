import type { ComponentProps } from "react";
import { cn } from "./cn";

/** A region that scrolls inside itself, with the platform's own thin bar; reachable by keyboard. */
export function ScrollArea({ className, ...rest }: ComponentProps<"div">) {
  return (
    <div
      tabIndex={0}
      className={cn(
        "overflow-auto overscroll-contain [scrollbar-width:thin] focus-visible:outline-offset-[-2px]",
        className,
      )}
      {...rest}
    />
  );
}
