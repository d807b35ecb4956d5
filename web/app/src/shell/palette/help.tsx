import { Dialog, DialogContent, Kbd } from "@/ui";
import { useShortcuts } from "./shortcuts";

/** What the keyboard does on this page. */
export function ShortcutsHelp({ open, onClose }: { open: boolean; onClose: () => void }) {
  const shortcuts = useShortcuts();
  return (
    <Dialog open={open} onOpenChange={(wanted) => !wanted && onClose()}>
      <DialogContent title="Keyboard shortcuts" size="sm" onOpenAutoFocus={keepFocus}>
        <ul className="grid gap-0.5">
          {shortcuts.map(({ keys, title }) => (
            <li key={`${keys} ${title}`} className="flex min-h-8 items-center justify-between gap-4 text-[0.8125rem]">
              {title}
              <span className="flex items-center gap-1 text-xs text-muted-foreground">
                {keys.split(" then ").map((step, index) => (
                  <span key={step} className="flex items-center gap-1">
                    {index > 0 && "then"}
                    <Kbd keys={step} />
                  </span>
                ))}
              </span>
            </li>
          ))}
        </ul>
      </DialogContent>
    </Dialog>
  );
}

/** There is nothing to do in it but read: the window itself has the focus. */
function keepFocus(event: Event): void {
  event.preventDefault();
  if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus();
}
