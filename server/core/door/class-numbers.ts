import { fieldClasses, type FieldClass } from "#shared/rights.ts";

/** The number of a field class as it stands in blobs and tables: 0 open … 3 sensitive. */
export function classNumber(fieldClass: FieldClass): number {
  return fieldClasses.indexOf(fieldClass);
}

export function classOfNumber(number: number): FieldClass {
  const found = fieldClasses[number];
  if (found === undefined) {
    throw new Error(`There is no field class ${number}.`);
  }
  return found;
}
