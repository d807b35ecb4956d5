import useSWR from "swr";
import { useDoor } from "./provider";

export function useAsked<T>(method: string, params?: object): { data: T | undefined } {
  const door = useDoor();
  return useSWR<T>([method, params], () => door.call<T>(method, params, { idempotent: true }));
}
