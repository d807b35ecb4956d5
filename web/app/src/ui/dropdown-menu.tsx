import { Check } from "lucide-react";
import { DropdownMenu as Primitive } from "radix-ui";
import type { ComponentProps } from "react";
import { cn } from "./cn";

/** Not modal: that hides the rest of the page from screen readers, and leaves it focusable. */
export function DropdownMenu(props: ComponentProps<typeof Primitive.Root>) {
  return <Primitive.Root modal={false} {...props} />;
}
export const DropdownMenuTrigger = Primitive.Trigger;
export const DropdownMenuGroup = Primitive.Group;
export const DropdownMenuRadioGroup = Primitive.RadioGroup;

export const menuStyle =
  "z-50 min-w-44 animate-in overflow-y-auto rounded-lg border bg-popover p-1 shadow-float outline-none";
export const itemStyle = cn(
  "relative flex min-h-8 cursor-default items-center gap-2 rounded-md px-2 text-[0.8125rem] outline-none select-none max-md:min-h-11",
  "data-disabled:opacity-45 data-highlighted:bg-hover [&_svg:not([class*='size-'])]:size-4 [&_svg]:shrink-0 [&_svg]:text-muted-foreground",
);

export function DropdownMenuContent({
  className,
  sideOffset = 4,
  align = "end",
  ...rest
}: ComponentProps<typeof Primitive.Content>) {
  return (
    <Primitive.Portal>
      <Primitive.Content
        sideOffset={sideOffset}
        align={align}
        collisionPadding={8}
        className={cn(menuStyle, "max-h-(--radix-dropdown-menu-content-available-height)", className)}
        {...rest}
      />
    </Primitive.Portal>
  );
}

export type DropdownMenuItemProps = Omit<ComponentProps<typeof Primitive.Item>, "title"> & {
  danger?: boolean;
  /** Why it cannot be done; null where it can. */
  refusal?: string | null;
};

export function DropdownMenuItem({
  className,
  danger = false,
  refusal = null,
  disabled = false,
  ...rest
}: DropdownMenuItemProps) {
  return (
    <Primitive.Item
      disabled={disabled || refusal !== null}
      title={refusal ?? undefined}
      className={cn(itemStyle, danger && "text-danger data-highlighted:bg-danger-soft [&_svg]:text-danger", className)}
      {...rest}
    />
  );
}

export function DropdownMenuCheckboxItem({
  className,
  children,
  ...rest
}: ComponentProps<typeof Primitive.CheckboxItem>) {
  return (
    <Primitive.CheckboxItem className={cn(itemStyle, "pr-8", className)} {...rest}>
      {children}
      <Primitive.ItemIndicator className="absolute right-2">
        <Check className="size-3.5" aria-hidden />
      </Primitive.ItemIndicator>
    </Primitive.CheckboxItem>
  );
}

export function DropdownMenuRadioItem({ className, children, ...rest }: ComponentProps<typeof Primitive.RadioItem>) {
  return (
    <Primitive.RadioItem className={cn(itemStyle, "pr-8", className)} {...rest}>
      {children}
      <Primitive.ItemIndicator className="absolute right-2">
        <Check className="size-3.5" aria-hidden />
      </Primitive.ItemIndicator>
    </Primitive.RadioItem>
  );
}

export function DropdownMenuLabel({ className, ...rest }: ComponentProps<typeof Primitive.Label>) {
  return <Primitive.Label className={cn("px-2 py-1.5 text-xs text-muted-foreground", className)} {...rest} />;
}

export function DropdownMenuSeparator({ className, ...rest }: ComponentProps<typeof Primitive.Separator>) {
  return <Primitive.Separator className={cn("-mx-1 my-1 h-px bg-border", className)} {...rest} />;
}
