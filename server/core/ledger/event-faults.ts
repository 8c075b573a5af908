import type { StoredEvent } from "./archive/stored-event.ts";
import { leafOfHeader, parseHeader, type Header } from "./encode.ts";
import { rootOfEntries } from "./entries.ts";
import { sha256 } from "./primitives.ts";

/** What is wrong with an event in itself. */
export function faultsOf(row: StoredEvent): string[] {
  const faults: string[] = [];
  if (!leafOfHeader(row.header).equals(row.leaf_hash)) faults.push("header was changed");
  let header: Header;
  try {
    header = parseHeader(row.header);
  } catch {
    return [...faults, "header cannot be read"];
  }
  const isAsStated =
    header.type === row.type &&
    header.at === row.at.toISOString() &&
    (header.accountNo ?? null) === row.account_no &&
    (header.sessionId ?? null) === row.session_id;
  if (!isAsStated) faults.push("columns differ from the header");
  if (!holdsEntries(header, row)) faults.push("entries were changed");
  if (!holdsHash(header.writes, row.writes)) faults.push("writes were changed");
  if (!holdsHash(header.sealed, row.sealed)) faults.push("sealed parts were changed");
  return faults;
}

function holdsHash(stated: string | undefined, section: Buffer | null): boolean {
  return section === null ? stated === undefined : sha256(section).toString("base64url") === stated;
}

function holdsEntries(header: Header, row: StoredEvent): boolean {
  if (row.entries === null || row.salt === null) return row.entries === row.salt && header.entries === undefined;
  try {
    const { count, root } = rootOfEntries(row.entries, row.salt);
    return count === header.entries?.count && root.toString("base64url") === header.entries.root;
  } catch {
    return false;
  }
}
