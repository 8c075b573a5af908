import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { listDepartments, listRoles, listStaff } from "#shared/accounts.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { listFields } from "#shared/fields.ts";
import type { Kind } from "#shared/rights.ts";
import type { Shown } from "#shared/shown.ts";
import { call } from "#web/call.ts";
import { useIsAtDeskAlone, useMe } from "#web/parts/use-me.ts";

export type Field = ReplyOf<typeof listFields>["fields"][number];
export type FieldSection = ReplyOf<typeof listFields>["sections"][number];
export type Department = ReplyOf<typeof listDepartments>["departments"][number];
export type Role = ReplyOf<typeof listRoles>["roles"][number];

/** Every field of a kind, those too whose values stand apart from the record: for naming what is already there. */
export function useAllFields(kind: Kind): readonly Field[] {
  const isAtDeskAlone = useIsAtDeskAlone();
  const { data } = useQuery({ queryKey: ["fields"], queryFn: () => call(listFields), staleTime: Infinity, enabled: !isAtDeskAlone });
  return useMemo(() => data?.fields.filter((field) => field.kind === kind) ?? [], [data, kind]);
}

/** The fields in use of a kind whose values stand in the record itself: for forms, columns and pages. In the contract's order. */
export function useFields(kind: Kind): readonly Field[] {
  const all = useAllFields(kind);
  return useMemo(() => all.filter((field) => field.place === "record" && !field.isArchived), [all]);
}

/** Reads the fields again every second while the house works on one of them in the background. */
export function useFieldProgress(fields: readonly Field[]): void {
  const isUnderWay = fields.some((field) => field.indexing === "building" || field.indexing === "clearing" || field.targetClass !== null);
  useQuery({ queryKey: ["fields"], queryFn: () => call(listFields), staleTime: Infinity, refetchInterval: isUnderWay ? 1000 : false });
}

/** The organisation's own sections of a kind, in their order. */
export function useSections(kind: Kind): readonly FieldSection[] {
  const { data } = useQuery({ queryKey: ["fields"], queryFn: () => call(listFields), staleTime: Infinity });
  return useMemo(() => data?.sections.filter((section) => section.kind === kind) ?? [], [data, kind]);
}

export function useDepartments(): readonly Department[] {
  const { data } = useQuery({ queryKey: ["departments"], queryFn: () => call(listDepartments), staleTime: Infinity });
  return data?.departments ?? [];
}

export function useRoles(): readonly Role[] {
  const { data } = useQuery({ queryKey: ["roles"], queryFn: () => call(listRoles), staleTime: Infinity });
  return data?.roles ?? [];
}

/** Names of the staff by account number; empty for those who may not read them. */
export function useStaff(): ReadonlyMap<number, Shown> {
  const { mayRead } = useMe();
  const { data } = useQuery({ queryKey: ["staff"], queryFn: () => call(listStaff), staleTime: Infinity, enabled: mayRead.account });
  return useMemo(() => new Map(data?.staff.map((one) => [one.accountNo, one.staffName])), [data]);
}

/** Those of the staff to whom a customer can be handed over. */
export function useHolders(): ReadonlyMap<number, Shown> {
  const { mayRead } = useMe();
  const { data } = useQuery({ queryKey: ["staff"], queryFn: () => call(listStaff), staleTime: Infinity, enabled: mayRead.account });
  return useMemo(() => new Map(data?.staff.filter((one) => one.mayHoldCustomers).map((one) => [one.accountNo, one.staffName])), [data]);
}

/** The text of a value where only the full value may stand in for a name; undefined otherwise. */
export function textOf(shown: Shown | undefined): string | undefined {
  return typeof shown === "string" && shown !== "" ? shown : undefined;
}
