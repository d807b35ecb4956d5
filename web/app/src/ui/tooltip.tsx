import { Tooltip as Primitive } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { Kbd } from "./kbd";

export const TooltipProvider = Primitive.Provider;

export type TooltipProps = {
  text: ReactNode;
  /** The shortcut that does the same. */
  keys?: string;
  side?: ComponentProps<typeof Primitive.Content>["side"];
  children: ReactNode;
};

/** A word about a control, on hover and on focus. Never the only place where something is said. */
export function Tooltip({ text, keys, side = "bottom", children }: TooltipProps) {
  return (
    <Primitive.Root>
      <Primitive.Trigger asChild>{children}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className="z-60 flex max-w-72 animate-in items-center gap-2 rounded-md bg-primary px-2 py-1 text-xs text-primary-foreground shadow-float"
        >
          {text}
          {keys && (
            <Kbd keys={keys} className="border-primary-foreground/25 bg-transparent text-primary-foreground/70" />
          )}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
