import { companyCountFor, type SampleCustomer } from "./generate-customers.ts";
import { makeRandom } from "./make-random.ts";

/**
 * 山田電機株式会社, the believable company of demo, screenshots and journeys: a wholesaler of electrical equipment with
 * four sales offices and 25 members of staff.
 */
export const sampleOrganisation = "山田電機株式会社";
export const sampleMailDomain = "yamada-denki.example";

export interface SampleDepartment {
  readonly key: string;
  readonly parent: string | null;
  readonly name: string;
}

/** In an order in which each parent stands before its children. */
export const sampleDepartments = [
  { key: "head", parent: null, name: "本社" },
  { key: "sales", parent: "head", name: "営業本部" },
  { key: "tokyo", parent: "sales", name: "東京営業部" },
  { key: "tokyo-1", parent: "tokyo", name: "東京営業一課" },
  { key: "tokyo-2", parent: "tokyo", name: "東京営業二課" },
  { key: "osaka", parent: "sales", name: "大阪営業部" },
  { key: "nagoya", parent: "sales", name: "名古屋営業所" },
  { key: "fukuoka", parent: "sales", name: "福岡営業所" },
  { key: "care", parent: "sales", name: "お客様相談室" },
  { key: "administration", parent: "head", name: "管理部" },
  { key: "general-affairs", parent: "administration", name: "総務課" },
  { key: "accounting", parent: "administration", name: "経理課" },
  { key: "information", parent: "administration", name: "情報システム室" },
  { key: "audit", parent: "head", name: "内部監査室" },
] as const satisfies readonly SampleDepartment[];
export type SampleDepartmentKey = (typeof sampleDepartments)[number]["key"];

export interface SampleStaff {
  readonly key: string;
  readonly name: string;
  readonly mail: string;
  readonly department: SampleDepartmentKey;
  /** Keys of shipped roles. */
  readonly roles: readonly string[];
  /** Printed by the demo as an account to try. */
  readonly isToTry: boolean;
}

const staff = (key: string, name: string, department: SampleDepartmentKey, role: string, isToTry = false): SampleStaff => ({
  key,
  name,
  mail: `${key}@${sampleMailDomain}`,
  department,
  roles: [role],
  isToTry,
});

/**
 * 25 people. Office staff stand in the department whose customers they keep (営業本部 or one sales office), because a
 * right on "department" reaches that department and all below it.
 */
export const sampleStaff: readonly SampleStaff[] = [
  staff("t.yamada", "山田 太一", "head", "executive"),
  staff("k.fujita", "藤田 恵子", "general-affairs", "privacy-officer", true),
  staff("d.mori", "森 大輔", "information", "system-administrator", true),
  staff("a.komatsu", "小松 彩", "information", "system-administrator"),
  staff("m.shiraishi", "白石 実", "audit", "auditor"),
  staff("h.kuroda", "黒田 秀樹", "sales", "manager", true),
  staff("n.ogawa", "小川 直美", "tokyo", "manager"),
  staff("s.nishikawa", "西川 誠", "osaka", "manager"),
  staff("y.mizuno", "水野 洋平", "nagoya", "manager"),
  staff("r.koga", "古賀 亮", "fukuoka", "manager"),
  staff("s.sasaki", "佐々木 翔", "tokyo-1", "sales", true),
  staff("m.ishii", "石井 美咲", "tokyo-1", "sales"),
  staff("t.hamada", "濱田 拓也", "tokyo-2", "sales"),
  staff("y.arai", "新井 優子", "tokyo-2", "sales"),
  staff("k.tsuji", "辻 健太", "osaka", "sales"),
  staff("n.nakanishi", "中西 奈々", "osaka", "sales"),
  staff("h.okuno", "奥野 隼人", "osaka", "sales"),
  staff("k.sakakibara", "榊原 慎也", "nagoya", "sales"),
  staff("a.kamiya", "神谷 葵", "nagoya", "sales"),
  staff("d.matsuo", "松尾 大樹", "fukuoka", "sales"),
  staff("y.watanabe", "渡邉 由美子", "sales", "office", true),
  staff("c.endo", "遠藤 千春", "tokyo", "office"),
  staff("m.kishimoto", "岸本 真紀", "osaka", "office"),
  staff("s.hirai", "平井 沙織", "care", "desk-operator"),
  staff("gaibu.uemura", "植村 浩二", "care", "contractor"),
];

const eastern = /^(北海道|青森|岩手|宮城|秋田|山形|福島|茨城|栃木|群馬|埼玉|千葉|東京|神奈川|新潟|山梨|長野)/;
const central = /^(富山|石川|福井|岐阜|静岡|愛知|三重)/;
const western = /^(福岡|佐賀|長崎|熊本|大分|宮崎|鹿児島|沖縄|山口)/;

export interface Assignment {
  readonly department: SampleDepartmentKey;
  /** Key of a member of staff; `null` where nobody is named yet. */
  readonly owner: string | null;
}

/** Who looks after a customer: the sales office of the region, and there one person for all people of one company. */
export function assignCustomer(customer: SampleCustomer): Assignment {
  const where = customer.values.address;
  const turn = customer.company ?? customer.ordinal;
  const office: SampleDepartmentKey = eastern.test(where)
    ? turn % 2 === 0
      ? "tokyo-1"
      : "tokyo-2"
    : central.test(where)
      ? "nagoya"
      : western.test(where)
        ? "fukuoka"
        : "osaka";
  const sellers = sampleStaff.filter((one) => one.department === office && one.roles.includes("sales"));
  const isUnassigned = makeRandom(11, turn).chance(0.08);
  return { department: office, owner: isUnassigned ? null : (sellers[Math.floor(turn / 2) % sellers.length]?.key ?? null) };
}

export const sampleCustomerCount = 2000;
export const sampleCompanyCount = companyCountFor(sampleCustomerCount);
