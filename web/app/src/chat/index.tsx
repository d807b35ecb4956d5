import { randomUUID } from "@vestibule/react";
import { PanelLeftClose, PanelLeftOpen, SquarePen } from "lucide-react";
import { useEffect, useState } from "react";
import { navigate, PageTitle, Slot, useRoute, useShortcut } from "@/shell";
import { device } from "@/shell/storage";
import { Button, Sheet, SheetContent, SheetTrigger, Tooltip } from "@/ui";
import { nameIn, useAgents } from "./agents/use-agents";
import { Conversation } from "./conversation";
import { nameOf, newKey, placeOf } from "./place";
import { useSubscription } from "./sessions/use-subscription";
import { SessionList } from "./sessions/session-list";

const COLUMN = "vestibule.chat.column";

/** The chat page: chats at the left, the conversation beside them. */
export default function Chat() {
  const route = useRoute();
  const { agents, defaultId } = useAgents();
  const place = placeOf(route, defaultId);
  const [sessionKey, setSessionKey] = useState<string | null>(null);
  const [column, setColumn] = useColumn();
  const name = nameIn(agents, place.agent);
  const agent = agents.find(({ id }) => id === place.agent) ?? { id: place.agent, name, emoji: null };

  const begin = () => navigate({ at: "chat", agent: place.agent, sessionKey: newKey(place.agent, randomUUID()) });
  const leave = () => navigate({ at: "chat", agent: place.agent }, { replace: true });
  useShortcut("n", "New chat", begin);
  useShortcut("mod b", "Show or hide the chats", () => setColumn(!column));
  useEffect(() => {
    document.title = `${name} · Vestibule`;
  }, [name]);

  const list = { place, sessionKey, told: useSubscription(), onNew: begin, onGone: leave };
  return (
    <div className="flex h-full">
      <Slot where="topBar">
        <Tooltip text={column ? "Hide the chats" : "Show the chats"} keys="mod b">
          <Button
            variant="ghost"
            size="icon"
            aria-label={column ? "Hide the chats" : "Show the chats"}
            aria-pressed={column}
            onClick={() => setColumn(!column)}
            className="-ml-2 max-md:hidden"
          >
            {column ? <PanelLeftClose /> : <PanelLeftOpen />}
          </Button>
        </Tooltip>
        <PhoneChats {...list} />
        <PageTitle>{name}</PageTitle>
        <Button variant="ghost" size="icon" aria-label="New chat" onClick={begin} className="ml-auto md:hidden">
          <SquarePen />
        </Button>
      </Slot>
      {column && (
        <aside aria-label="Chats" className="w-64 shrink-0 border-r max-md:hidden">
          <SessionList {...list} />
        </aside>
      )}
      <Conversation key={nameOf(place)} place={place} agent={agent} onKey={setSessionKey} />
    </div>
  );
}

function PhoneChats(list: Parameters<typeof SessionList>[0]) {
  const [open, setOpen] = useState(false);
  return (
    <Sheet open={open} onOpenChange={setOpen}>
      <SheetTrigger asChild>
        <Button variant="ghost" size="icon" aria-label="Chats" className="md:hidden">
          <PanelLeftOpen />
        </Button>
      </SheetTrigger>
      <SheetContent side="left" title="Chats" bare className="bg-sidebar">
        <SessionList
          {...list}
          onNew={() => {
            setOpen(false);
            list.onNew();
          }}
          onNavigate={() => setOpen(false)}
        />
      </SheetContent>
    </Sheet>
  );
}

/** Whether the column of chats is open, kept on this device. */
function useColumn(): readonly [boolean, (open: boolean) => void] {
  const [open, setOpen] = useState(() => device.read(COLUMN) !== "closed");
  return [
    open,
    (next) => {
      device.write(COLUMN, next ? null : "closed");
      setOpen(next);
    },
  ];
}
