import { createContext, useContext } from "react";
import type { Standing } from "#shared/measures.ts";

export const calm: Standing = { exportsHeld: false, readOnly: false, stopped: null };
export const StandingContext = createContext<Standing>(calm);

/** What is in force over the whole service at this moment (応急措置). */
export function useStanding(): Standing {
  return useContext(StandingContext);
}
