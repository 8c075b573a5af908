import { useEffect, useRef } from "react";

const signs = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"] as const;
const lookMilliseconds = 5000;

/** Calls `onLock` once nobody has touched any window of the product for `seconds`. A machine that slept counts as left. */
export function useIdleLock(seconds: number | undefined, onLock: () => void): void {
  const lock = useRef(onLock);
  useEffect(() => {
    lock.current = onLock;
  });
  useEffect(() => {
    if (seconds === undefined || seconds <= 0) return;
    let touchedAt = Date.now();
    let toldAt = 0;
    const windows = new BroadcastChannel("kuraban-touched");
    const look = () => {
      if (Date.now() - touchedAt >= seconds * 1000) lock.current();
    };
    const touch = () => {
      look();
      touchedAt = Date.now();
      if (touchedAt - toldAt < lookMilliseconds) return;
      toldAt = touchedAt;
      windows.postMessage("touched");
    };
    windows.addEventListener("message", () => {
      touchedAt = Date.now();
    });
    for (const sign of signs) window.addEventListener(sign, touch, { passive: true, capture: true });
    document.addEventListener("visibilitychange", look);
    const timer = setInterval(look, lookMilliseconds);
    return () => {
      clearInterval(timer);
      windows.close();
      document.removeEventListener("visibilitychange", look);
      for (const sign of signs) window.removeEventListener(sign, touch, { capture: true });
    };
  }, [seconds]);
}
