import ICAL from "ical.js";
import { decodeQuoted, splitComponents } from "./quoted-printable.ts";

/** A property of a card. Names and types are upper case; a value without structure is one component. */
export interface CardProperty {
  readonly name: string;
  readonly types: readonly string[];
  readonly parameters: Readonly<Record<string, string>>;
  readonly components: readonly string[];
}

export interface ReadCard {
  readonly properties: readonly CardProperty[];
  /** Lines that are no property. */
  readonly strayLines: readonly string[];
}

const structured: ReadonlySet<string> = new Set(["N", "ADR", "ORG", "SOUND"]);

/**
 * Reads the properties of a card. Versions 3.0 (RFC 2426) and 4.0 (RFC 6350) are read by ical.js; what it refuses, and
 * 2.1 (versit, 1996) with its quoted-printable and its bare types, line by line. Never throws.
 */
export function readCard(lines: readonly string[]): ReadCard {
  const isOld = lines.some((line) => /^VERSION\s*:\s*2/i.test(line) || /^[^:]*QUOTED-PRINTABLE[^:]*:/i.test(line));
  return (isOld ? undefined : readModern(lines)) ?? readLines(lines);
}

type JCardProperty = readonly [name: string, parameters: Record<string, string | string[]>, type: string, ...values: (string | (string | string[])[])[]];

function readModern(lines: readonly string[]): ReadCard | undefined {
  // Before the version nothing says how to read a line, and some writers put it last.
  const version = lines.find((line) => /^VERSION\s*:/i.test(line)) ?? "VERSION:3.0";
  const text = ["BEGIN:VCARD", version.trim(), ...lines.filter((line) => !/^VERSION\s*:/i.test(line)), "END:VCARD"].join("\r\n");
  try {
    const [, properties] = ICAL.parse(text) as [string, JCardProperty[]];
    return { properties: properties.map(fromJCard), strayLines: [] };
  } catch {
    return undefined;
  }
}

function fromJCard([name, parameters, , ...values]: JCardProperty): CardProperty {
  const words = (given: string | string[] | undefined): string[] => (given === undefined ? [] : [given].flat().flatMap((word) => word.split(",")));
  const flat = (value: string | (string | string[])[]): string[] =>
    Array.isArray(value) ? value.map((component) => (Array.isArray(component) ? component.join("、") : String(component))) : [String(value)];
  return {
    name: name.toUpperCase(),
    types: [...words(parameters["type"]), ...(parameters["pref"] === undefined ? [] : ["pref"])].map((type) => type.toUpperCase()),
    parameters: Object.fromEntries(Object.entries(parameters).map(([key, value]) => [key.toUpperCase(), [value].flat().join(",")])),
    components: values.length > 1 ? [values.flatMap(flat).join("、")] : flat(values[0] ?? ""),
  };
}

function readLines(lines: readonly string[]): ReadCard {
  const properties: CardProperty[] = [];
  const strayLines: string[] = [];
  for (const line of lines) {
    const property = readLine(line);
    if (property === undefined) strayLines.push(line);
    else properties.push(property);
  }
  return { properties, strayLines };
}

function readLine(line: string): CardProperty | undefined {
  const head = /^(?:[\w-]+\.)?([A-Za-z][\w-]*)((?:;(?:[^":;]|"[^"]*")*)*):/.exec(line);
  if (head === null) return undefined;
  const name = (head[1] as string).toUpperCase();
  const types: string[] = [];
  const parameters: Record<string, string> = {};
  for (const parameter of (head[2] ?? "").split(";").filter((part) => part !== "")) {
    const [key = "", value] = parameter.split(/=(.*)/s);
    const word = key.trim().toUpperCase();
    // Version 2.1 writes types bare: TEL;CELL;VOICE:
    if (value === undefined) types.push(word);
    else if (word === "TYPE") types.push(...value.replaceAll('"', "").toUpperCase().split(","));
    else parameters[word] = value.replace(/^"(.*)"$/, "$1");
  }
  const text = line.slice(head[0].length);
  const isQuoted = types.includes("QUOTED-PRINTABLE") || /^QUOTED-PRINTABLE$/i.test(parameters["ENCODING"] ?? "");
  const isEncoded = types.includes("BASE64") || /^(?:BASE64|B)$/i.test(parameters["ENCODING"] ?? "");
  if (isEncoded) return { name, types, parameters, components: [""] };
  const isStructured = structured.has(name);
  const components = isQuoted ? decodeQuoted(text, parameters["CHARSET"], isStructured) : splitComponents(text, isStructured);
  return { name, types, parameters, components };
}
