import { X } from "lucide-react";
import { Dialog as Primitive } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { Button } from "./button";
import { cn } from "./cn";
import { overlayStyle } from "./dialog";

export const Sheet = Primitive.Root;
export const SheetTrigger = Primitive.Trigger;
export const SheetClose = Primitive.Close;

export type SheetContentProps = Omit<ComponentProps<typeof Primitive.Content>, "title"> & {
  side?: "left" | "right";
  title: ReactNode;
  description?: ReactNode;
  /** The title is for screen readers alone, and nothing but Escape or a tap beside it closes. */
  bare?: boolean;
  footer?: ReactNode;
};

/** A page beside the page: details of a row, the navigation of a phone. */
export function SheetContent({
  side = "right",
  title,
  description,
  bare = false,
  footer,
  className,
  children,
  ...rest
}: SheetContentProps) {
  return (
    <Primitive.Portal>
      <Primitive.Overlay className={overlayStyle} />
      <Primitive.Content
        {...(description == null ? { "aria-describedby": undefined } : {})}
        className={cn(
          "fixed inset-y-0 z-50 flex flex-col bg-popover shadow-float outline-none",
          side === "left"
            ? "left-0 w-[17.5rem] max-w-[86vw] animate-slide-left border-r"
            : "right-0 w-full max-w-xl animate-slide-right border-l",
          className,
        )}
        {...rest}
      >
        <header className={cn("border-b py-3.5 pr-12 pl-5", bare && "sr-only")}>
          <Primitive.Title className="truncate text-[0.9375rem] font-semibold tracking-[-0.01em]">
            {title}
          </Primitive.Title>
          {description != null && (
            <Primitive.Description className="mt-0.5 text-[0.8125rem] text-muted-foreground">
              {description}
            </Primitive.Description>
          )}
        </header>
        <div className={cn("min-h-0 grow overflow-y-auto", !bare && "px-5 py-4")}>{children}</div>
        {footer != null && (
          <footer className="flex flex-wrap justify-end gap-2 border-t bg-sidebar px-5 py-3">{footer}</footer>
        )}
        {/* Last: the focus goes to the content first. */}
        {!bare && (
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
        )}
      </Primitive.Content>
    </Primitive.Portal>
  );
}
