import { readFileSync } from "node:fs";

/** A process that cannot be mistaken for a later one with the same number: start in clock ticks since the named boot (proc(5)). */
export type ProcessIdentity = { readonly pid: number; readonly startTicks: string; readonly bootId: string };

/** The process with this number, or undefined when there is none or when it is a zombie that nobody has collected. */
export function findProcess(pid: number): ProcessIdentity | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the program's name in brackets and may itself hold spaces and brackets.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state, startTicks] = [fields[0], fields[19]];
    if (state === "Z" || state === "X" || startTicks === undefined) return undefined;
    return { pid, startTicks, bootId: readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim() };
  } catch {
    return undefined;
  }
}

export function isSameProcessAlive(identity: ProcessIdentity): boolean {
  const found = findProcess(identity.pid);
  return found !== undefined && found.startTicks === identity.startTicks && found.bootId === identity.bootId;
}

/** The arguments it was started with; empty when it is gone. Readable for every user, unlike /proc/PID/cwd. */
export function argumentsOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").slice(0, -1);
  } catch {
    return [];
  }
}
