import { useCallback, useLayoutEffect, useRef } from "react";

/** A function that stays the same one and always does what was given last: for rows that are not to be rendered again. Not to be called while rendering. */
export function useStable<Given extends readonly unknown[], Result>(act: (...given: Given) => Result): (...given: Given) => Result {
  const latest = useRef(act);
  useLayoutEffect(() => {
    latest.current = act;
  });
  return useCallback((...given) => latest.current(...given), []);
}
