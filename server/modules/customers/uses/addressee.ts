import type { ReplyOf } from "#shared/endpoint.ts";
import type { Shown } from "#shared/shown.ts";
import type { printLabels } from "#shared/uses.ts";

/** One address as it goes on paper. `""` where there is nothing. */
export interface Addressee {
  /** Seven digits, or `""`. */
  readonly postalCode: string;
  readonly address: string;
  readonly company: string;
  /** 部署 and 役職, in one line. */
  readonly position: string;
  readonly name: string;
  /** 様, 殿, 御中 or `""`, of the name or, without one, of the company. */
  readonly honorific: string;
}

const written = { sama: "様", dono: "殿", none: "" } as const;

type Printed = ReplyOf<typeof printLabels>;

export function addresseeOf(values: Readonly<Record<string, Shown>>, honorific: Printed["honorific"]): Addressee {
  const of = (key: string): string => {
    const value = values[key];
    return typeof value === "string" ? value.trim() : "";
  };
  const digits = of("postalCode").normalize("NFKC").replaceAll(/\D/g, "");
  const name = of("fullName");
  const position = [of("section"), of("jobTitle")].filter((part) => part !== "").join("　");
  return {
    postalCode: digits.length === 7 ? digits : "",
    address: of("address").replace(/^\s*〒?\s*[\d０-９]{3}[-‐−ー－]?[\d０-９]{4}\s*/u, ""),
    company: of("companyName"),
    position,
    name,
    honorific: name === "" ? (of("companyName") === "" ? "" : "御中") : written[honorific],
  };
}
