"use client";

import { useGatewayRpc, useGatewayRpcMutation } from "@vestibule/react";
import { useState } from "react";

type SessionList = { sessions: { key: string; label?: string; derivedTitle?: string }[] };

/** The newest sessions; the list follows what happens at the gateway by itself. */
export function Sessions() {
  const { data, error, isLoading } = useGatewayRpc<SessionList>("sessions.list", { limit: 10 });
  const call = useGatewayRpcMutation();
  const [failure, setFailure] = useState<string | null>(null);
  if (isLoading) return <p>Loading…</p>;
  if (error) return <p role="alert">{error.message}</p>;
  const reset = (key: string) => {
    setFailure(null);
    call("sessions.reset", { key }, { refetch: "sessions.*" }).catch((thrown: Error) => setFailure(thrown.message));
  };
  return (
    <section>
      <h2>Sessions</h2>
      {failure !== null && <p role="alert">{failure}</p>}
      <ul>
        {data?.sessions.map(({ key, label, derivedTitle }) => (
          <li key={key}>
            {label ?? derivedTitle ?? key} <button onClick={() => reset(key)}>Reset</button>
          </li>
        ))}
      </ul>
    </section>
  );
}
