/**
 * 2^x for x ≤ 0 from additions and multiplications alone, so that every JavaScript engine gives the same bits
 * (`Math.pow` is only approximately specified). Relative error below 10⁻¹⁵.
 */
const STEPS = 256
const TABLE = buildTable()
/** Powers of two from 2⁰ down to 2⁻¹⁰⁷⁴, each exact. */
const HALVES = Float64Array.from({ length: 1075 }, (_, power) => exactHalf(power))

function exactHalf(power: number): number {
  let value = 1
  for (let step = 0; step < power; step++) value /= 2
  return value
}

/** 2^(i/256) by repeated square roots, each correctly rounded by IEEE 754. */
function buildTable(): Float64Array {
  const roots: number[] = []
  for (let root = Math.sqrt(2), bit = STEPS / 2; bit >= 1; bit /= 2, root = Math.sqrt(root)) roots.push(root)
  return Float64Array.from({ length: STEPS }, (_, index) =>
    roots.reduce((product, root, place) => (index & (STEPS >> (place + 1)) ? product * root : product), 1),
  )
}

const LN2 = 0.6931471805599453
/** Terms of the exponential series of a step's fraction: with at most half a step left, four reach the last bit. */
const C1 = LN2 / STEPS
const C2 = (C1 * C1) / 2
const C3 = (C1 * C1 * C1) / 6
const C4 = (C1 * C1 * C1 * C1) / 24

/** @param x  0 or negative; −∞ gives 0 */
export function exp2(x: number): number {
  if (x <= -1074) return 0
  const scaled = x * STEPS
  // Whole steps, at most 0; as an integer its low eight bits are the place in the table and the others the power of two.
  const whole = Math.floor(scaled + 0.5) | 0
  const rest = scaled - whole
  const square = rest * rest
  const series = 1 + rest * C1 + square * (C2 + rest * C3 + square * C4)
  return TABLE[whole & (STEPS - 1)] * series * HALVES[0 - (whole >> 8)]
}
