/**
 * Live: each fact as it comes — take it in, assess the lead, find its next change. The definition is the B2B example with its
 * stages, hysteresis, half-lives and frequency limits; leads come interleaved, as on a server.
 */
import {
  applyFact,
  assess,
  compareFacts,
  compileDefinition,
  nextChange,
  openCircle,
  readCircle,
  writeCircle,
  type Circle,
  type Fact,
  type LeadId,
  type Plan,
} from '@winnow/engine'
import { quantile, type Line } from '../measure.ts'
import { Random } from '../random.ts'
import { drawLead, END, readDefinition } from '../replay/data.ts'

const LEADS = 4_000
const ACTIVITIES = 20

export function live(): Line[] {
  const plan = compileDefinition(readDefinition({ withAccounts: false }))
  const random = new Random(5)
  const facts = Array.from({ length: LEADS }, (_, index) => drawLead(random, index, ACTIVITIES))
    .flat()
    .sort(compareFacts)
  run(plan, facts, new Float64Array(facts.length)) // until the compiler has seen it all
  const micros = new Float64Array(facts.length)
  const circles = run(plan, facts, micros)
  return [
    line({ name: 'apply + assess + next change, median', value: quantile(micros, 0.5), unit: 'µs' }, 5),
    line({ name: 'apply + assess + next change, 99 %', value: quantile(micros, 0.99), unit: 'µs' }, 50),
    line({ name: 'stored state of a lead, median', value: quantile(sizesOf(plan, circles), 0.5), unit: 'bytes' }, 400),
    {
      ...line({ name: 'store and read back a lead', value: storing(plan, circles), unit: 'µs' }),
      goal: null,
      met: null,
    },
    {
      ...line({ name: 'wake-ups that change nothing', value: idleShare(plan, circles), unit: '%' }),
      goal: null,
      met: null,
    },
  ]
}

const line = (what: Pick<Line, 'name' | 'value' | 'unit'>, most = Infinity): Line => ({
  ...what,
  beside: null,
  ratio: null,
  goal: `≤ ${most} ${what.unit}`,
  met: what.value <= most,
})

/** Takes each fact in as it comes and notes how long that took, in µs. */
function run(plan: Plan, facts: readonly Fact[], micros: Float64Array): Map<LeadId, Circle> {
  const circles = new Map<LeadId, Circle>()
  facts.forEach((fact, index) => {
    if (fact.kind === 'account_attribute') throw new Error('leads stand alone here')
    const { lead, at } = fact
    const begun = performance.now()
    let circle = circles.get(lead)
    if (circle === undefined) circles.set(lead, (circle = openCircle()))
    if (applyFact(plan, circle, fact) !== 'applied') throw new Error('facts come in order here')
    assess(plan, circle, lead, at)
    nextChange(plan, circle, lead, at)
    micros[index] = (performance.now() - begun) * 1000
  })
  return circles
}

const sizesOf = (plan: Plan, circles: ReadonlyMap<LeadId, Circle>): Float64Array =>
  Float64Array.from(circles.values(), (circle) => writeCircle(plan, circle).length)

function storing(plan: Plan, circles: ReadonlyMap<LeadId, Circle>): number {
  const begun = performance.now()
  for (const circle of circles.values()) readCircle(plan, writeCircle(plan, circle))
  return ((performance.now() - begun) * 1000) / circles.size
}

/** Lets a year pass without facts, from one wake-up to the next, and counts those at which no level and no stage changed. */
function idleShare(plan: Plan, circles: ReadonlyMap<LeadId, Circle>): number {
  let wakes = 0
  let idle = 0
  for (const [lead, circle] of circles) {
    for (let asOf = END; ;) {
      const next = nextChange(plan, circle, lead, asOf)
      if (next === undefined) break
      wakes += next.idle + 1
      idle += next.idle
      asOf = next.at
    }
  }
  return (100 * idle) / wakes
}
