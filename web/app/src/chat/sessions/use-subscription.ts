import { useConnection, useGatewayRpcMutation, useMethods } from "@vestibule/react";
import { useEffect, useState } from "react";

/** Asks to be told of every change, on each connection; false where the gateway cannot. */
export function useSubscription(): boolean {
  const call = useGatewayRpcMutation();
  const { isOpen } = useConnection();
  const offered = useMethods()?.has("sessions.subscribe") === true;
  const [told, setTold] = useState(false);
  useEffect(() => {
    if (!offered || !isOpen) return;
    const ended = new AbortController();
    call("sessions.subscribe", {}, { signal: ended.signal }).then(
      () => setTold(true),
      () => setTold(false),
    );
    return () => ended.abort();
  }, [call, offered, isOpen]);
  return offered && told;
}
