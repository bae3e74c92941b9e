/**
 * 2^x for x ≤ 0 from additions and multiplications alone, so that every JavaScript engine gives the same bits
 * (`Math.pow` is only approximately specified). Relative error below 4·10⁻¹⁶.
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

/** @param x  0 or negative; −∞ gives 0 */
export function exp2(x: number): number {
  if (x <= -1074) return 0
  const whole = Math.floor(x)
  const scaled = (x - whole) * STEPS
  const index = Math.floor(scaled)
  // The rest is below 1/256, so five terms of the exponential series reach the last bit.
  const rest = ((scaled - index) / STEPS) * LN2
  const series = 1 + rest * (1 + rest * (1 / 2 + rest * (1 / 6 + rest * (1 / 24 + rest / 120))))
  return index < STEPS ? TABLE[index] * series * HALVES[-whole] : HALVES[-whole - 1]
}
