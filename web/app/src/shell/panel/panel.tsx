import { type ReactNode, useEffect } from "react";
import { cn, usePhone } from "@/ui";
import { Slot } from "../layout/slot";

export type PanelProps = {
  title: string;
  /** A few words beside the title: a count, a version. */
  note?: ReactNode;
  /** What the panel looks at: search, filters, a range. A row that stays while the content scrolls. */
  toolbar?: ReactNode;
  /** What can be done: at the right of that row, or of the title where there is no such row. */
  actions?: ReactNode;
  /** `normal` for text and forms, `wide` for tables and cards, `full` for what scrolls by itself. */
  width?: "normal" | "wide" | "full";
  children: ReactNode;
};

const WIDTH = { normal: "max-w-3xl", wide: "max-w-6xl", full: "" } as const;

/** The frame of every panel: its title, its row of controls, its scrolling. */
export function Panel({ title, note, toolbar, actions, width = "wide", children }: PanelProps) {
  useEffect(() => {
    document.title = `${title} · Vestibule`;
  }, [title]);
  const phone = usePhone();
  const hasRow = toolbar != null || (actions != null && phone);
  const inner = cn("mx-auto w-full px-4 md:px-6", WIDTH[width]);
  return (
    <div className="flex h-full min-h-0 flex-col">
      <Slot where="topBar">
        <PageTitle>{title}</PageTitle>
        {note != null && <div className="truncate text-[0.8125rem] text-muted-foreground max-sm:hidden">{note}</div>}
        {actions != null && !hasRow && <div className="ml-auto flex items-center gap-2 pr-2">{actions}</div>}
      </Slot>
      {hasRow && (
        <div className="shrink-0 border-b">
          <div className={cn(inner, "flex min-h-12 flex-wrap items-center gap-2 py-2")}>
            {toolbar}
            {actions != null && <div className="ml-auto flex flex-wrap items-center gap-2">{actions}</div>}
          </div>
        </div>
      )}
      {width === "full" ? (
        <div className="min-h-0 grow">{children}</div>
      ) : (
        <div className="min-h-0 grow overflow-y-auto">
          <div className={cn(inner, "grid gap-4 py-5 *:min-w-0 md:py-6")}>{children}</div>
        </div>
      )}
    </div>
  );
}

/** The name of the page on screen; it belongs into the top bar (`<Slot where="topBar">`). */
export function PageTitle({ children }: { children: ReactNode }) {
  return <h1 className="shrink-0 text-[0.9375rem] font-semibold tracking-[-0.015em]">{children}</h1>;
}
