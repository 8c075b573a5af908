import type { ScopeCause } from "#shared/incident-scope.ts";
import type { Load, Receipt } from "./incident-receipts.ts";

/** A seeded incident: what is asked of the product, and who received values by what the load itself saw. */
export interface IncidentCase {
  readonly name: string;
  readonly causes: readonly ScopeCause[];
  /** Persons (kept numbers) to whom something of it came. */
  readonly truth: ReadonlySet<number>;
}

/** Twenty incidents, every kind of cause among them. */
export function incidentCases(load: Load): IncidentCase[] {
  const { clerks, moments, departments } = load;
  const personOf = (no: number): number => load.merged.get(no) ?? no;
  const personsOf = (indexes: Iterable<number>): Set<number> => new Set([...indexes].map((index) => personOf(load.numberOf.get(index)!)));
  const received = (holds: (receipt: Receipt) => boolean, from?: Date, to?: Date): Set<number> =>
    personsOf(
      load.receipts
        .filter((receipt) => holds(receipt) && (from === undefined || receipt.at >= from.getTime()) && (to === undefined || receipt.at < to.getTime()))
        .flatMap((receipt) => receipt.found),
    );
  const unite = (...sets: readonly ReadonlySet<number>[]): Set<number> => new Set(sets.flatMap((set) => [...set]));
  const written = (at: number): Set<number> => new Set([...load.writtenBy[at]!].map(personOf));
  const cause = (kind: string, values: ScopeCause["values"] = [], from?: Date, to?: Date, keys?: ScopeCause["keys"]): ScopeCause => ({
    kind,
    values,
    ...(from === undefined ? {} : { from: from.toISOString() }),
    ...(to === undefined ? {} : { to: to.toISOString() }),
    ...(keys === undefined ? {} : { keys }),
  });
  const by = (at: number) => (receipt: Receipt) => receipt.accountNo === clerks[at]!.accountNo;
  const m = (at: number): Date => moments[at]!;
  const oldSession = load.receipts.find(by(2))!.sessionId;
  const [firstList, lastList] = [load.lists[0]!, load.lists[load.lists.length - 1]!];
  const firstImport = load.imports[0]!;
  const outside = [...load.numberOf.values()].filter((_, at) => at % 17 === 0).map(personOf);
  const last = moments.length - 1;
  return [
    { name: "account", causes: [cause("account", [clerks[0]!.accountNo])], truth: received(by(0)) },
    { name: "account in a window", causes: [cause("account", [clerks[5]!.accountNo], m(2), m(4))], truth: received(by(5), m(2), m(4)) },
    {
      name: "two accounts",
      causes: [cause("account", [clerks[1]!.accountNo], m(1), m(3)), cause("account", [clerks[2]!.accountNo], m(5))],
      truth: unite(received(by(1), m(1), m(3)), received(by(2), m(5))),
    },
    { name: "session", causes: [cause("session", [oldSession])], truth: received(({ sessionId }) => sessionId === oldSession) },
    {
      name: "device",
      causes: [cause("device", [clerks[3]!.deviceId], m(0), m(5))],
      truth: received(({ deviceId }) => deviceId === clerks[3]!.deviceId, m(0), m(5)),
    },
    { name: "lost-device", causes: [cause("lost-device", [clerks[4]!.deviceId], m(6))], truth: received(({ deviceId }) => deviceId === clerks[4]!.deviceId) },
    { name: "address", causes: [cause("address", [clerks[6]!.address])], truth: received(({ address }) => address === clerks[6]!.address) },
    {
      name: "address range",
      causes: [cause("address", ["127.0.1.0/24"], m(3), m(6))],
      truth: received(({ address }) => address.startsWith("127.0.1."), m(3), m(6)),
    },
    { name: "role", causes: [cause("role", ["office"])], truth: received(({ roles }) => roles.includes("office")) },
    { name: "role in a window", causes: [cause("role", ["sales"], m(2), m(6))], truth: received(({ roles }) => roles.includes("sales"), m(2), m(6)) },
    {
      name: "department",
      causes: [cause("department", [departments.west])],
      truth: received(({ departmentNo }) => departmentNo === departments.west),
    },
    { name: "department with those below", causes: [cause("department", [departments.head], m(1), m(2))], truth: received(() => true, m(1), m(2)) },
    { name: "list", causes: [cause("list", [firstList])], truth: received(({ listNo }) => listNo === firstList) },
    {
      name: "list and account",
      causes: [cause("list", [lastList]), cause("account", [clerks[7]!.accountNo], m(0), m(1))],
      truth: unite(
        received(({ listNo }) => listNo === lastList),
        received(by(7), m(0), m(1)),
      ),
    },
    { name: "import", causes: [cause("import", [firstImport.importNo])], truth: personsOf(firstImport.indexes) },
    {
      name: "whoever was shown an import",
      causes: [cause("account", [clerks[4]!.accountNo], m(4), m(5))],
      truth: received(by(4), m(4), m(5)),
    },
    { name: "time", causes: [cause("time", [], m(6), m(7))], truth: received(() => true, m(6), m(7)) },
    { name: "people", causes: [cause("people", outside)], truth: new Set(outside) },
    { name: "backup without keys", causes: [cause("backup", [], undefined, m(3), "apart")], truth: new Set() },
    { name: "backup with keys", causes: [cause("backup", [], undefined, m(3), "together")], truth: written(3) },
    {
      name: "database copy and account",
      causes: [cause("database", [], undefined, m(5), "apart"), cause("account", [clerks[1]!.accountNo], m(5))],
      truth: received(by(1), m(5)),
    },
    { name: "machine", causes: [cause("machine", [], m(2), m(last))], truth: written(last) },
  ];
}

/** How a scope compares with what was received. */
export function compareScope(
  truth: ReadonlySet<number>,
  tiers: { readonly confirmed: ReadonlySet<number>; readonly possible: ReadonlySet<number>; readonly excluded: ReadonlySet<number> },
) {
  const received = [...truth];
  const held = received.filter((no) => tiers.confirmed.has(no) || tiers.possible.has(no));
  const right = [...tiers.confirmed].filter((no) => truth.has(no));
  return {
    recall: received.length === 0 ? 1 : held.length / received.length,
    wrongExclusions: received.filter((no) => tiers.excluded.has(no)).length,
    /** Who received something and stands in no tier at all. */
    lost: received.filter((no) => !tiers.confirmed.has(no) && !tiers.possible.has(no) && !tiers.excluded.has(no)).length,
    precision: tiers.confirmed.size === 0 ? 1 : right.length / tiers.confirmed.size,
    missing: received.filter((no) => !held.includes(no)).slice(0, 5),
    beyond: [...tiers.confirmed].filter((no) => !truth.has(no)).slice(0, 5),
  };
}
