import { CircleAlert, X } from "lucide-react";
import { Button } from "@/ui";

/** Why files were not attached. */
export function Refused({ reasons, onClose }: { reasons: readonly string[]; onClose: () => void }) {
  if (reasons.length === 0) return null;
  return (
    <div
      role="alert"
      className="mb-2 flex items-start gap-2.5 rounded-xl bg-danger-soft py-2 pr-2 pl-3.5 text-[0.8125rem]"
    >
      <CircleAlert aria-hidden className="mt-1 size-4 shrink-0 text-danger" />
      <ul className="min-w-0 grow py-0.5">
        {reasons.map((reason) => (
          <li key={reason} className="wrap-anywhere">
            {reason}
          </li>
        ))}
      </ul>
      <Button variant="ghost" size="icon-sm" aria-label="Close" onClick={onClose}>
        <X />
      </Button>
    </div>
  );
}
