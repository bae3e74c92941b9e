/** What is foretold of a fading score, against looking at it: bounds, ways, speeds, and how long nothing can have happened. */
import { describe, expect, test } from 'vitest'
import type { Plan } from '../../src/plan/compile.ts'
import { exp2 } from '../../src/plan/exp2.ts'
import { safeUntil, scoreAt, scoreOver, type ScorePlan } from '../../src/plan/scores.ts'
import type { LeadState } from '../../src/plan/state.ts'
import { assess, compileDefinition, replay } from '../../src/index.ts'
import { caseOf } from '../generators/cases.ts'
import { seeded, type Draw } from '../generators/draw.ts'
import { casesOf } from '../generators/share.ts'

const CASES = casesOf(600)
/** Shares of what can be told; measured over many cases they are 0.97, 0.96, 0.75 and 0.93. */
const [ONE_WAY, TIGHT, FAST, EXACT] = [0.85, 0.85, 0.6, 0.8]
const SPANS = [1, 2, 60_000, 3_600_000, 86_400_000, 5 * 86_400_000, 60 * 86_400_000]

interface Fading {
  readonly seed: number
  readonly plan: Plan
  readonly score: ScorePlan
  readonly lead: LeadState
  /** When the score was read. */
  readonly at: number
  readonly draw: Draw
}

/** Every score that fades, of every lead, settled at the instant of the last fact. */
function* fadingScores(): Generator<Fading> {
  for (let seed = 600_000; seed < 600_000 + CASES; seed++) {
    const { definition, facts, until } = caseOf(seed)
    const plan = compileDefinition(definition)
    const at = Math.min(until, Math.max(0, ...facts.map((fact) => fact.at)))
    const { circle } = replay(plan, facts, { until: at })
    for (const lead of circle.everyone) {
      assess(plan, circle, lead.id, at)
      for (const score of plan.scores) {
        plan.cells.read(lead, score.cell, at)
        if (score.isFading) yield { seed, plan, score, lead, at, draw: seeded(seed) }
      }
    }
  }
}

const valueAt = ({ score, lead }: Fading, t: number) => scoreAt(score, lead, t).value
/** Both ends and some instants between them. */
const within = (draw: Draw, a: number, b: number) =>
  [a, b, ...Array.from({ length: 12 }, () => draw.integer(a, b))].sort((one, other) => one - other)

describe('of a fading score', () => {
  test('a glance says what reading it says', () => {
    for (const each of fadingScores())
      expect([each.seed, valueAt(each, each.at)]).toEqual([each.seed, each.lead.value[each.score.cell]])
  })

  test('bounds hold all that it comes to, and one way is one way', () => {
    const seen = { stretches: 0, oneWay: 0, tight: 0 }
    for (const each of fadingScores()) {
      const { draw, score, lead, at, seed } = each
      for (const span of SPANS) {
        const a = at + draw.integer(0, 10 * 86_400_000)
        const course = scoreOver(score, lead, a, a + span)
        const values = within(draw, a, a + span).map((t) => valueAt(each, t))
        const [least, most] = [Math.min(...values), Math.max(...values)]
        if (least < course.low || most > course.high)
          expect([seed, a, span, least, most]).toEqual([seed, a, span, course.low, course.high])
        const rises = values.some((value, index) => index > 0 && value > values[index - 1])
        const falls = values.some((value, index) => index > 0 && value < values[index - 1])
        if (course.isOneWay) expect([seed, a, span, rises && falls]).toEqual([seed, a, span, false])
        if (least === most) continue
        seen.stretches += 1
        if (course.isOneWay) seen.oneWay += 1
        if (course.low === least && course.high === most) seen.tight += 1
      }
    }
    // What bounds cannot tell costs looking: mostly they can.
    expect(seen.stretches).toBeGreaterThan(CASES / 2)
    expect(seen.oneWay / seen.stretches).toBeGreaterThan(ONE_WAY)
    expect(seen.tight / seen.stretches).toBeGreaterThan(TIGHT)
  })

  test('it keeps to its band for as long as is safe', () => {
    let kept = 0
    for (const each of fadingScores()) {
      const { score, lead, at, draw, seed } = each
      if (!score.isWatched) continue
      const safe = safeUntil(score, lead)
      const [low, high] = [lead.value[score.band], lead.value[score.band + 1]]
      const end = Math.min(safe, at + 400 * 86_400_000)
      if (end <= at) continue
      for (const t of within(draw, at, end - 1)) {
        const value = valueAt(each, t)
        if (value < low || value > high) expect([seed, t, value]).toEqual([seed, t, `from ${low} to ${high}`])
      }
      if (safe < Infinity) kept += 1
    }
    expect(kept).toBeGreaterThanOrEqual(Math.floor(CASES / 40))
  })

  test('its speed is the loss of the next second, and one half-life says all that follows', () => {
    const seen = { moving: 0, fast: 0, alone: 0, exact: 0 }
    for (const each of fadingScores()) {
      const { score, lead, at, draw } = each
      const t = at + draw.integer(0, 86_400_000)
      const now = scoreAt(score, lead, t)
      const lost = (now.sum - scoreAt(score, lead, t + 1_000).sum) / 1_000
      if (now.lossPerMs === 0 && lost === 0) continue
      seen.moving += 1
      if (Math.abs(lost - now.lossPerMs) <= 0.001 * Math.abs(now.lossPerMs)) seen.fast += 1
      const [halfLifeMs] = score.halfLives
      if (score.halfLives.length !== 1 || score.groups.some(({ terms }) => terms.some(({ sharing }) => sharing < 0)))
        continue
      seen.alone += 1
      const later = scoreAt(score, lead, t + halfLifeMs / 3).sum
      const foretold = now.sum - now.part + now.part * exp2(-1 / 3)
      if (Math.abs(later - foretold) <= 1e-6 * Math.abs(now.part) + 1) seen.exact += 1
    }
    // Where limits come in between, the speed is another.
    expect(seen.moving).toBeGreaterThan(CASES / 5)
    expect(seen.fast / seen.moving).toBeGreaterThan(FAST)
    expect(seen.alone).toBeGreaterThanOrEqual(Math.floor(CASES / 40))
    expect(seen.exact / seen.alone).toBeGreaterThan(EXACT)
  })
})
