import { useGatewayRpcMutation } from "@vestibule/react";
import {
  Archive,
  ArchiveRestore,
  Ellipsis,
  Mail,
  MailOpen,
  MessageSquare,
  Pencil,
  Pin,
  PinOff,
  Trash2,
} from "lucide-react";
import { useState } from "react";
import { keptSession, lifecycle, navigate, sessionTitle, useCan, useHasArchive } from "@/shell";
import {
  Button,
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "@/ui";
import { type Asked, SessionConfirm } from "./confirms";
import { useNeeds } from "./needs";
import { agentOf } from "./rows";
import type { Failure } from "./session-line";
import type { SessionList } from "./use-session-list";
import type { SessionPatch, SessionRow } from "./wire";

/** What can be done to a session without opening it. */
export function RowMenu({
  row,
  list,
  onFailure,
}: {
  row: SessionRow;
  list: SessionList;
  onFailure: (failure: Failure | null) => void;
}) {
  const call = useGatewayRpcMutation();
  const needs = useNeeds();
  const patching = useCan(needs.patch);
  const removing = useCan(needs.remove);
  const hasArchive = useHasArchive();
  const [asked, setAsked] = useState<Asked | null>(null);

  const patch = async (doing: string, fields: SessionPatch) => {
    onFailure(null);
    try {
      await call("sessions.patch", { key: row.key, ...lifecycle(row, fields), ...fields });
      list.patched(row.key, fields);
    } catch (error) {
      onFailure({ doing, error });
    }
  };
  return (
    <div className="relative z-10">
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <Button variant="ghost" size="icon-sm" aria-label={`Actions for ${sessionTitle(row)}`}>
            <Ellipsis />
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent>
          <DropdownMenuItem onSelect={() => navigate({ at: "chat", agent: agentOf(row), sessionKey: row.key })}>
            <MessageSquare />
            Open chat
          </DropdownMenuItem>
          <DropdownMenuItem onSelect={() => navigate({ at: "panel", id: "sessions", rest: [row.key] })}>
            <Pencil />
            Details and settings
          </DropdownMenuItem>
          <DropdownMenuSeparator />
          <DropdownMenuItem refusal={patching.reason} onSelect={() => void patch("Pinning", { pinned: !row.pinned })}>
            {row.pinned ? <PinOff /> : <Pin />}
            {row.pinned ? "Unpin" : "Pin"}
          </DropdownMenuItem>
          <DropdownMenuItem refusal={patching.reason} onSelect={() => void patch("Marking", { unread: !row.unread })}>
            {row.unread ? <MailOpen /> : <Mail />}
            {row.unread ? "Mark as read" : "Mark as unread"}
          </DropdownMenuItem>
          {hasArchive && (
            <DropdownMenuItem
              refusal={patching.reason}
              onSelect={() => void patch("Archiving", { archived: !row.archived })}
            >
              {row.archived ? <ArchiveRestore /> : <Archive />}
              {row.archived ? "Restore from the archive" : "Archive"}
            </DropdownMenuItem>
          )}
          <DropdownMenuSeparator />
          <DropdownMenuItem danger refusal={removing.reason ?? keptSession(row)} onSelect={() => setAsked("delete")}>
            <Trash2 />
            Delete…
          </DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
      <SessionConfirm row={row} asked={asked} list={list} onClose={() => setAsked(null)} />
    </div>
  );
}
