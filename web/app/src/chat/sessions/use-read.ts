import { useGatewayEvent, useGatewayRpcMutation, type UseChatReturn } from "@vestibule/react";
import { useEffect } from "react";
import { useCan } from "@/shell";
import { sameKey } from "../place";
import { readChange } from "./rows";

/** Who looks at a conversation has read it: what it was when it was opened, and what comes meanwhile. */
export function useRead({ sessionKey, history }: UseChatReturn): void {
  const call = useGatewayRpcMutation();
  const { allowed } = useCan({ methods: ["sessions.patch"], scopes: ["operator.write"] });
  const info = history?.sessionInfo;
  const unread = allowed && typeof info === "object" && info !== null && "unread" in info && info.unread === true;
  useEffect(() => {
    // A mark that stays does no harm; the next visit takes it away.
    if (unread && sessionKey !== null)
      call("sessions.patch", { key: sessionKey, unread: false }).catch(() => undefined);
  }, [unread, sessionKey, call]);
  useGatewayEvent("sessions.changed", ({ payload }) => {
    const news = readChange(payload);
    if (!allowed || news?.row?.unread !== true || sessionKey === null || !sameKey(news.key, sessionKey)) return;
    if (document.visibilityState === "visible")
      call("sessions.patch", { key: sessionKey, unread: false }).catch(() => undefined);
  });
}
