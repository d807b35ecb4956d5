import type { ComponentProps, ReactNode } from "react";
import { cn } from "./cn";

export type CardProps = Omit<ComponentProps<"section">, "title"> & {
  title?: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
  /** The content reaches the edges: a table, a chart. */
  flush?: boolean;
};

export function Card({ title, description, actions, flush = false, className, children, ...rest }: CardProps) {
  return (
    <section className={cn("min-w-0 overflow-hidden rounded-xl border bg-card shadow-raised", className)} {...rest}>
      {(title != null || actions != null) && (
        <header className={cn("flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2", flush && "border-b")}>
          <div className="min-w-0 grow">
            {title != null && <h2 className="truncate text-[0.8125rem] font-semibold">{title}</h2>}
            {description != null && <p className="text-xs text-muted-foreground">{description}</p>}
          </div>
          {actions != null && <div className="flex flex-wrap items-center gap-1.5">{actions}</div>}
        </header>
      )}
      <div className={cn(!flush && "px-4 pb-4", !flush && title == null && actions == null && "pt-4")}>{children}</div>
    </section>
  );
}

/** One number worth a card: `<Stat label="Sessions" value="12" note="3 running" />`. */
export function Stat({
  label,
  value,
  note,
  icon,
  className,
}: {
  label: ReactNode;
  value: ReactNode;
  note?: ReactNode;
  icon?: ReactNode;
  className?: string;
}) {
  return (
    <div className={cn("min-w-0 rounded-xl border bg-card px-4 py-3 shadow-raised", className)}>
      <div className="flex items-center gap-1.5 text-xs text-muted-foreground [&_svg]:size-3.5">
        {icon}
        {label}
      </div>
      <div className="mt-1 truncate text-xl font-semibold tracking-[-0.02em] tabular-nums">{value}</div>
      {note != null && <div className="mt-0.5 truncate text-xs text-muted-foreground">{note}</div>}
    </div>
  );
}
