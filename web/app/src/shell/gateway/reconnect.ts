import { useDoor } from "./provider";
import { useCallback } from "react";

/** "Reconnect now": whatever it waits for, it tries at once. */
export function useReconnect(): () => void {
  const door = useDoor();
  return useCallback(() => {
    if (door.snapshot().connection.at === "closed") door.connect();
    else door.reconnectNow();
  }, [door]);
}
