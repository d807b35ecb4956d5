import { useGatewayRpcMutation, type UseChatReturn } from "@vestibule/react";
import { useEffect, useRef } from "react";
import { titleFrom, useCan } from "@/shell";

/** A new chat gets its name from its first message, as soon as the agent has it. Names are unique at the gateway. */
export function useNaming({ items, activity, sessionKey }: UseChatReturn): void {
  const call = useGatewayRpcMutation();
  const { allowed } = useCan({ methods: ["sessions.patch"], scopes: ["operator.write"] });
  const named = useRef<string | null>(null);
  const [first, ...rest] = items;
  const isNew = first?.kind === "user" && first.turnId !== null && !rest.some((item) => item.kind === "user");
  const text = isNew ? titleFrom(first.text) : "";
  const due = allowed && activity.at === "running" && text !== "" && sessionKey?.includes(":dashboard:") === true;
  useEffect(() => {
    if (!due || named.current === sessionKey) return;
    named.current = sessionKey;
    const name = (label: string) => call("sessions.patch", { key: sessionKey, label });
    const clock = new Intl.DateTimeFormat("en-GB", {
      day: "numeric",
      month: "short",
      hour: "2-digit",
      minute: "2-digit",
    });
    // Where a name is refused, the beginning of the conversation stands in the list: nobody need be told.
    name(text).catch(() => name(`${text} · ${clock.format(Date.now())}`).catch(() => undefined));
  }, [due, sessionKey, text, call]);
}
