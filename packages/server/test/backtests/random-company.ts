/** Companies that random people make: what they do, some of it heard of days later. */
import type { Instant } from '@winnow/engine'
import type { Intake } from '../../src/live/intake.ts'
import { DAY, email, HOUR, T0, user, type Said, type World } from '../live/world.ts'
import { createRandom, type Random } from '../trust/fuzzing/random.ts'

const PEOPLE = 4
const DAYS = 20
/** After the last of it has been heard of. */
export const END = T0 + (DAYS + 12) * DAY

/**
 * What people do, some of it heard of days later. Everybody is known from their first word on: who turns out to be whom is read from
 * where it was found out when a server lives it, and as it is in the end when it is backtested.
 */
export function companyOf(world: World, seed: number): Intake[] {
  const random = createRandom(seed)
  const messages: Intake[] = []
  const instants = new Set<Instant>()
  /** No two of one millisecond: what is taken in together is seen together. */
  const free = (at: Instant): Instant => (instants.has(at) ? free(at + 1) : (instants.add(at), at))
  const hear = (says: Said, { at, receivedAt, name }: { at: Instant; receivedAt: Instant; name: string | undefined }) =>
    messages.push(
      world.intake(name === undefined ? [] : [user(name)], [{ at, ...says }], {
        messageId: `s${seed}m${String(messages.length).padStart(4, '0')}`,
        receivedAt: free(receivedAt),
      }),
    )
  for (let person = 0; person < PEOPLE; person++) {
    const name = `s${seed}p${person}`
    const begin = T0 + random.below(5 * 24) * HOUR
    const account = { kind: 'group', value: `s${seed}group${random.below(2)}` } as const
    const first = world.intake(
      [user(name), email(`${name}@s${seed}.example`)],
      [
        { at: begin, kind: 'attribute', name: 'job', value: random.pick(['boss', 'clerk']) },
        { at: begin, kind: 'link', account },
      ],
      { messageId: `s${seed}p${person}`, receivedAt: free(begin) },
    )
    messages.push(first)
    for (let count = 5 + random.below(15); count > 0; count--) {
      const at = begin + HOUR + random.below(DAYS * 24 * 60) * 60_000
      const isLate = random.chance(0.3)
      hear(saidBy(random, at), { at, receivedAt: isLate ? at + random.below(4 * 24 * 60) * 60_000 : at, name })
    }
    const at = begin + random.below(10) * DAY
    hear(
      { kind: 'account_attribute', account, name: 'employees', value: random.pick([10, 80]) },
      { at, receivedAt: at + random.below(2) * DAY, name: undefined },
    )
  }
  return messages.sort((a, b) => a.receivedAt - b.receivedAt)
}

function saidBy(random: Random, at: Instant): Said {
  const decision = (kind: 'accept' | 'reject' | 'win' | 'recycle'): Said => ({
    kind: 'decision',
    decision: kind,
    by: 'sam',
    ...(kind === 'win' && { amount: 100 }),
  })
  const override = { category: 'temperature', level: 'warm', until: at + 2 * DAY }
  return random.pick<Said>([
    { kind: 'activity', type: 'demo', properties: {} },
    { kind: 'activity', type: 'page', properties: { path: '/pricing' } },
    { kind: 'activity', type: 'page', properties: { path: '/pricing/more' } },
    { kind: 'activity', type: 'page', properties: { path: '/about' } },
    { kind: 'attribute', name: 'job', value: random.pick(['boss', 'clerk', null]) },
    { kind: 'attribute', name: 'budget', value: random.below(9) },
    decision('accept'),
    decision('win'),
    { kind: 'decision', decision: 'override', by: 'sam', reason: 'knows them', override },
  ])
}
