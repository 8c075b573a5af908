import { banks, branches, considerations, homes, jobTitles, noteBodies, noteOpenings, sections } from "./company-words.ts";
import { blockNumber, generateCompany, postalCodeOf, type SampleCompany } from "./generate-companies.ts";
import { givenNames, type GivenName } from "./given-names.ts";
import { makeRandom, weightedPick, type Random } from "./make-random.ts";
import { landline, mobileNumber, seatOf } from "./phone-numbers.ts";
import { romanise } from "./romanise.ts";
import { surnames, type Surname } from "./surnames.ts";

/** Keys are those of shared/fields.ts, kind customer. `null` is an empty field. */
export interface CustomerValues {
  readonly fullName: string;
  readonly kana: string;
  readonly companyName: string | null;
  readonly section: string | null;
  readonly jobTitle: string | null;
  readonly mail: string | null;
  readonly phone: string | null;
  readonly mobile: string | null;
  readonly fax: string | null;
  readonly postalCode: string;
  readonly address: string;
  /** ISO 8601 date. */
  readonly birthDate: string | null;
  readonly gender: string | null;
  readonly notes: string | null;
  readonly memberNumber: string;
  readonly bankAccount: string | null;
  readonly considerations: string | null;
}

export interface SampleCustomer {
  /** 0, 1, 2 … */
  readonly ordinal: number;
  /** Ordinal of the company, `null` for a private person. */
  readonly company: number | null;
  readonly values: CustomerValues;
}

/** Every 2,000 customers are 1,700 people in 300 companies (1 to 51 each, few large ones) and 300 private persons. */
export const blockSize = 2000;
export const companiesPerBlock = 300;
const staffPerBlock = 1700;

const seatCompany = new Uint16Array(staffPerBlock);
const seatPosition = new Uint8Array(staffPerBlock);
const companySize = new Uint8Array(companiesPerBlock).fill(1);
{
  const spare = staffPerBlock - companiesPerBlock;
  const shares = Array.from({ length: companiesPerBlock }, (_, rank) => (rank + 4) ** -0.8);
  const total = shares.reduce((sum, share) => sum + share, 0);
  // 97 shares no divisor with 300: large and small companies alternate by number.
  const companyAt = (rank: number): number => (rank * 97) % companiesPerBlock;
  let given = 0;
  shares.forEach((share, rank) => {
    const more = Math.floor((share / total) * spare);
    companySize[companyAt(rank)]! += more;
    given += more;
  });
  for (let rank = 0; given < spare; rank += 1, given += 1) companySize[companyAt(rank % companiesPerBlock)]! += 1;
  let seat = 0;
  companySize.forEach((size, company) => {
    for (let position = 0; position < size; position += 1, seat += 1) {
      seatCompany[seat] = company;
      seatPosition[seat] = position;
    }
  });
}

/** How many companies the first `customers` customers belong to at most. */
export const companyCountFor = (customers: number): number => Math.ceil(customers / blockSize) * companiesPerBlock;

const pickSurname = weightedPick<Surname>(surnames, (surname) => surname.weight);
const pickTitle = weightedPick<readonly [string, number]>(jobTitles, ([, weight]) => weight);

interface Person {
  readonly gender: "男" | "女";
  readonly birthYear: number;
  readonly surname: Surname;
  readonly given: GivenName;
}

function drawPerson(random: Random, oldest: number, youngest: number, womenShare: number): Person {
  const gender = random.chance(womenShare) ? "女" : "男";
  const birthYear = oldest + random.below(youngest - oldest + 1);
  const usual = birthYear < 1955 ? 0 : birthYear < 1975 ? 1 : birthYear < 1990 ? 2 : 3;
  const band = random.chance(0.8) ? usual : Math.min(3, Math.max(0, usual + (random.chance(0.5) ? 1 : -1)));
  return { gender, birthYear, surname: pickSurname(random), given: random.pick(givenNames[gender][band]!) };
}

interface Member extends Person {
  readonly mailName: string;
}

interface Firm {
  readonly company: SampleCompany;
  readonly members: readonly Member[];
}

/** Colleagues have distinct names, written and read, and distinct mail names: they are drawn together. */
function drawFirm(seed: number, ordinal: number): Firm {
  const random = makeRandom(seed, 2, ordinal);
  const style = random.below(4);
  const names = new Set<string>();
  const mailNames = new Set<string>();
  const members = Array.from({ length: companySize[ordinal % companiesPerBlock]! }, (): Member => {
    let person = drawPerson(random, 1960, 2003, 0.32);
    // 翔 is ショウ or カケル: two people of one company with one written name would be taken for one.
    const namesOf = ({ surname, given }: Person): string[] => [`${surname.kana}${given.kana}`, `${surname.written}${given.written}`];
    while (namesOf(person).some((name) => names.has(name))) person = drawPerson(random, 1960, 2003, 0.32);
    for (const name of namesOf(person)) names.add(name);
    const [family, given] = [romanise(person.surname.kana), romanise(person.given.kana)];
    const wanted = [`${given[0]}.${family}`, family, `${given}.${family}`, `${family}-${given[0]}`][style]!;
    let mailName = wanted;
    for (let count = 2; mailNames.has(mailName); count += 1) mailName = `${wanted}${count}`;
    mailNames.add(mailName);
    return { ...person, mailName };
  });
  return { company: generateCompany(seed, ordinal), members };
}

const pad = (value: number): string => String(value).padStart(2, "0");

/**
 * A maker of believable Japanese customers: surnames in the proportions of Japan, names by gender and age, colleagues who
 * share a company, addresses in 146 municipalities. Customer n is the same for the same seed, however many are made and
 * in whatever order. Mails, phones and mobiles are distinct up to a million customers.
 */
export function customerMaker(seed: number): (ordinal: number) => SampleCustomer {
  const firms = new Map<number, Firm>();
  const firmOf = (ordinal: number): Firm => {
    const known = firms.get(ordinal);
    if (known !== undefined) return known;
    if (firms.size >= 2 * companiesPerBlock) firms.clear();
    const firm = drawFirm(seed, ordinal);
    firms.set(ordinal, firm);
    return firm;
  };

  return (ordinal) => {
    const block = Math.floor(ordinal / blockSize);
    // 1,231 shares no divisor with 2,000: colleagues do not stand side by side.
    const seat = ((ordinal % blockSize) * 1231 + 17) % blockSize;
    const random = makeRandom(seed, 3, ordinal);
    if (seat < staffPerBlock) {
      const firm = firmOf(block * companiesPerBlock + seatCompany[seat]!);
      return staffMember(seed, ordinal, firm, seatPosition[seat]!, random);
    }
    return privatePerson(seed, ordinal, block * (blockSize - staffPerBlock) + (seat - staffPerBlock), random);
  };
}

/** The customers `from` … `from + count − 1`, one after the other. */
export function* generateCustomers(seed: number, count: number, from = 0): Generator<SampleCustomer, void> {
  const make = customerMaker(seed);
  for (let ordinal = from; ordinal < from + count; ordinal += 1) yield make(ordinal);
}

function staffMember(seed: number, ordinal: number, firm: Firm, position: number, random: Random): SampleCustomer {
  const { company } = firm;
  const person = firm.members[position]!;
  const hasMail = random.chance(0.92);
  return {
    ordinal,
    company: company.ordinal,
    values: {
      ...personValues(person, ordinal, random, 0.35),
      companyName: random.chance(0.8) ? company.values.companyName : company.shortName,
      section: random.chance(0.9) ? random.pick(sections) : null,
      jobTitle: pickTitle(random)[0] || null,
      mail: hasMail ? `${person.mailName}@${company.mailDomain}` : null,
      phone: !hasMail || random.chance(0.9) ? landline(company.place.areaCode, seed, { company: company.rank, extension: position }) : null,
      mobile: random.chance(0.45) ? mobile(seed, ordinal, random) : null,
      fax: random.chance(0.5) ? company.fax : null,
      postalCode: company.values.postalCode,
      address: company.values.address,
    },
  };
}

function privatePerson(seed: number, ordinal: number, household: number, random: Random): SampleCustomer {
  const person = drawPerson(random, 1938, 2006, 0.52);
  const { place, placeNo, rank } = seatOf(household, seed + 1);
  const town = random.below(place.towns.length);
  const [family, given] = [romanise(person.surname.kana), romanise(person.given.kana)];
  const hasMobile = random.chance(0.93);
  return {
    ordinal,
    company: null,
    values: {
      ...personValues(person, ordinal, random, 0.85),
      companyName: null,
      section: null,
      jobTitle: null,
      mail: random.chance(0.8)
        ? `${random.pick([`${given}.${family}`, `${family}_${given[0]}`, `${given}${String(person.birthYear).slice(2)}`])}.${household.toString(36)}@${random.pick(["mail.example.jp", "keitai.example.ne.jp", "example.com", "post.example"])}`
        : null,
      phone: !hasMobile || random.chance(0.4) ? landline(place.areaCode, seed, { household: rank }) : null,
      mobile: hasMobile ? mobile(seed, ordinal, random) : null,
      fax: null,
      postalCode: postalCodeOf(place, placeNo, town),
      address: `${place.prefecture}${place.municipality}${place.towns[town]!}${blockNumber(random)}${random.chance(0.45) ? ` ${random.pick(homes)}${place.towns[town]!}${1 + random.below(12)}0${1 + random.below(8)}号室` : ""}`,
    },
  };
}

const mobile = (seed: number, ordinal: number, random: Random): string =>
  mobileNumber(ordinal, seed, random.pick(["090", "090", "080", "080", "070"] as const));

function personValues(person: Person, ordinal: number, random: Random, birthKnown: number) {
  const bank = random.chance(0.12);
  return {
    fullName: `${person.surname.written}　${person.given.written}`,
    kana: `${person.surname.kana}　${person.given.kana}`,
    birthDate: random.chance(birthKnown) ? `${person.birthYear}-${pad(1 + random.below(12))}-${pad(1 + random.below(28))}` : null,
    gender: random.chance(0.7) ? `${person.gender}性` : null,
    notes: random.chance(0.45) ? `${random.pick(noteOpenings)}${random.chance(0.7) ? random.pick(noteBodies) : ""}` : null,
    memberNumber: `C${String(ordinal + 1).padStart(7, "0")}`,
    bankAccount: bank
      ? `${random.pick(banks)} ${random.pick(branches)} 普通 ${1_000_000 + random.below(9_000_000)} ${person.surname.kana} ${person.given.kana}`
      : null,
    considerations: random.chance(0.03) ? random.pick(considerations) : null,
  };
}
