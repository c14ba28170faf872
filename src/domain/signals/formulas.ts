/** Demand as it was, or how long a supplier takes: mean and standard deviation. */
export interface Spread {
  readonly mean: number;
  readonly deviation: number;
}

/**
 * Quantile of the standard normal distribution: how many deviations above the mean cover a share of all cases.
 *
 * @param share  0.5 ≤ share < 1
 * @returns relative error below 1.2e-9
 *
 * Source: P. J. Acklam, An algorithm for computing the inverse normal cumulative distribution function (2003).
 */
export function zOf(share: number): number {
  if (share > 0.97575) {
    const q = Math.sqrt(-2 * Math.log(1 - share));
    return -horner(tail, q) / (horner(tailUnder, q) * q + 1);
  }
  const q = share - 0.5;
  const r = q * q;
  return (horner(middle, r) * q) / (horner(middleUnder, r) * r + 1);
}

const horner = (coefficients: readonly number[], x: number): number =>
  coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);

const middle = [
  -3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.38357751867269e2,
  -3.066479806614716e1, 2.506628277459239,
];
const middleUnder = [
  -5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1,
  -1.328068155288572e1,
];
const tail = [
  -7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734,
  4.374664141464968, 2.938163982698783,
];
const tailUnder = [
  7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416,
];

/**
 * Stock against variation of demand and of lead time:
 *
 *     z(α) · √(LT·σ_d² + d²·σ_LT²)
 *
 * @param demand        per day, base units
 * @param leadTimeDays  mean and deviation, days
 * @param serviceLevel  share of deliveries before which it does not run out, 0.5 to 0.9999
 * @returns base units, rounded up
 *
 * Source: Silver, Pyke, Thomas, Inventory and Production Management in Supply Chains, section 6.10.
 */
export function safetyStock(demand: Spread, leadTimeDays: Spread, serviceLevel: number): number {
  const variance =
    leadTimeDays.mean * demand.deviation ** 2 + demand.mean ** 2 * leadTimeDays.deviation ** 2;
  return Math.ceil(round(zOf(serviceLevel) * Math.sqrt(variance)));
}

/** What is sold until a delivery that is ordered now comes, and the safety stock; base units, rounded up. */
export const reorderPoint = (demandPerDay: number, leadTimeDays: number, safety: number): number =>
  Math.ceil(round(demandPerDay * leadTimeDays + safety));

/** @returns undefined without demand: it lasts for ever, or nobody knows */
export const daysOfCover = (available: number, demandPerDay: number): number | undefined =>
  demandPerDay > 0 ? available / demandPerDay : undefined;

/** Takes off what comes of counting in binary: 6.000000000000001 is 6. */
const round = (value: number): number => Math.round(value * 1e6) / 1e6;
