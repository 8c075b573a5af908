import { dayInJapan } from "#shared/day-in-japan.ts";
import styles from "#web/reach/reach.module.css";
import { stepsOfTrend, type Change } from "#web/reach/steps-of-trend.ts";
import { useWords } from "#web/words/words.ts";

const size = { width: 96, height: 20 };

/** How a figure went over the last weeks, as small as a word. */
export function TrendLine({ figure, from, at }: { figure: { readonly people: number; readonly trend: readonly Change[] }; from: string; at: string }) {
  const { w } = useWords();
  const drawn = stepsOfTrend({ trend: figure.trend, from, today: dayInJapan(new Date(at)), now: figure.people }, size);
  if (drawn === null) return <span className="soft">–</span>;
  const told = w.reach.trendOf(drawn.before, figure.people);
  return (
    <svg className={styles["trend"]} viewBox={`0 0 ${size.width} ${size.height}`} width={size.width} height={size.height} role="img" aria-label={told}>
      <title>{told}</title>
      <path d={drawn.path} />
    </svg>
  );
}
