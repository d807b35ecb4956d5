"use client";

import { useCallback, useEffect, useRef } from "react";

/** One function for the life of a component that calls the one of the last render. */
export function useLatest<A extends unknown[], R>(handler: (...about: A) => R): (...about: A) => R {
  const latest = useRef(handler);
  useEffect(() => {
    latest.current = handler;
  });
  return useCallback((...about: A) => latest.current(...about), []);
}
