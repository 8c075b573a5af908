import { z } from "zod";
import { shown } from "#shared/shown.ts";
import { confirmationOf } from "./confirmed.ts";
import type { Releasing } from "./release.ts";
import { Sealed, SealedText, SealedValues } from "./sealed-record.ts";

/** Puts released values (or their masks, or nothing) in the places of handles. */
export type Open = Pick<Releasing, "open" | "openValues" | "confirm">;
type Build = (draft: unknown, open: Open) => unknown;

const compiled = new WeakMap<z.ZodType, Build>();

interface Definition {
  readonly type: string;
  readonly shape?: Record<string, z.ZodType>;
  readonly element?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly innerType?: z.ZodType;
  readonly options?: readonly z.ZodType[];
}

/**
 * Builds a reply by its schema: what the schema does not list is dropped, and every personal place is filled by the
 * door. A plain string in a personal place is a defect of the use case and throws; so does a handle anywhere else.
 */
export function buildReply(schema: z.ZodType, draft: unknown, open: Open): unknown {
  let build = compiled.get(schema);
  if (build === undefined) {
    build = compile(schema);
    compiled.set(schema, build);
  }
  return build(draft, open);
}

/** Elements of a list between two turns that are offered: a millisecond or two of rows. */
const elementsATurn = 64;

interface Part {
  readonly key: string;
  readonly build: Build;
  /** Builds one element, where the part is a list. */
  readonly element: Build | undefined;
}
const partsOfReplies = new WeakMap<z.ZodType, readonly Part[]>();

function partsOf(schema: z.ZodType): readonly Part[] {
  let parts = partsOfReplies.get(schema);
  if (parts === undefined) {
    const { shape } = schema.def as unknown as Definition;
    parts = Object.entries(shape ?? {}).map(([key, part]) => {
      const { type, element } = part.def as unknown as Definition;
      return { key, build: compile(part), element: type === "array" ? compile(element as z.ZodType) : undefined };
    });
    partsOfReplies.set(schema, parts);
  }
  return parts;
}

/**
 * As {@link buildReply}; where a part of the reply is a long list, `giveTurn` is asked every few elements whether somebody is to have
 * a turn of the event loop meanwhile, and waited for when it answers with a promise.
 */
export async function buildReplyInTurns(schema: z.ZodType, draft: unknown, open: Open, giveTurn: () => Promise<void> | undefined): Promise<unknown> {
  const isLong = (part: unknown): part is readonly unknown[] => Array.isArray(part) && part.length > elementsATurn;
  if ((schema.def as unknown as Definition).type !== "object" || !Object.values(draft ?? {}).some(isLong)) {
    return buildReply(schema, draft, open);
  }
  const built: Record<string, unknown> = {};
  for (const { key, build, element } of partsOf(schema)) {
    const value = (draft as Record<string, unknown>)[key];
    if (value === undefined) {
      continue;
    }
    if (element === undefined || !isLong(value)) {
      built[key] = build(value, open);
      continue;
    }
    confirmList(value, open);
    const list: unknown[] = [];
    for (const item of value) {
      list.push(element(item, open));
      if (list.length % elementsATurn === 0) {
        await giveTurn();
      }
    }
    built[key] = list;
  }
  return built;
}

function confirmList(list: readonly unknown[], open: Open): void {
  const confirmation = confirmationOf(list);
  if (confirmation !== undefined) {
    open.confirm(confirmation);
  }
}

function compile(schema: z.ZodType): Build {
  if (schema === (shown as z.ZodType)) {
    return (draft, open) => {
      if (draft === null || draft instanceof Sealed || draft instanceof SealedText) {
        return open.open(draft);
      }
      throw new Error("A personal place of a reply holds something that is not a handle.");
    };
  }
  const definition = schema.def as unknown as Definition;
  switch (definition.type) {
    case "object": {
      const parts = Object.entries(definition.shape ?? {}).map(([key, part]) => [key, compile(part)] as const);
      return (draft, open) => {
        const source = draft as Record<string, unknown>;
        const built: Record<string, unknown> = {};
        for (const [key, part] of parts) {
          const value = source[key];
          if (value !== undefined) {
            built[key] = part(value, open);
          }
        }
        return built;
      };
    }
    case "array": {
      const element = compile(definition.element as z.ZodType);
      return (draft, open) => {
        const list = draft as readonly unknown[];
        confirmList(list, open);
        return list.map((item) => element(item, open));
      };
    }
    case "record": {
      const value = compile(definition.valueType as z.ZodType);
      const isPersonal = definition.valueType === (shown as z.ZodType);
      return (draft, open) => {
        if (draft instanceof SealedValues) {
          if (!isPersonal) {
            throw new Error("Handles of values stand where a reply has none.");
          }
          return open.openValues(draft);
        }
        const built: Record<string, unknown> = {};
        for (const [key, part] of Object.entries(draft as Record<string, unknown>)) {
          built[key] = value(part, open);
        }
        return built;
      };
    }
    case "optional":
    case "nullable":
    case "default":
    case "readonly": {
      const inner = compile(definition.innerType as z.ZodType);
      return (draft, open) => (draft === null || draft === undefined ? draft : inner(draft, open));
    }
    case "union":
      return compileUnion(definition.options ?? []);
    default:
      return (draft) => {
        if (draft instanceof Sealed || draft instanceof SealedText || (typeof draft === "object" && draft !== null)) {
          throw new Error(`A reply's place of type ${definition.type} holds something else.`);
        }
        return draft;
      };
  }
}

/** A union of objects is told apart by its literal `kind`; a union of plain values passes as it is. */
function compileUnion(options: readonly z.ZodType[]): Build {
  const builds = options.map((option) => ({
    kinds: kindsOf(option),
    isObject: (option.def as unknown as Definition).type === "object",
    build: compile(option),
  }));
  return (draft, open) => {
    if (typeof draft !== "object" || draft === null) {
      return draft;
    }
    const kind = (draft as { kind?: unknown }).kind;
    const fitting = builds.find((part) => part.isObject && (part.kinds === undefined || part.kinds.includes(kind)));
    if (fitting === undefined) {
      throw new Error("A reply fits none of the shapes that its schema allows.");
    }
    return fitting.build(draft, open);
  };
}

function kindsOf(option: z.ZodType): readonly unknown[] | undefined {
  const kind = (option.def as unknown as Definition).shape?.["kind"];
  if (kind === undefined) {
    return undefined;
  }
  const definition = kind.def as unknown as { values?: readonly unknown[]; entries?: Record<string, unknown> };
  return definition.values ?? Object.values(definition.entries ?? {});
}
