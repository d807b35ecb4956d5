import { useGatewayRpcMutation, type UseChatReturn } from "@vestibule/react";
import { useEffect } from "react";
import { useCan } from "@/shell";

/** Who looks at a conversation has read it. */
export function useRead({ sessionKey, history, activity }: UseChatReturn): void {
  const call = useGatewayRpcMutation();
  const { allowed } = useCan({ methods: ["sessions.patch"], scopes: ["operator.write"] });
  const info = history?.sessionInfo;
  const unread = typeof info === "object" && info !== null && "unread" in info && info.unread === true;
  const due = allowed && unread && activity.at === "idle";
  useEffect(() => {
    if (!due || sessionKey === null) return;
    // A mark that stays is no harm; the next visit takes it away.
    call("sessions.patch", { key: sessionKey, unread: false }).catch(() => undefined);
  }, [due, sessionKey, call]);
}
