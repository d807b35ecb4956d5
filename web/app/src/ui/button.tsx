import { cva, type VariantProps } from "class-variance-authority";
import { LoaderCircle } from "lucide-react";
import { Slot } from "radix-ui";
import type { ComponentProps } from "react";
import { cn } from "./cn";

export const buttonStyle = cva(
  [
    "relative inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md font-medium",
    "transition-[background-color,border-color,color,box-shadow,opacity] duration-100",
    "disabled:pointer-events-none disabled:opacity-45 aria-disabled:cursor-not-allowed aria-disabled:opacity-45",
    "[&_svg]:pointer-events-none [&_svg]:shrink-0 [&_svg:not([class*='size-'])]:size-4",
  ],
  {
    variants: {
      variant: {
        primary: "bg-primary text-primary-foreground shadow-raised hover:bg-primary/88",
        secondary: "border border-input/80 bg-card shadow-raised hover:bg-hover",
        ghost:
          "text-muted-foreground hover:bg-hover hover:text-foreground aria-expanded:bg-hover aria-expanded:text-foreground",
        danger: "bg-danger-solid text-white shadow-raised hover:bg-danger-solid/88",
        "danger-ghost": "text-danger hover:bg-danger-soft",
        link: "h-auto! rounded-sm px-0! text-foreground underline decoration-input underline-offset-4 hover:decoration-foreground",
      },
      size: {
        sm: "h-7 px-2.5 text-xs max-md:h-11 max-md:px-3.5 max-md:text-sm",
        md: "h-8 px-3 text-[0.8125rem] max-md:h-11 max-md:px-4 max-md:text-sm",
        lg: "h-10 px-4 text-sm max-md:h-11",
        icon: "size-8 max-md:size-11",
        "icon-sm": "size-7 max-md:size-11 [&_svg:not([class*='size-'])]:size-3.5",
      },
    },
    defaultVariants: { variant: "secondary", size: "md" },
  },
);

export type ButtonProps = ComponentProps<"button"> &
  VariantProps<typeof buttonStyle> & {
    /** Shows a spinner and takes no clicks; the width stays. */
    busy?: boolean;
    /** Renders its child instead of a button, with this look (a link, say). */
    asChild?: boolean;
  };

export function Button({ className, variant, size, busy = false, asChild = false, children, ...rest }: ButtonProps) {
  const look = cn(buttonStyle({ variant, size }), className);
  if (asChild)
    return (
      <Slot.Root className={look} {...rest}>
        {children}
      </Slot.Root>
    );
  return (
    <button type="button" className={look} {...rest} disabled={busy || rest.disabled} aria-busy={busy || undefined}>
      {busy ? (
        <>
          <LoaderCircle className="absolute animate-spin" aria-hidden />
          <span className="invisible contents [&>*]:invisible">{children}</span>
        </>
      ) : (
        children
      )}
    </button>
  );
}
