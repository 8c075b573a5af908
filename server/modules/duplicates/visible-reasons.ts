import { fieldOf } from "#server/core/access/policy.ts";
import { answersExactly, type Context } from "#server/core/door/index.ts";
import { alikeFrom, fieldsOfLikeness, likenessCodes, likenessScore, type LikenessCode, type MergeKind } from "#shared/duplicates.ts";

interface Standing {
  readonly ownerNo: number | null;
  readonly cellNo: number | null;
}

/**
 * What the caller may be told of why two records are alike: the codes whose fields answer to the caller on both, as a search
 * would (core/door/release.ts, `answersExactly`). Null where too little is left: that they are alike by a value one must not
 * know of is not told either.
 */
export function visibleReasons(
  context: Context,
  kind: MergeKind,
  sides: readonly Standing[],
  codes: readonly string[],
): { score: number; reasons: LikenessCode[] } | null {
  const { policy, actor } = context;
  const isRead = (key: string): boolean => {
    const field = fieldOf(policy, kind, key);
    return field !== undefined && sides.every((side) => answersExactly(policy, actor.rights, { kind, ...side }, field));
  };
  const reasons = likenessCodes.filter((code) => codes.includes(code) && fieldsOfLikeness[code].some(isRead));
  const score = likenessScore(kind, reasons);
  return score >= alikeFrom || reasons.includes("branch") ? { score, reasons } : null;
}
