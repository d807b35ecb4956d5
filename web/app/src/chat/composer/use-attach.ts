import { useOffer } from "@vestibule/react";
import { useState } from "react";
import { readError } from "@/ui";
import { attach, type Attached } from "./attachment";
import { draftOf, setDraft } from "./drafts";
import { limitsOf, refusal } from "./limits";

export type UseAttach = {
  add: (files: Iterable<File>) => Promise<void>;
  remove: (id: string) => void;
  /** Why files were refused, until the next try. */
  refused: readonly string[];
  clearRefused: () => void;
};

/** Files to a draft, within the gateway's limits. */
export function useAttach(place: string): UseAttach {
  const limits = limitsOf(useOffer()?.policy);
  const [refused, setRefused] = useState<readonly string[]>([]);
  const add = async (files: Iterable<File>) => {
    const reasons: string[] = [];
    // A list of the browser's is empty as soon as its field is.
    for (const file of [...files]) {
      const reason = refusal(file, draftOf(place).attached, limits);
      if (reason !== null) reasons.push(reason);
      else
        await attach(file).then(
          (made) => append(place, made),
          (error: unknown) => reasons.push(readError(error).message),
        );
    }
    setRefused(reasons);
  };
  const remove = (id: string) => {
    setDraft(place, { attached: draftOf(place).attached.filter((one) => one.id !== id) });
    setRefused([]);
  };
  return { add, remove, refused, clearRefused: () => setRefused([]) };
}

const append = (place: string, made: Attached): void =>
  setDraft(place, { attached: [...draftOf(place).attached, made] });
