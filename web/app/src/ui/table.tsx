import type { ComponentProps } from "react";
import { cn } from "./cn";

/** Scrolls sideways inside itself, never the page. */
export function Table({ className, ...rest }: ComponentProps<"table">) {
  return (
    <div className="w-full overflow-x-auto">
      <table className={cn("w-full border-collapse text-[0.8125rem] tabular-nums", className)} {...rest} />
    </div>
  );
}

export function THead({ className, ...rest }: ComponentProps<"thead">) {
  return <thead className={cn("text-left text-xs text-muted-foreground [&_tr]:border-b", className)} {...rest} />;
}

export function TBody({ className, ...rest }: ComponentProps<"tbody">) {
  return <tbody className={cn("[&_tr:last-child]:border-0", className)} {...rest} />;
}

export function TR({ className, ...rest }: ComponentProps<"tr">) {
  return (
    <tr
      className={cn(
        "border-b transition-colors data-[clickable]:cursor-pointer data-[clickable]:hover:bg-hover data-[selected]:bg-brand-soft",
        className,
      )}
      {...rest}
    />
  );
}

export function TH({ className, ...rest }: ComponentProps<"th">) {
  return <th scope="col" className={cn("h-9 px-4 font-medium whitespace-nowrap", className)} {...rest} />;
}

export function TD({ className, ...rest }: ComponentProps<"td">) {
  return <td className={cn("h-10 px-4 py-1.5 align-middle max-md:h-12", className)} {...rest} />;
}
