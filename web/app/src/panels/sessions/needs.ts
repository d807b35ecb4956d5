import { useOffer } from "@vestibule/react";
import type { Needs } from "@/shell";

const admin = (method: string): Needs => ({ methods: [method], scopes: ["operator.admin"] });
const write = (method: string): Needs => ({ methods: [method], scopes: ["operator.write"] });

/** What each action asks for. Organising needs no more than writing, except at older gateways. */
export function useNeeds() {
  const organise = (useOffer()?.protocol ?? 4) >= 4 ? write : admin;
  return {
    create: write("sessions.create"),
    patch: organise("sessions.patch"),
    compact: admin("sessions.compact"),
    reset: admin("sessions.reset"),
    remove: admin("sessions.delete"),
  };
}
