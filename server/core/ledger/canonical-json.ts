import type { Fact } from "./event.ts";

/**
 * JSON canonicalisation (RFC 8785) of plain data: keys sorted by UTF-16 code units, numbers as ECMAScript writes them,
 * no white space. An absent (undefined) member of an object is left out; what has no place in I-JSON (a lone surrogate, a
 * number that is not finite, undefined in an array, an object that is not plain) throws.
 */
export function canonicalJson(value: Fact): string {
  switch (typeof value) {
    case "string":
      if (!value.isWellFormed()) throw new Error("canonical JSON: lone surrogate");
      return JSON.stringify(value);
    case "number":
      if (!Number.isFinite(value)) throw new Error("canonical JSON: number is not finite");
      return JSON.stringify(value);
    case "boolean":
      return value ? "true" : "false";
    case "object": {
      if (value === null) return "null";
      if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
      const prototype = Object.getPrototypeOf(value) as unknown;
      if (prototype !== Object.prototype && prototype !== null) throw new Error("canonical JSON: not a plain object");
      const members = value as { readonly [key: string]: Fact | undefined };
      let text = "";
      for (const key of Object.keys(members).sort()) {
        const member = members[key];
        if (member === undefined) continue;
        text += `${text === "" ? "" : ","}${canonicalJson(key)}:${canonicalJson(member)}`;
      }
      return `{${text}}`;
    }
    default:
      throw new Error(`canonical JSON: ${typeof value} has no form`);
  }
}
