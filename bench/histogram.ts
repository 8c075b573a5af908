/** Latencies counted in buckets of one per cent: small to send, exact enough for percentiles, and mergeable. */
export type Histogram = Record<number, number>;

const bucketOf = (ms: number): number => Math.round(Math.log(Math.max(ms, 0.001)) / Math.log(1.01));

export function count(histogram: Histogram, ms: number): void {
  const bucket = bucketOf(ms);
  histogram[bucket] = (histogram[bucket] ?? 0) + 1;
}

export function merge(histograms: readonly Histogram[]): Histogram {
  const sum: Histogram = {};
  for (const histogram of histograms) for (const [bucket, times] of Object.entries(histogram)) sum[Number(bucket)] = (sum[Number(bucket)] ?? 0) + times;
  return sum;
}

/** The latency in ms below which `share` (0 to 1) of all lie; NaN when nothing was counted. */
export function quantile(histogram: Histogram, share: number): number {
  const buckets = Object.entries(histogram)
    .map(([bucket, times]) => [Number(bucket), times] as const)
    .sort((a, b) => a[0] - b[0]);
  const total = buckets.reduce((sum, [, times]) => sum + times, 0);
  let seen = 0;
  for (const [bucket, times] of buckets) {
    seen += times;
    if (seen >= share * total) return 1.01 ** bucket;
  }
  return Number.NaN;
}
