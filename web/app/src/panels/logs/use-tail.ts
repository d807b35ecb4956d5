import { useConnection, useDoor, useGatewayStatus } from "@vestibule/react";
import { isNotOffered, missingScope } from "@/ui";
import { useEffect, useRef, useState } from "react";
import { clear, EMPTY, take, type Tail } from "./tail";
import { FIRST_TAIL, type LogsTail, NEXT_TAIL } from "./wire";

const EVERY_MS = 1_000;
/** A failing call writes a line of its own: asked fast, the log would fill with our questions. */
const AFTER_ERROR_MS = { first: 4_000, most: 60_000 } as const;

export type FollowedTail = {
  tail: Tail;
  /** Of the last question, null once one was answered again. */
  error: unknown;
  clear: () => void;
  /** Ask now, not when it is time again. */
  askNow: () => void;
};

/** Follows the log by its cursor while `running`, the page is seen and the gateway is there. */
export function useTail(running: boolean): FollowedTail {
  const door = useDoor();
  const { isOpen } = useConnection();
  const gateway = useGatewayStatus();
  const [tail, setTail] = useState(EMPTY);
  const [error, setError] = useState<unknown>(null);
  const [asked, setAsked] = useState(0);
  const begun = tail.cursor !== null;
  const reachable = isOpen && (gateway?.state === "ready" || gateway?.state === "degraded");
  const active = reachable && (running || !begun);
  const cursor = useRef<number | null>(null);

  useEffect(() => {
    if (!active) return;
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let waitMs: number = AFTER_ERROR_MS.first;
    let asking = false;
    const ask = async () => {
      if (asking || document.visibilityState === "hidden") return;
      asking = true;
      const params = cursor.current === null ? FIRST_TAIL : { ...NEXT_TAIL, cursor: cursor.current };
      try {
        const answer = await door.call<LogsTail>("logs.tail", params, { idempotent: true, signal: stop.signal });
        if (stop.signal.aborted) return;
        cursor.current = answer.cursor;
        waitMs = AFTER_ERROR_MS.first;
        setError(null);
        setTail((before) => take(before, answer));
        timer = setTimeout(() => void ask(), EVERY_MS);
      } catch (failure) {
        if (stop.signal.aborted) return;
        setError(failure);
        if (isNotOffered(failure) || missingScope(failure)) return;
        timer = setTimeout(() => void ask(), waitMs);
        waitMs = Math.min(waitMs * 2, AFTER_ERROR_MS.most);
      } finally {
        asking = false;
      }
    };
    const onSeen = () => {
      clearTimeout(timer);
      void ask();
    };
    void ask();
    document.addEventListener("visibilitychange", onSeen);
    return () => {
      stop.abort();
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", onSeen);
    };
  }, [door, active, asked]);

  return { tail, error, clear: () => setTail(clear), askNow: () => setAsked((count) => count + 1) };
}
