import { dayAfter, dayInJapan } from "#shared/day-in-japan.ts";
import type { SampleCustomer } from "./generate-customers.ts";
import { makeRandom } from "./make-random.ts";

const sources = ["展示会", "ホームページ", "既存のお客様の紹介", "飛び込み営業", "業界紙の広告"] as const;
const hobbies = ["ゴルフ", "釣り", "家庭菜園", "登山", "囲碁", "写真", "野球観戦", "読書", "料理", "将棋", "サイクリング", "クラシック音楽"] as const;
const choice = (ja: string, en: string) => ({ key: null, ja, en, isRetired: false });

/** Fields that the sample company added for its customers, as they are defined by the product's own use case. */
export const sampleOwnFields = [
  {
    name: "source",
    definition: {
      ja: "紹介元",
      en: "Heard of us by",
      type: "choice",
      class: "internal",
      mask: "none",
      isSearchable: false,
      isRequired: false,
      choices: [
        choice(sources[0], "Trade fair"),
        choice(sources[1], "Website"),
        choice(sources[2], "A customer"),
        choice(sources[3], "Cold visit"),
        choice(sources[4], "Trade paper"),
      ],
      sectionNo: null,
    },
  },
  {
    name: "hobby",
    definition: {
      ja: "趣味",
      en: "Hobby",
      type: "text",
      class: "personal",
      mask: "none",
      isSearchable: true,
      isRequired: false,
      choices: [],
      sectionNo: null,
    },
  },
  {
    name: "renewal",
    definition: {
      ja: "契約更新日",
      en: "Contract renewal",
      type: "date",
      class: "internal",
      mask: "none",
      isSearchable: false,
      isRequired: false,
      choices: [],
      sectionNo: null,
    },
  },
] as const;

/** What the sample company wrote into its own fields, of a part of its customers. */
export function sampleOwnValues(
  seed: number,
  until: Date,
  customer: SampleCustomer,
): Readonly<Partial<Record<(typeof sampleOwnFields)[number]["name"], string>>> {
  const random = makeRandom(seed, 13, customer.ordinal);
  return {
    ...(random.chance(0.55) ? { source: random.pick(sources) } : {}),
    ...(random.chance(0.18) ? { hobby: random.pick(hobbies) } : {}),
    ...(customer.company !== null && random.chance(0.3) ? { renewal: dayAfter(dayInJapan(until), random.below(365) - 20) } : {}),
  };
}
