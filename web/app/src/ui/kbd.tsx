import { cn } from "./cn";

const apple = typeof navigator !== "undefined" && /Mac|iP(hone|ad)/.test(navigator.platform);
const SIGN: Readonly<Record<string, string>> = apple
  ? { mod: "⌘", shift: "⇧", alt: "⌥", enter: "↵", esc: "Esc", up: "↑", down: "↓" }
  : { mod: "Ctrl", shift: "Shift", alt: "Alt", enter: "↵", esc: "Esc", up: "↑", down: "↓" };

/** Keys as they are on this machine: `<Kbd keys="mod k" />`. */
export function Kbd({ keys, className }: { keys: string; className?: string }) {
  return (
    <span className="inline-flex gap-0.5">
      {keys.split(" ").map((key) => (
        <kbd
          key={key}
          className={cn(
            "inline-flex h-4.5 min-w-4.5 items-center justify-center rounded-sm border bg-muted px-1 font-sans text-[0.6875rem] text-muted-foreground",
            className,
          )}
        >
          {SIGN[key] ?? key.toUpperCase()}
        </kbd>
      ))}
    </span>
  );
}
