import { usePrincipal } from "@vestibule/react";
import useSWR from "swr";

/** The owner's gateway as a service; the one thing that is asked over HTTP. */
export type Service = {
  service_name: string;
  status: string;
  created_at: string | null;
  updated_at: string | null;
  region: string | null;
};

const isService = (value: unknown): value is Service =>
  typeof value === "object" && value !== null && "service_name" in value;

async function fetchService(token: string): Promise<Service | null> {
  const answer = await fetch(new URL("api/v1/container/status", document.baseURI), {
    headers: { Authorization: `Bearer ${token}` },
  });
  if (!answer.ok) return null;
  const body: unknown = await answer.json();
  return isService(body) ? body : null;
}

/** Null when there is none, or when it cannot be asked. Asked once. */
export function useService(token: string): Service | null {
  const member = usePrincipal()?.member;
  const { data } = useSWR(member === undefined ? null : ["container", member], () => fetchService(token), {
    revalidateOnFocus: false,
    revalidateOnReconnect: false,
  });
  return data ?? null;
}
