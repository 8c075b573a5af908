import { z } from "zod";

/**
 * A personal value as it stands in a reply. Only the door makes one: on the server a use case fills the place with a
 * handle (`sealed(record, field)`), and the door opens it while the reply is built.
 *
 * - `string`            the full value
 * - `{ masked }`        the value's shape, e.g. `090-••••-1234`
 * - `{ hidden: true }`  the reader has no right to it; says nothing about whether a value exists
 * - `null`              empty
 */
export type Shown = string | { masked: string } | { hidden: true } | null;

export const shown = z
  .union([z.string(), z.object({ masked: z.string() }), z.object({ hidden: z.literal(true) }), z.null()])
  .meta({ id: "Shown", description: "A personal value: full, masked, hidden or empty." });

/** Values of one record by field key. Fields that were not asked for are absent. */
export const shownValues = z.record(z.string(), shown);
