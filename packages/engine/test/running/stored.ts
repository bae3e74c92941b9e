/** Circles as bytes; `expected/stored.json` holds them. When they change, states that were stored before are read no longer. */
import { exampleFacts } from '../../src/examples.ts'
import {
  accountId,
  compileDefinition,
  leadId,
  parseInstant,
  replay,
  type Circle,
  type Fact,
  type FactValue,
  type Plan,
} from '../../src/index.ts'
import { whole } from '../definition/whole.ts'

const definition = whole()
const [example] = definition.examples!
const until = parseInstant(example.as_of)
const DAY = 86_400_000

const attribute = (name: string, value: FactValue, ago: number): Fact => ({
  kind: 'attribute',
  id: `${name} ${ago}`,
  at: until - ago,
  lead: leadId('lead'),
  name,
  value,
})
const orders: Fact[] = [-1.5, 0, 2 ** 40, 12.25, 7].map((amount, index) => ({
  kind: 'activity',
  id: `order ${index}`,
  at: until - 20 * DAY + index * 3_600_000,
  lead: leadId(index === 4 ? 'colleague' : 'lead'),
  type: 'order',
  properties: { amount, returned: false },
}))
const readings: Fact[] = Array.from({ length: 300 }, (_, index) => ({
  kind: 'activity',
  id: `read ${index}`,
  at: until - 15 * DAY + index * 1_000_007,
  lead: leadId('lead'),
  type: 'page',
  properties: { section: index % 3 === 0 ? 'guides' : 'blog', path: '/pricing' },
}))
const pending: Fact = { kind: 'decision', id: 'z', at: until, lead: leadId('lead'), decision: 'recycle' }

const histories: Readonly<Record<string, readonly Fact[]>> = {
  nothing: [],
  'one activity': orders.slice(0, 1),
  'the example': exampleFacts(definition, example, () => undefined),
  'all kinds of values': [
    { kind: 'link', id: 'link', at: until - 30 * DAY, lead: leadId('lead'), account: accountId('äcme 😀') },
    { kind: 'link', id: 'link', at: until - 29 * DAY, lead: leadId('colleague'), account: accountId('äcme 😀') },
    {
      kind: 'account_attribute',
      id: 'size',
      at: until - 28 * DAY,
      account: accountId('äcme 😀'),
      name: 'employees',
      value: 60,
    },
    attribute('budget', -0.5, 20 * DAY),
    attribute('budget', -7, 9 * DAY),
    attribute('signs', true, 8 * DAY),
    attribute('signs', null, 7 * DAY),
    attribute('job_level', 'other', 6 * DAY),
    attribute('interests', ['drills', 'saws'], 5 * DAY),
    attribute('referred_by', 'Dr Ω', 4 * DAY),
    attribute('trial_ends', '2026-03-20T00:00:00.001Z', 3 * DAY),
    ...orders,
    ...readings,
  ],
  'a decision that waits for its instant to be over': [...orders, { ...pending, id: 'y', decision: 'win' }, pending],
}

interface Stored {
  readonly name: string
  readonly plan: Plan
  readonly circle: Circle
}

export const names = Object.keys(histories)

export function stored(name: string): Stored {
  const plan = compileDefinition(definition)
  return { name, plan, circle: replay(plan, histories[name], { until }).circle }
}

export const inHex = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
