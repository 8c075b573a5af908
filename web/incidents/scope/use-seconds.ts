import { useEffect, useState } from "react";

/** Whole seconds since something began to run; 0 while nothing does. */
export function useSeconds(isRunning: boolean): number {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    if (!isRunning) return;
    const since = performance.now();
    setSeconds(0);
    const ticking = setInterval(() => setSeconds(Math.floor((performance.now() - since) / 1000)), 250);
    return () => clearInterval(ticking);
  }, [isRunning]);
  return isRunning ? seconds : 0;
}
