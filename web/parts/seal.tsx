/** 朱印: the vermilion seal. Stands only for the product's mark, an approval, a signed checkpoint and an open incident. */
export function Seal({ character = "蔵", size = 28 }: { character?: string; size?: number }) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden="true" focusable="false">
      <rect x="1" y="1" width="30" height="30" rx="5" fill="var(--seal)" />
      <rect x="3.6" y="3.6" width="24.8" height="24.8" rx="3" fill="none" stroke="var(--surface)" strokeWidth="0.9" />
      <text x="16" y="22.6" textAnchor="middle" fontSize="18" fontWeight="600" fontFamily="var(--font)" fill="var(--surface)">
        {character}
      </text>
    </svg>
  );
}
