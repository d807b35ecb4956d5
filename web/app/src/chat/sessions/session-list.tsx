import { useApprovals, useQuestions } from "@vestibule/react";
import { Archive, SquarePen } from "lucide-react";
import { useState } from "react";
import { Resource, useHasArchive } from "@/shell";
import { Button, Empty, SearchInput, Tooltip } from "@/ui";
import { AgentSwitcher } from "../agents/switcher";
import { type Place, sameKey } from "../place";
import { grouped, lastUsed } from "./rows";
import { SessionRow } from "./session-row";
import { useSessions } from "./use-sessions";

export type SessionListProps = {
  place: Place;
  /** The key behind the place, once it is known. */
  sessionKey: string | null;
  /** The gateway tells of changes. */
  told: boolean;
  onNew: () => void;
  /** The session that is shown is no longer there. */
  onGone: () => void;
  onNavigate?: () => void;
};

/** The chats of an agent: a column beside the conversation, a sheet on a phone. */
export function SessionList({ place, sessionKey, told, onNew, onGone, onNavigate }: SessionListProps) {
  const [search, setSearch] = useState("");
  const hasArchive = useHasArchive();
  const [archived, setArchived] = useState(false);
  const sessions = useSessions({ agent: place.agent, search, archived, told });
  const waiting = [...useApprovals().pending, ...useQuestions().pending];
  const [openedAtMs] = useState(Date.now);
  const groups = grouped(sessions.rows, Math.max(openedAtMs, ...sessions.rows.map(lastUsed)));
  const isCurrent = (key: string) => sessionKey !== null && sameKey(key, sessionKey);
  return (
    <div className="flex h-full flex-col">
      <div className="grid gap-2 p-2.5 pb-2">
        <div className="flex items-center gap-1">
          <AgentSwitcher agent={place.agent} />
          <Tooltip text="New chat" keys="n">
            <Button variant="ghost" size="icon" aria-label="New chat" onClick={onNew}>
              <SquarePen />
            </Button>
          </Tooltip>
        </div>
        <SearchInput label="Search chats" value={search} onChange={setSearch} className="min-w-0" />
      </div>
      <nav
        aria-label="Chats"
        className="min-h-0 grow overflow-y-auto px-2.5 pb-3"
        onClick={(event) => event.target instanceof Element && event.target.closest("a") && onNavigate?.()}
      >
        <Resource
          of={sessions.answer}
          what="chats"
          empty={() => sessions.rows.length === 0 && <Nothing search={search} archived={archived} />}
        >
          {() =>
            groups.map(({ title, rows }) => (
              <section key={title} aria-label={title} className="not-first:mt-4">
                <h2 className="px-2 pb-1 text-xs text-muted-foreground">{title}</h2>
                <ul>
                  {rows.map((row) => (
                    <SessionRow
                      key={row.key}
                      row={row}
                      agent={place.agent}
                      current={isCurrent(row.key)}
                      asks={waiting.some((one) => one.sessionKey != null && sameKey(one.sessionKey, row.key))}
                      sessions={sessions}
                      onGone={(key) => isCurrent(key) && onGone()}
                    />
                  ))}
                </ul>
              </section>
            ))
          }
        </Resource>
        {sessions.hasMore && (
          <Button variant="ghost" size="sm" className="mt-2 w-full" onClick={sessions.loadMore}>
            More
          </Button>
        )}
      </nav>
      {hasArchive && (
        <div className="border-t p-1.5">
          <Button
            variant="ghost"
            size="sm"
            aria-pressed={archived}
            onClick={() => setArchived(!archived)}
            className="w-full justify-start aria-pressed:text-brand"
          >
            <Archive />
            {archived ? "Back to the chats" : "Archive"}
          </Button>
        </div>
      )}
    </div>
  );
}

function Nothing({ search, archived }: { search: string; archived: boolean }) {
  if (search !== "") return <Empty title="No chat by that name" className="px-2 py-8" />;
  return <Empty title={archived ? "The archive is empty" : "No chats yet"} className="px-2 py-8" />;
}
