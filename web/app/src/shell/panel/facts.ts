import { useMethods, useScopes } from "@vestibule/react";
import { useMemo } from "react";
import type { Facts } from "./gate";

/** What may be done here: methods once the gateway told, scopes from the sign-in until then. */
export function useFacts(): Facts {
  const methods = useMethods() ?? undefined;
  const scopes = useScopes();
  return useMemo(() => ({ methods, scopes }), [methods, scopes]);
}
