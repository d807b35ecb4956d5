"use client";

import { useAgentChat } from "@vestibule/react";
import { useState } from "react";

/** Talk to the agent `main`. */
export function Chat() {
  const { messages, isStreaming, error, sendMessage, isConnected } = useAgentChat("main");
  const [text, setText] = useState("");
  return (
    <section>
      <h2>Chat {isConnected ? "" : "(connecting)"}</h2>
      {messages.map(({ role, content }, index) => (
        <p key={index}>
          <b>{role === "user" ? "You" : "Agent"}:</b> {content}
        </p>
      ))}
      {isStreaming && <p>…</p>}
      {error !== null && <p role="alert">{error}</p>}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          sendMessage(text);
          setText("");
        }}
      >
        <input aria-label="Message" value={text} onChange={(event) => setText(event.target.value)} />
        <button disabled={text === ""}>Send</button>
      </form>
    </section>
  );
}
