import { type RefObject, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { Scroll } from "./scroll";

export type UseScroll = {
  box: RefObject<HTMLDivElement | null>;
  inside: RefObject<HTMLDivElement | null>;
  following: boolean;
  toEnd: (behavior?: ScrollBehavior) => void;
};

const nothing = () => () => undefined;

/** The scrolling of one conversation. */
export function useScroll(): UseScroll {
  const box = useRef<HTMLDivElement>(null);
  const inside = useRef<HTMLDivElement>(null);
  const [scroll, setScroll] = useState<Scroll | null>(null);
  useEffect(() => {
    if (box.current === null || inside.current === null) return;
    const made = new Scroll(box.current, inside.current);
    setScroll(made);
    return made.end;
  }, []);
  const following = useSyncExternalStore(scroll?.subscribe ?? nothing, scroll?.following ?? (() => true));
  return { box, inside, following, toEnd: (behavior) => scroll?.toEnd(behavior) };
}
