import { useGatewayRpcMutation } from "@vestibule/react";
import { useState } from "react";
import type { FileAnswer } from "./wire";

export type Saving =
  | { at: "idle" }
  | { at: "saving" }
  | { at: "failed"; error: unknown }
  /** Somebody else wrote in between: both texts are there, nothing was lost. */
  | { at: "conflict"; theirs: string };

/** Writes a file of an agent. The gateway takes no hash, so it is read again first. */
export function useSaveFile(agentId: string, name: string) {
  const call = useGatewayRpcMutation();
  const [state, setState] = useState<Saving>({ at: "idle" });

  /** The file as written, or null where it was not: `state` says why. */
  const save = async (content: string, base: string): Promise<FileAnswer | null> => {
    setState({ at: "saving" });
    try {
      const present = await call<FileAnswer>("agents.files.get", { agentId, name });
      const theirs = present.file.content ?? "";
      if (theirs !== base) {
        setState({ at: "conflict", theirs });
        return null;
      }
      const params = { agentId, name, content };
      const written = await call<FileAnswer>("agents.files.set", params, { refetch: "agents.files.list" });
      setState({ at: "idle" });
      return { file: { ...written.file, content } };
    } catch (error) {
      setState({ at: "failed", error });
      return null;
    }
  };
  return { state, save, dismiss: () => setState({ at: "idle" }) };
}
