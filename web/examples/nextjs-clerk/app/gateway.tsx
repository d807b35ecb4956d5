"use client";

import { useAuth } from "@clerk/nextjs";
import { GatewayProvider } from "@vestibule/react";
import type { ReactNode } from "react";

/** One connection for the app, of whoever is signed in. The address comes from NEXT_PUBLIC_WS_URL. */
export function Gateway({ children }: { children: ReactNode }) {
  const { getToken, userId } = useAuth();
  return (
    <GatewayProvider getToken={getToken} account={userId ?? null}>
      {children}
    </GatewayProvider>
  );
}
