"use client";

import { createContext, useContext } from "react";
import type { Shared } from "./shared/shared.js";

/** What the hooks below a provider share. */
export const GatewayContext = createContext<Shared | null>(null);

/** Thrown by every hook outside a provider. */
export const NO_PROVIDER = "useGateway must be used within a GatewayProvider";

/** What the provider above holds. */
export function useShared(): Shared {
  const shared = useContext(GatewayContext);
  if (shared === null) throw new Error(NO_PROVIDER);
  return shared;
}
