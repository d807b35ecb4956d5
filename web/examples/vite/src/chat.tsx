import { textOf, useApprovals, useChat, useConnection, type ChatItem } from "@vestibule/react";
import { useState } from "react";

/** A conversation with its history, tools and approvals. */
export function Chat({ agent }: { agent: string }) {
  const chat = useChat({ agent });
  const { resolve } = useApprovals();
  const { isOpen, error } = useConnection();
  const [text, setText] = useState("");
  return (
    <main>
      <h1>{agent}</h1>
      {error !== null && <p role="alert">{error.message}</p>}
      {chat.error !== null && <p role="alert">{chat.error.message}</p>}
      {chat.hasEarlier && <button onClick={chat.loadEarlier}>Earlier</button>}
      {chat.items.map((item) => (
        <Line key={item.key} item={item} onRetry={chat.retry} />
      ))}
      {chat.approvals.map((approval) => (
        <p key={approval.key}>
          May it run <code>{approval.command}</code>?{" "}
          {approval.decisions.map((decision) => (
            <button key={decision} onClick={() => void resolve(approval, decision).catch(() => undefined)}>
              {decision}
            </button>
          ))}
          {approval.error !== null && <span role="alert">{approval.error.message}</span>}
        </p>
      ))}
      {chat.activity.at === "running" && <button onClick={chat.stop}>Stop</button>}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          chat.send(text);
          setText("");
        }}
      >
        <input aria-label="Message" value={text} onChange={(event) => setText(event.target.value)} />
        <button disabled={text === ""}>{isOpen ? "Send" : "Send when connected"}</button>
      </form>
    </main>
  );
}

function Line({ item, onRetry }: { item: ChatItem; onRetry: (turnId: string) => void }) {
  if (item.kind === "note") return <p>{item.text}</p>;
  if (item.kind === "assistant") {
    const tools = item.parts.filter((part) => part.kind === "tool");
    return (
      <p>
        <b>Agent:</b> {textOf(item)} {tools.map((tool) => `[${tool.name}: ${tool.at}]`).join(" ")}
        {item.state.at === "failed" && <span role="alert">{item.state.message}</span>}
      </p>
    );
  }
  const { delivery, turnId } = item;
  return (
    <p>
      <b>You:</b> {item.text} {delivery.at === "queued" && "(queued)"}
      {delivery.at === "failed" && turnId !== null && (
        <button onClick={() => onRetry(turnId)}>{delivery.message} Try again</button>
      )}
    </p>
  );
}
