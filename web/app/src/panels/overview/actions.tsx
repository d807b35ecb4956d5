import { AlarmClock, Ellipsis, MessageSquareMore, RotateCw } from "lucide-react";
import { useState } from "react";
import { GatedButton, useCan } from "@/shell";
import { Button, DropdownMenu, DropdownMenuContent, DropdownMenuItem, DropdownMenuTrigger } from "@/ui";
import { RestartDialog } from "./restart-dialog";
import { SayDialog } from "./say-dialog";

type Open = "wake" | "system-event" | "restart" | null;

/** What can be done to the gateway as a whole. */
export function Actions() {
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  const event = useCan({ methods: ["system-event"], scopes: ["operator.admin"] });
  const restart = useCan({ methods: ["gateway.restart.request"], scopes: ["operator.admin"] });
  return (
    <>
      <GatedButton needs={{ methods: ["wake"], scopes: ["operator.write"] }} onClick={() => setOpen("wake")}>
        <AlarmClock />
        Wake…
      </GatedButton>
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <Button size="icon" aria-label="More actions">
            <Ellipsis />
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent>
          <Item gate={event} onSelect={() => setOpen("system-event")}>
            <MessageSquareMore />
            Send a system event…
          </Item>
          <Item gate={restart} onSelect={() => setOpen("restart")}>
            <RotateCw />
            Restart the gateway…
          </Item>
        </DropdownMenuContent>
      </DropdownMenu>
      {(open === "wake" || open === "system-event") && <SayDialog kind={open} onClose={close} />}
      {open === "restart" && <RestartDialog onClose={close} />}
    </>
  );
}

/** A line of the menu; where it is not possible it says why. */
function Item({
  gate,
  onSelect,
  children,
}: {
  gate: { allowed: boolean; reason: string | null };
  onSelect: () => void;
  children: React.ReactNode;
}) {
  return (
    <DropdownMenuItem refusal={gate.reason} onSelect={onSelect}>
      {children}
      {gate.reason !== null && <span className="sr-only">({gate.reason})</span>}
    </DropdownMenuItem>
  );
}
