import type { FieldClass } from "#shared/rights.ts";
import { classNumber } from "./class-numbers.ts";
import type { Vault, Subject } from "#server/core/vault/index.ts";

/** Seals texts that belong to a subject without being fields of its record: a query, a file's name, staged cells. */
export function sealText(vault: Vault, subject: Subject, fieldClass: FieldClass, version: number, texts: Readonly<Record<string, string | null>>): Buffer {
  return vault.seal(subject, classNumber(fieldClass), version, JSON.stringify(texts));
}
