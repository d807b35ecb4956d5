import { randomUUID, useConnection, useGatewayRpc } from "@vestibule/react";
import {
  Bot,
  CalendarClock,
  Keyboard,
  LogOut,
  MessageCircle,
  MessagesSquare,
  Moon,
  RotateCw,
  SquarePen,
} from "lucide-react";
import { Dialog } from "radix-ui";
import { newKey } from "@/chat/place";
import { panels } from "@/panels";
import { Command, CommandEmpty, CommandGroup, CommandInput, CommandItem, CommandList, Kbd, RelativeTime } from "@/ui";
import { useCan } from "../panel/can";
import { navigate, type Route } from "../route";
import { signOut } from "../session/session";
import { cycleTheme } from "../theme";
import { sessionTitle, type Titled } from "../titles";
import { openHelp } from "./open";

type Agents = { defaultId?: string; agents?: readonly { id: string; name?: string }[] };
type Sessions = {
  sessions?: readonly (Titled & { agentId?: string; updatedAt?: number | null })[];
};

/** Go anywhere, do anything, by a few letters. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const { agents = [], defaultId = "main" } = useGatewayRpc<Agents>("agents.list").data ?? {};
  const sessions =
    useGatewayRpc<Sessions>("sessions.list", { limit: 30, includeDerivedTitles: true }).data?.sessions ?? [];
  const { reconnectNow } = useConnection();
  const canCreate = useCan({ methods: ["sessions.create"], scopes: ["operator.write"] });
  const canAddJob = useCan({ methods: ["cron.add"], scopes: ["operator.admin"] });
  const run = (action: () => void) => () => {
    onClose();
    action();
  };
  const go = (route: Route) => run(() => navigate(route));
  const beginChat = () => navigate({ at: "chat", agent: defaultId, sessionKey: newKey(defaultId, randomUUID()) });
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-50 animate-in bg-overlay" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed top-[14vh] left-1/2 z-50 w-[calc(100%-1.5rem)] max-w-xl -translate-x-1/2 animate-in overflow-hidden rounded-xl border bg-popover shadow-float outline-none max-md:top-3"
        >
          <Dialog.Title className="sr-only">Go to anything</Dialog.Title>
          <Command loop>
            <CommandInput placeholder="Go to a page, an agent, a session…" autoFocus />
            <CommandList>
              <CommandEmpty>Nothing by that name.</CommandEmpty>
              <CommandGroup heading="Pages">
                <CommandItem value="Chat" keywords={["talk", "message"]} onSelect={go({ at: "chat" })}>
                  <MessageCircle />
                  Chat
                </CommandItem>
                {panels.map(({ id, title, keywords, icon: Icon }) => (
                  <CommandItem
                    key={id}
                    value={title}
                    keywords={keywords.split(", ")}
                    onSelect={go({ at: "panel", id, rest: [] })}
                  >
                    <Icon />
                    {title}
                  </CommandItem>
                ))}
              </CommandGroup>
              {agents.length > 0 && (
                <CommandGroup heading="Agents">
                  {agents.map(({ id, name }) => (
                    <CommandItem key={id} value={`agent ${id} ${name ?? ""}`} onSelect={go({ at: "chat", agent: id })}>
                      <Bot />
                      Chat with {name ?? id}
                    </CommandItem>
                  ))}
                </CommandGroup>
              )}
              {sessions.length > 0 && (
                <CommandGroup heading="Sessions">
                  {sessions.map((session) => (
                    <CommandItem
                      key={session.key}
                      value={`session ${session.key} ${sessionTitle(session)}`}
                      onSelect={go({
                        at: "chat",
                        agent: session.agentId ?? agentOf(session.key),
                        sessionKey: session.key,
                      })}
                    >
                      <MessagesSquare />
                      <span className="min-w-0 grow truncate">{sessionTitle(session)}</span>
                      {session.updatedAt != null && (
                        <RelativeTime atMs={session.updatedAt} className="shrink-0 text-xs text-muted-foreground" />
                      )}
                    </CommandItem>
                  ))}
                </CommandGroup>
              )}
              <CommandGroup heading="Actions">
                <CommandItem value="New chat" keywords={["begin", "conversation"]} onSelect={run(beginChat)}>
                  <SquarePen />
                  New chat
                </CommandItem>
                {canCreate.allowed && (
                  <CommandItem value="New session" keywords={["create", "begin"]} onSelect={go(newIn("sessions"))}>
                    <MessagesSquare />
                    New session
                  </CommandItem>
                )}
                {canAddJob.allowed && (
                  <CommandItem value="New cron job" keywords={["create", "schedule"]} onSelect={go(newIn("cron"))}>
                    <CalendarClock />
                    New cron job
                  </CommandItem>
                )}
                <CommandItem value="Change the theme" keywords={["dark", "light"]} onSelect={run(cycleTheme)}>
                  <Moon />
                  <span className="grow">Change the theme</span>
                  <Kbd keys="t" />
                </CommandItem>
                <CommandItem value="Reconnect now" keywords={["connection", "door"]} onSelect={run(reconnectNow)}>
                  <RotateCw />
                  Reconnect now
                </CommandItem>
                <CommandItem value="Keyboard shortcuts" keywords={["help", "keys"]} onSelect={run(openHelp)}>
                  <Keyboard />
                  <span className="grow">Keyboard shortcuts</span>
                  <Kbd keys="?" />
                </CommandItem>
                <CommandItem value="Sign out" keywords={["log out", "leave"]} onSelect={run(() => signOut())}>
                  <LogOut />
                  Sign out
                </CommandItem>
              </CommandGroup>
            </CommandList>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

const newIn = (id: string): Route => ({ at: "panel", id, rest: ["new"] });

/** `agent:main:main` -> `main`. */
const agentOf = (key: string): string => key.split(":")[1] ?? "main";
