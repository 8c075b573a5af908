/** Level of mental distress (x) and of economic loss (y) by item, 1 to 3 (JNSA JOモデル). Items are those of the report form. */
const levels: Readonly<Record<string, readonly [mental: Level, economic: Level]>> = {
  name: [1, 1],
  birth: [1, 1],
  sex: [1, 1],
  address: [1, 1],
  phone: [1, 1],
  mail: [1, 1],
  password: [1, 2],
  purchases: [1, 2],
  card: [1, 3],
  sensitive: [2, 1],
};

type Level = 1 | 2 | 3;

export interface DamagesInput {
  readonly mental: Level;
  readonly economic: Level;
  /** 本人特定容易度: 6 name and address, 3 name, or address with telephone, 1 else. */
  readonly identifiability: 6 | 3 | 1;
  /** 社会的責任度: 2 of medicine, finance, public bodies and the like. */
  readonly responsibility: 2 | 1;
  /** 事後対応評価: 2 where it was handled badly. */
  readonly handling: 2 | 1;
}

/**
 * What one person might claim, in yen: 500 × (10^(x−1) + 5^(y−1)) × identifiability × responsibility × handling (JNSA). It supposes
 * that everybody sues; in the past few did.
 */
export function damagesPerPerson(given: DamagesInput): number {
  const base = 500 * (10 ** (given.mental - 1) + 5 ** (given.economic - 1));
  return base * given.identifiability * given.responsibility * given.handling;
}

/** The levels that a set of items comes to: of each the highest. Items that the model does not know count as the lowest. */
export function damagesOf(items: readonly string[]): Pick<DamagesInput, "mental" | "economic" | "identifiability"> {
  const has = (item: string): boolean => items.includes(item);
  const highest = (axis: 0 | 1): Level => Math.max(1, ...items.map((item) => levels[item]?.[axis] ?? 1)) as Level;
  const isNamed = has("name");
  return {
    mental: highest(0),
    economic: highest(1),
    identifiability: isNamed && has("address") ? 6 : isNamed || (has("address") && has("phone")) ? 3 : 1,
  };
}

export interface CostLine {
  readonly key: string;
  readonly ja: string;
  readonly en: string;
  /** Yen. */
  readonly low: number;
  readonly high: number;
}

const man = 10_000;

/** What handling an incident usually costs (JNSA インシデント損害額調査レポート 第2版, 2024-02), for so many people. Yen. */
export function usualCosts(given: { persons: number; isAttack: boolean; hasCards: boolean; isPublished: boolean }): CostLine[] {
  const fixed = (key: string, ja: string, en: string, low: number, high: number): CostLine => ({ key, ja, en, low: low * man, high: high * man });
  const each = (key: string, ja: string, en: string, yen: number): CostLine => ({ key, ja, en, low: yen * given.persons, high: yen * given.persons });
  return [
    ...(given.isAttack ? [fixed("investigation", "原因の調査(外部機関)", "Investigation by an outside body", 300, 400)] : []),
    fixed("consulting", "対応の助言", "Consulting", 10, 100),
    fixed("legal", "法律相談", "Legal advice", 30, 100),
    each("letters", "おわび状の送付(1人130円)", "Letters (130 yen each)", 130),
    ...(given.isPublished ? [fixed("newspaper", "新聞への広告(地方紙)", "Notice in a regional paper", 50, 50)] : []),
    fixed("desk", "電話窓口(3か月)", "Call centre for 3 months", 700, 1000),
    each("vouchers", "おわびの品(1人650円)", "Vouchers (650 yen each)", 650),
    ...(given.isPublished ? [fixed("reputation", "風評への対応", "Watching what is said in public", 300, 900)] : []),
    ...(given.hasCards ? [fixed("cards", "カード不正利用の監視(1か月)", "Watching card fraud, one month", 100, 500)] : []),
  ];
}
