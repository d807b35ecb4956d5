import { useGatewayRpcMutation, type UseChatReturn } from "@vestibule/react";
import { useEffect, useRef } from "react";
import { titleFrom, useCan } from "@/shell";

type Described = { readonly session: { readonly label?: string | null } | null };

/**
 * A new chat gets its name from its first message, as soon as the agent has it; a name somebody gave it stays.
 * Names are unique at the gateway.
 */
export function useNaming({ items, activity, sessionKey, isLoading, error, hasEarlier }: UseChatReturn): void {
  const call = useGatewayRpcMutation();
  const { allowed } = useCan({ methods: ["sessions.patch", "sessions.describe"], scopes: ["operator.write"] });
  const named = useRef<string | null>(null);
  const [first, ...rest] = items;
  const isKnown = !isLoading && error === null && !hasEarlier;
  const isNew =
    isKnown && first?.kind === "user" && first.turnId !== null && !rest.some((item) => item.kind === "user");
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
    const nameUnlessNamed = async () => {
      const { session } = await call<Described>("sessions.describe", { key: sessionKey });
      if (!session?.label) await name(text).catch(() => name(`${text} · ${clock.format(Date.now())}`));
    };
    // Where a name is refused, the beginning of the conversation stands in the list: nobody need be told.
    nameUnlessNamed().catch(() => undefined);
  }, [due, sessionKey, text, call]);
}
