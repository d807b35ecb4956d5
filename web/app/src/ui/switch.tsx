import { Switch as Primitive } from "radix-ui";
import type { ComponentProps } from "react";
import { cn } from "./cn";

export function Switch({ className, ...rest }: ComponentProps<typeof Primitive.Root>) {
  return (
    <Primitive.Root
      className={cn(
        // The drawn switch is small; what takes the finger is not.
        "peer relative inline-flex h-4.5 w-8 shrink-0 items-center rounded-full bg-input p-0.5 transition-colors after:absolute after:-inset-x-1.5 after:-inset-y-3.5",
        "disabled:cursor-not-allowed disabled:opacity-45 data-[state=checked]:bg-success",
        className,
      )}
      {...rest}
    >
      <Primitive.Thumb className="block size-3.5 rounded-full bg-white shadow-raised transition-transform duration-150 data-[state=checked]:translate-x-3.5" />
    </Primitive.Root>
  );
}
