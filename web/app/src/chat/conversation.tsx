import { useChat } from "@vestibule/react";
import { useCallback, useEffect, useRef } from "react";
import { useCan, useShortcut } from "@/shell";
import type { Agent } from "./agents/use-agents";
import { Composer } from "./composer/composer";
import type { Attached } from "./composer/attachment";
import { Drop } from "./composer/drop";
import { setDraft } from "./composer/drafts";
import { useAttach } from "./composer/use-attach";
import { nameOf, type Place } from "./place";
import { Model } from "./model";
import { Thread } from "./thread/thread";
import { useNaming } from "./sessions/use-naming";
import { useRead } from "./sessions/use-read";
import { Welcome } from "./welcome";

export type ConversationProps = {
  place: Place;
  agent: Agent;
  /** Told which session it is, once that is known. */
  onKey: (sessionKey: string | null) => void;
};

/** One conversation: what was said, and where one says more. */
export function Conversation({ place, agent, onKey }: ConversationProps) {
  const chat = useChat({ agent: place.agent, sessionKey: place.sessionKey, pageSize: 60 });
  const draft = nameOf(place);
  const attach = useAttach(draft);
  const input = useRef<HTMLTextAreaElement>(null);
  const { allowed } = useCan({ scopes: ["operator.write"] });
  const { sessionKey } = chat;
  useEffect(() => onKey(sessionKey), [sessionKey, onKey]);
  useNaming(chat);
  useRead(chat);
  useShortcut("/", "Write a message", () => input.current?.focus());
  useShortcut("esc", "Stop the answer", chat.stop);

  const send = (text: string, attached: readonly Attached[]) => {
    chat.send(text, attached.length === 0 ? {} : { attachments: attached.map((one) => one.payload) });
  };
  const edit = useCallback(
    (text: string) => {
      setDraft(draft, { text });
      input.current?.focus();
    },
    [draft],
  );
  const lastSaid = chat.items.findLast((item) => item.kind === "user");
  return (
    <Drop onFiles={(files) => void attach.add(files)}>
      <Thread
        chat={chat}
        agentName={agent.name}
        onEdit={edit}
        onDiscard={chat.discard}
        empty={<Welcome agentName={agent.name} emoji={agent.emoji} onAsk={allowed ? (text) => send(text, []) : null} />}
      />
      <Composer
        place={draft}
        agentName={agent.name}
        activity={chat.activity}
        attach={attach}
        input={input}
        lastSaid={lastSaid?.kind === "user" ? lastSaid.text : ""}
        footnote={<Model history={chat.history} />}
        onSend={send}
        onStop={chat.stop}
      />
    </Drop>
  );
}
