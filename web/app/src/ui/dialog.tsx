import { X } from "lucide-react";
import { Dialog as Primitive } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { Button } from "./button";
import { cn } from "./cn";

export const Dialog = Primitive.Root;
export const DialogTrigger = Primitive.Trigger;
export const DialogClose = Primitive.Close;

export const overlayStyle = "fixed inset-0 z-50 animate-in bg-overlay";

export type DialogContentProps = Omit<ComponentProps<typeof Primitive.Content>, "title"> & {
  title: ReactNode;
  description?: ReactNode;
  /** The row of buttons below. */
  footer?: ReactNode;
  size?: "sm" | "md" | "lg" | "xl";
};

const WIDTH = { sm: "max-w-sm", md: "max-w-lg", lg: "max-w-2xl", xl: "max-w-4xl" } as const;

/** A window over the page; at phone width it rises from the bottom. Long content scrolls, the buttons stay. */
export function DialogContent({
  title,
  description,
  footer,
  size = "md",
  className,
  children,
  ...rest
}: DialogContentProps) {
  return (
    <Primitive.Portal>
      <Primitive.Overlay className={overlayStyle} />
      <Primitive.Content
        {...(description == null ? { "aria-describedby": undefined } : {})}
        className={cn(
          "fixed top-[12vh] left-1/2 z-50 flex max-h-[76vh] w-[calc(100%-2rem)] -translate-x-1/2 flex-col overflow-hidden rounded-xl border bg-popover shadow-float outline-none animate-in",
          "max-md:inset-x-0 max-md:top-auto max-md:bottom-0 max-md:left-0 max-md:max-h-[92dvh] max-md:w-full max-md:max-w-none max-md:translate-x-0 max-md:rounded-b-none max-md:pb-[env(safe-area-inset-bottom)]",
          WIDTH[size],
          className,
        )}
        {...rest}
      >
        <header className="px-5 pt-4 pr-12 pb-3">
          <Primitive.Title className="text-[0.9375rem] font-semibold tracking-[-0.01em]">{title}</Primitive.Title>
          {description != null && (
            <Primitive.Description className="mt-1 text-[0.8125rem] text-muted-foreground">
              {description}
            </Primitive.Description>
          )}
        </header>
        <div className="min-h-0 grow overflow-y-auto px-5 pb-5">{children}</div>
        {footer != null && (
          <footer className="flex flex-wrap justify-end gap-2 border-t bg-sidebar px-5 py-3">{footer}</footer>
        )}
        {/* Last: the focus goes to the content first. */}
        <Primitive.Close asChild>
          <Button
            variant="ghost"
            size="icon-sm"
            className="absolute top-3 right-3 max-md:top-1 max-md:right-1"
            aria-label="Close"
          >
            <X />
          </Button>
        </Primitive.Close>
      </Primitive.Content>
    </Primitive.Portal>
  );
}
