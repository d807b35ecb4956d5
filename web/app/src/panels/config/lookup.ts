/** Asks the gateway for a path of the schema, once: the whole schema is megabytes. */
import { useDoor, useMethods, useOffer } from "@vestibule/react";
import { useEffect, useMemo, useState } from "react";
import { readError } from "@/ui/error";
import type { Path } from "@/ui/editor";
import { lookupPath } from "./schema";
import type { Lookup } from "./wire";

/** Null: the schema has no such path, or the gateway does not tell. */
export type Ask = (path: Path) => Promise<Lookup | null>;

export function createAsk(call: (path: string) => Promise<Lookup>): Ask {
  const known = new Map<string, Promise<Lookup | null>>();
  return (path) => {
    const name = lookupPath(path);
    const before = known.get(name);
    if (before) return before;
    const answer = call(name).catch((error: unknown) => {
      // "Not found" stays true as long as the gateway does; anything else may be asked again.
      if (readError(error).message !== "config schema path not found") known.delete(name);
      return null;
    });
    known.set(name, answer);
    return answer;
  };
}

const nobody: Ask = () => Promise.resolve(null);

/** One memory per gateway version. */
export function useAsk(): Ask {
  const door = useDoor();
  const version = useOffer()?.version ?? null;
  const offered = useMethods()?.has("config.schema.lookup") ?? false;
  return useMemo(() => {
    if (!offered || version === null) return nobody;
    return createAsk((path) => door.call<Lookup>("config.schema.lookup", { path }, { idempotent: true }));
  }, [door, version, offered]);
}

export type Known = { at: "asking" } | { at: "known"; path: Path; lookup: Lookup } | { at: "unknown" };

/** What the schema says of a path; of what it does not know, what it says of the nearest above. */
export function useLookup(ask: Ask, path: Path): Known {
  const name = lookupPath(path);
  const [known, setKnown] = useState<{ name: string; ask: Ask; value: Known } | null>(null);
  useEffect(() => {
    let current = true;
    void nearest(ask, path).then((value) => {
      if (current) setKnown({ name, ask, value });
    });
    return () => {
      current = false;
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the name says which path it is
  }, [ask, name]);
  if (known?.ask !== ask) return { at: "asking" };
  // While the next one is asked for, the last one stays: it is mostly right beside it.
  return known.value;
}

export async function nearest(ask: Ask, path: Path): Promise<Known> {
  for (let length = path.length; length >= 0; length -= 1) {
    const lookup = await ask(path.slice(0, length));
    if (lookup) return { at: "known", path: path.slice(0, length), lookup };
  }
  return { at: "unknown" };
}
