import type { Actor, Act } from "./chunk.ts";

/**
 * Marks of a chunk: 32-bit hashes of the sessions, devices, addresses, accounts and lists that its events name, ascending, so that
 * whoever asks for one of them reads the chunks where it may be and no others. A mark says "perhaps": two names may share one.
 */
export type Marked = "account" | "session" | "device" | "address" | "list";

/** FNV-1a, 32 bits, as a signed integer; of the kind and the name. */
export function markOf(kind: Marked, name: string | number): number {
  let hash = 0x811c9dc5;
  const text = `${kind}:${name}`;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash | 0;
}

export function marksOf(events: Iterable<Pick<Actor & Act, "accountNo" | "sessionId" | "deviceId" | "address" | "listNo">>): number[] {
  const named: Record<Marked, Set<string | number>> = { account: new Set(), session: new Set(), device: new Set(), address: new Set(), list: new Set() };
  for (const { accountNo, sessionId, deviceId, address, listNo } of events) {
    if (accountNo !== null) named.account.add(accountNo);
    if (sessionId !== null) named.session.add(sessionId);
    if (deviceId !== null) named.device.add(deviceId);
    // An IPv4 address written as an IPv6 one (RFC 4291, 2.5.5.2) is found by its IPv4 form.
    if (address !== null) named.address.add(address.replace(/^::ffff:(?=\d+\.)/i, ""));
    if (listNo !== null) named.list.add(listNo);
  }
  const marks = new Set<number>();
  for (const [kind, names] of Object.entries(named)) for (const name of names) marks.add(markOf(kind as Marked, name));
  return [...marks].sort((a, b) => a - b);
}
