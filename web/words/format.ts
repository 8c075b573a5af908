export type Language = "ja" | "en";

const zone = "Asia/Tokyo";
const parts = new Intl.DateTimeFormat("en-GB", {
  timeZone: zone,
  year: "numeric",
  month: "numeric",
  day: "numeric",
  weekday: "short",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});
const era = new Intl.DateTimeFormat("ja-JP-u-ca-japanese", { timeZone: zone, era: "long", year: "numeric", month: "long", day: "numeric" });
const weekdaysJa: Readonly<Record<string, string>> = { Sun: "日", Mon: "月", Tue: "火", Wed: "水", Thu: "木", Fri: "金", Sat: "土" };
const monthsEn = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function partsOf(at: Date): Readonly<Record<string, string>> {
  const found = Object.fromEntries(parts.formatToParts(at).map((part) => [part.type, part.value]));
  return { ...found, month: String(Number(found["month"])), day: String(Number(found["day"])) };
}

/** `2026年11月21日(土)` or `Sat 21 Nov 2026`, in Japan's time. */
export function formatDate(at: Date, language: Language): string {
  const p = partsOf(at);
  if (language === "ja") return `${p["year"]}年${p["month"]}月${p["day"]}日(${weekdaysJa[p["weekday"] ?? ""] ?? ""})`;
  return `${p["weekday"]} ${p["day"]} ${monthsEn[Number(p["month"]) - 1]} ${p["year"]}`;
}

/** `14:05`, in Japan's time. */
export function formatTime(at: Date): string {
  const p = partsOf(at);
  return `${p["hour"]}:${p["minute"]}`;
}

/** `2026年11月21日(土) 14:05`. */
export function formatDateTime(at: Date, language: Language): string {
  return `${formatDate(at, language)} ${formatTime(at)}`;
}

/** `11/21 14:05`, with the year in front when it is another one than `now`'s: for dense tables. */
export function formatShort(at: Date, now: Date): string {
  const p = partsOf(at);
  const year = p["year"] === partsOf(now)["year"] ? "" : `${p["year"]}/`;
  return `${year}${p["month"]}/${p["day"]} ${p["hour"]}:${p["minute"]}`;
}

/** 和暦: `令和8年11月21日`. */
export function formatEra(at: Date): string {
  return era.format(at);
}

export function formatNumber(n: number): string {
  return n.toLocaleString("en-US");
}

/** `512 B`, `34 KB`, `1.2 MB`: decimal units. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} KB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
