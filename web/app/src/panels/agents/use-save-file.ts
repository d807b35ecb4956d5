import { useGatewayRpcMutation, useOffer } from "@vestibule/react";
import { useState } from "react";
import { readError } from "@/ui";
import type { FileAnswer } from "./wire";

export type Saving =
  | { at: "idle" }
  | { at: "saving" }
  | { at: "failed"; error: unknown }
  /** Somebody else wrote in between: both texts are there, nothing was lost. */
  | { at: "conflict"; theirs: string };

/** Writes a file of an agent. It is read again first; what is written between the two, the hash finds (wire 4). */
export function useSaveFile(agentId: string, name: string) {
  const call = useGatewayRpcMutation();
  const wide = (useOffer()?.protocol ?? 4) >= 4;
  const read = () => call<FileAnswer>("agents.files.get", { agentId, name });
  const [state, setState] = useState<Saving>({ at: "idle" });

  /** The file as written, or null where it was not: `state` says why. */
  const save = async (content: string, base: string): Promise<FileAnswer | null> => {
    setState({ at: "saving" });
    try {
      const present = await read();
      if (textOf(present) !== base) {
        setState({ at: "conflict", theirs: textOf(present) });
        return null;
      }
      const { hash } = present.file;
      const params = { agentId, name, content, ...(wide && hash !== undefined && { expectedHash: hash }) };
      const written = await call<FileAnswer>("agents.files.set", params, { refetch: "agents.files.list" });
      setState({ at: "idle" });
      return { file: { ...written.file, content } };
    } catch (error) {
      const now = isConflict(error) ? await read().catch(() => null) : null;
      setState(now ? { at: "conflict", theirs: textOf(now) } : { at: "failed", error });
      return null;
    }
  };
  return { state, save, dismiss: () => setState({ at: "idle" }) };
}

const textOf = ({ file }: FileAnswer): string => file.content ?? "";

function isConflict(error: unknown): boolean {
  const { details } = readError(error);
  return details !== undefined && "type" in details && details.type === "agent_file_conflict";
}
