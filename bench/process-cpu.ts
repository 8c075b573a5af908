import { readdirSync, readFileSync } from "node:fs";

/** Linux counts in hundredths of a second to user space, whatever its own tick is (USER_HZ, time(7)). */
const msPerTick = 10;

interface Stat {
  readonly pid: number;
  readonly parent: number;
  /** User and system time of the process and of its children that ended, in ms. */
  readonly cpuMs: number;
}

function statOf(pid: number): Stat | undefined {
  try {
    // The name stands in brackets and may hold spaces: fields are counted from the last bracket (proc_pid_stat(5)).
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0);
    return { pid, parent: Number(fields[1]), cpuMs: ticks * msPerTick };
  } catch {
    return undefined;
  }
}

/**
 * CPU time in ms that a process and all below it have used, ended ones included; without the trees that begin at `except`.
 */
export function cpuOfTree(root: number, except: readonly number[] = []): number {
  const stats = readdirSync("/proc")
    .filter((name) => /^[0-9]+$/.test(name))
    .flatMap((name) => statOf(Number(name)) ?? []);
  const children = new Map<number, Stat[]>();
  for (const stat of stats) children.set(stat.parent, [...(children.get(stat.parent) ?? []), stat]);
  let sum = 0;
  const queue = stats.filter((stat) => stat.pid === root);
  for (let stat = queue.pop(); stat !== undefined; stat = queue.pop()) {
    if (except.includes(stat.pid)) continue;
    sum += stat.cpuMs;
    queue.push(...(children.get(stat.pid) ?? []));
  }
  return sum;
}
