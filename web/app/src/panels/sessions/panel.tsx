import { MessagesSquare, Plus, SearchX } from "lucide-react";
import { useDeferredValue, useMemo, useState } from "react";
import { GatedButton, navigate, Panel, Resource, useCan, usePanelRest } from "@/shell";
import { Empty, formatNumber } from "@/ui";
import { Details } from "./details";
import { MessageSearch } from "./message-search";
import { useNeeds } from "./needs";
import { NewSession } from "./new-session";
import { SessionList } from "./session-list";
import { type Look, Toolbar } from "./toolbar";
import { useSessionList } from "./use-session-list";

/** In place of a key in the address: nothing is open, something begins. */
const NEW = "new";
const START: Look = { search: "", agentId: null, archived: false, where: "titles" };

/** Every conversation of the gateway, by last use. */
export default function Sessions() {
  const [look, setLook] = useState(START);
  const [place] = usePanelRest();
  const opened = place === NEW ? undefined : place;
  const needs = useNeeds();
  const canCreate = useCan(needs.create);
  const { where, agentId, archived } = look;
  // While one types, only the last text that was drawn is asked for.
  const search = useDeferredValue(look.search);
  const filter = useMemo(
    () => ({ search: where === "titles" ? search : "", agentId, archived }),
    [search, where, agentId, archived],
  );
  const list = useSessionList(filter);
  return (
    <Panel
      title="Sessions"
      note={list.total !== undefined && `${formatNumber(list.total)} ${archived ? "archived" : "in all"}`}
      width={where === "titles" ? "full" : "wide"}
      toolbar={<Toolbar look={look} onChange={setLook} />}
      actions={
        <GatedButton
          needs={needs.create}
          variant="primary"
          onClick={() => navigate({ at: "panel", id: "sessions", rest: [NEW] })}
        >
          <Plus />
          New session
        </GatedButton>
      }
    >
      {where === "messages" ? (
        <MessageSearch query={search} />
      ) : (
        <Resource of={list.first} what="sessions" empty={() => list.rows.length === 0 && <Nothing look={look} />}>
          {() => <SessionList list={list} selected={opened} />}
        </Resource>
      )}
      {opened !== undefined && <Details sessionKey={opened} list={list} />}
      {place === NEW && canCreate.allowed && (
        <NewSession onClose={() => navigate({ at: "panel", id: "sessions", rest: [] })} />
      )}
    </Panel>
  );
}

function Nothing({ look }: { look: Look }) {
  if (look.search.trim()) return <Empty icon={<SearchX />} title={`No session about “${look.search.trim()}”`} />;
  if (look.archived)
    return <Empty title="Nothing is archived">Archived sessions keep their transcript and leave the list.</Empty>;
  return (
    <Empty icon={<MessagesSquare />} title="No sessions yet">
      The first message to an agent begins one.
    </Empty>
  );
}
