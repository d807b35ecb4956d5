import { type ReactNode, useEffect } from "react";
import { cn } from "@/ui";

export type PanelProps = {
  title: string;
  /** A few words beside the title: a count, a version. */
  note?: ReactNode;
  /** Buttons at the right of the title. */
  actions?: ReactNode;
  /** A row below the title that stays while the content scrolls: filters, search, tabs. */
  toolbar?: ReactNode;
  /** `wide` for tables and editors, `full` for what scrolls by itself (logs, long virtual lists). */
  width?: "normal" | "wide" | "full";
  children: ReactNode;
};

/** The frame of every panel: its title, its actions, its scrolling. */
export function Panel({ title, note, actions, toolbar, width = "wide", children }: PanelProps) {
  useEffect(() => {
    document.title = `${title} · Vestibule`;
  }, [title]);
  const inner = cn("mx-auto w-full px-4 md:px-6", width === "normal" && "max-w-3xl", width === "wide" && "max-w-6xl");
  return (
    <div className="flex h-full min-h-0 flex-col">
      <header className="border-b bg-background">
        <div className={cn(inner, "flex min-h-14 flex-wrap items-center gap-x-3 gap-y-2 py-2")}>
          <h1 className="text-base font-semibold tracking-[-0.015em]">{title}</h1>
          {note != null && <div className="text-[0.8125rem] text-muted-foreground">{note}</div>}
          {actions != null && <div className="ml-auto flex flex-wrap items-center gap-2">{actions}</div>}
        </div>
        {toolbar != null && <div className={cn(inner, "flex flex-wrap items-center gap-2 pb-2.5")}>{toolbar}</div>}
      </header>
      {width === "full" ? (
        <div className="min-h-0 grow">{children}</div>
      ) : (
        <div className="min-h-0 grow overflow-y-auto">
          <div className={cn(inner, "grid gap-4 py-5 [&>*]:min-w-0")}>{children}</div>
        </div>
      )}
    </div>
  );
}
