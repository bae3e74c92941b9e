/**
 * Replaying a year of 100,000 leads with every transition at its instant, beside the same engine asked once a day for every
 * lead — which still misses when it happened.
 */
import { applyFact, assess, compileDefinition, openCircle, replay, type Fact, type Plan } from '@winnow/engine'
import { once, type Line } from '../measure.ts'
import { Random } from '../random.ts'
import { drawLead, END, readDefinition } from './data.ts'

const LEADS = 100_000
const ACTIVITIES = 19
/** Asking every lead every day takes so long that a part has to do. */
const SAMPLED = 1_000
const DAY_MS = 86_400_000

export async function replays(): Promise<Line[]> {
  const plan = compileDefinition(readDefinition({ withAccounts: false }))
  const random = new Random(11)
  const leads = Array.from({ length: LEADS }, (_, index) => drawLead(random, index, ACTIVITIES))
  for (const facts of leads.slice(0, 3_000)) replay(plan, facts, { until: END })
  const facts = leads.reduce((sum, each) => sum + each.length, 0)
  let transitions = 0
  const exact = await once(() => {
    for (const each of leads) transitions += replay(plan, each, { until: END }).transitions.length
  })
  const sampledFacts = leads.slice(0, SAMPLED).reduce((sum, each) => sum + each.length, 0)
  const daily = await once(() => {
    for (const each of leads.slice(0, SAMPLED)) askEveryDay(plan, each)
  })
  const speed = facts / exact.cpu
  const beside = sampledFacts / daily.cpu
  return [
    {
      name: `replay of ${facts.toLocaleString('en')} facts, ${transitions.toLocaleString('en')} transitions`,
      value: speed,
      unit: 'facts/CPU-s',
      beside: { name: 'one evaluation a day', value: beside },
      ratio: speed / beside,
      goal: '≥ 1,000,000 and faster than daily',
      met: speed >= 1e6 && speed > beside,
    },
  ]
}

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
