import { type ComponentType, lazy } from "react";
import type { PanelDescriptor } from "./descriptor";

/** The files of a page could not be had: the door is away, or has a newer version. */
export class NotLoaded extends Error {
  override name = "NotLoaded";
}

type Load = PanelDescriptor["load"];

const views = new Map<Load, ComponentType>();

/** The component behind `load`, once for all; one that could not be loaded is asked for again the next time. */
export function viewOf(load: Load): ComponentType {
  const known = views.get(load);
  if (known !== undefined) return known;
  const view = lazy(async () => {
    try {
      return await load();
    } catch (failure) {
      views.delete(load);
      throw new NotLoaded(failure instanceof Error ? failure.message : String(failure), { cause: failure });
    }
  });
  views.set(load, view);
  return view;
}
