/**
 * Replaying a year of 100,000 leads with every transition at its instant, beside the same engine asked once a day for every
 * lead — which still misses when it happened.
 */
import { applyFact, assess, compileDefinition, openCircle, replay, type Fact, type Plan } from '@winnow/engine'
import { once, type Line } from '../measure.ts'
import { Random } from '../random.ts'
import { drawLead, END, readDefinition } from './data.ts'

const LEADS = 100_000
const ACTIVITIES = 22
/** Drawn and replayed batch by batch, as a reader of files does it: a heap of millions of facts would be measured too. */
const BATCH = 2_500
/** Asking every lead every day takes so long that a part has to do. */
const SAMPLED = 1_000
const DAY_MS = 86_400_000

export async function replays(): Promise<Line[]> {
  const plan = compileDefinition(readDefinition({ withAccounts: false }))
  const random = new Random(11)
  const drawLeads = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) => drawLead(random, from + index, ACTIVITIES))
  for (const facts of drawLeads(0, 4_000)) replay(plan, facts, { until: END })
  const exact = { cpu: 0, facts: 0, activities: 0, transitions: 0 }
  for (let from = 0; from < LEADS; from += BATCH) {
    const leads = drawLeads(from, BATCH)
    const { cpu } = await once(() => {
      for (const facts of leads) exact.transitions += replay(plan, facts, { until: END }).transitions.length
    })
    exact.cpu += cpu
    exact.facts += countOf(leads)
    exact.activities += leads.flat().filter(({ kind }) => kind === 'activity').length
  }
  const sampled = drawLeads(LEADS, SAMPLED)
  const daily = await once(() => {
    for (const facts of sampled) askEveryDay(plan, facts)
  })
  const speed = exact.facts / exact.cpu
  const beside = countOf(sampled) / daily.cpu
  const words = (count: number) => count.toLocaleString('en')
  return [
    {
      name: `replay: ${words(LEADS)} leads, ${words(exact.activities)} activities, ${words(exact.transitions)} transitions`,
      value: speed,
      unit: 'facts/CPU-s',
      beside: { name: 'one evaluation a day', value: beside },
      ratio: speed / beside,
      goal: '≥ 1,000,000 and faster than daily',
      met: speed >= 1e6 && speed > beside,
    },
  ]
}

const countOf = (leads: readonly (readonly Fact[])[]) => leads.reduce((sum, { length }) => sum + length, 0)

function askEveryDay(plan: Plan, facts: readonly Fact[]): void {
  const [first] = facts
  if (first === undefined || first.kind === 'account_attribute') return
  const circle = openCircle()
  let next = 0
  for (let day = first.at; day <= END; day += DAY_MS) {
    for (; next < facts.length && facts[next]!.at <= day; next++) applyFact(plan, circle, facts[next]!)
    assess(plan, circle, first.lead, day)
  }
}
