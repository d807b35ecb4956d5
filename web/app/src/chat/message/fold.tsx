import { ChevronRight } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { cn } from "@/ui";

/** Names of those somebody opened: they are open again where they are drawn anew, from the history or on coming back. */
const opened = new Set<string>();

type FoldProps = {
  /** What it is about, the same whenever it is drawn. */
  name?: string;
  line: ReactNode;
  children: () => ReactNode;
  openAtFirst?: boolean;
};

/** A line that opens: what is behind it is not drawn before. */
export function Fold({ name = "", line, children, openAtFirst = false }: FoldProps) {
  const [open, setOpen] = useState(openAtFirst || opened.has(name));
  const id = useId();
  const toggle = () => {
    setOpen(!open);
    if (open) opened.delete(name);
    else if (name !== "") opened.add(name);
  };
  return (
    <div>
      <button
        type="button"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={toggle}
        className="group/fold -mx-2 flex min-h-7 w-[calc(100%+1rem)] items-center gap-2 rounded-md px-2 text-left text-[0.8125rem] text-muted-foreground transition-colors hover:bg-hover hover:text-foreground max-md:min-h-11"
      >
        {line}
        <ChevronRight
          aria-hidden
          className={cn(
            "size-3.5 shrink-0 opacity-0 transition group-hocus/fold:opacity-100 max-md:opacity-60",
            open && "rotate-90 opacity-100",
          )}
        />
      </button>
      {open && (
        <div id={id} className="mt-1 mb-2 grid gap-2 *:min-w-0">
          {children()}
        </div>
      )}
    </div>
  );
}
