import { type ReactNode, useCallback } from "react";
import { createPortal } from "react-dom";
import { createStore, type Store, useStore } from "../store";

/** Places of the frame that the page on screen may fill. */
const places = {
  /** Below the page's entry in the sidebar: its own navigation. */
  sidebar: createStore<HTMLElement | null>(null),
  /** At the left of the top bar: its title. */
  topBar: createStore<HTMLElement | null>(null),
} satisfies Record<string, Store<HTMLElement | null>>;

type Where = keyof typeof places;

/** In the frame: the place itself. */
export function Place({ where, className }: { where: Where; className?: string }) {
  const mark = useCallback(
    (element: HTMLElement | null) => {
      places[where].set(element);
      return () => places[where].set(null);
    },
    [where],
  );
  return <div ref={mark} className={className} />;
}

/** In a page: what goes there, while the page is mounted. Without a frame around it, it stays where it is written. */
export function Slot({ where, children }: { where: Where; children: ReactNode }) {
  const element = useStore(places[where]);
  return element ? createPortal(children, element) : children;
}
