/** What people of one company do in two weeks, as messages: the same from the same seed, under names that begin as one likes. */
import type { Instant } from '@winnow/engine'
import type { Intake, LeadName } from '../../src/live/intake.ts'
import { anonymous, DAY, email, HOUR, SMALL, T0, user, type Said, type World } from '../live/world.ts'
import { createRandom, type Random } from './fuzzing/random.ts'

/** Looks at accounts and at colleagues, and has something that only time changes. */
export const COMPANY = SMALL.replace(
  'attributes:\n',
  'attributes:\n  employees: { type: number, about: account }\n',
).replace(
  '[ { id: boss,',
  `[ { id: size, when: { attribute: employees, at_least: 50 }, points: 25 },
          { id: team, when: { leads: { at_least: 2 }, when: { attribute: job, is: clerk } }, points: 10 }, { id: boss,`,
)

/** After everything has happened. */
export const END: Instant = T0 + 15 * DAY

export interface Planned extends Intake {
  /** When it is sent, where it comes in its turn. */
  readonly sentAt: Instant
}

/** @param prefix  of one length for all that are to be compared: facts of one instant go by their ids */
export function historyOf(world: World, seed: number, prefix: string): Planned[] {
  const random = createRandom(seed)
  const planned: Planned[] = []
  const say = (at: Instant, names: readonly LeadName[], says: readonly Said[], more: Partial<Intake> = {}) => {
    const messageId = `${prefix}m${String(planned.length).padStart(3, '0')}`
    const timed = says.map((saying) => ({ at, ...saying }))
    planned.push({ ...world.intake(names, timed, { ...more, messageId, receivedAt: END }), sentAt: at })
  }
  const domain = { kind: 'domain', value: `${prefix}company.example` } as const
  const group = { kind: 'group', value: `${prefix}group` } as const
  for (let person = 0; person < 3; person++) sayPerson(random, `${prefix}p${person}`, { say, domain, group })
  for (const account of [domain, group]) {
    for (const value of [10, 80].slice(random.below(2))) {
      say(T0 + random.below(10) * DAY, [], [{ kind: 'account_attribute', account, name: 'employees', value }])
    }
  }
  // A source says that the group and the domain are one company.
  if (random.chance(0.4)) {
    const accountsAreOne = { account: domain, other: group, because: 'the domain of the group' }
    say(T0 + random.below(13) * DAY + HOUR, [], [], { accountsAreOne })
  }
  return planned.sort((a, b) => a.sentAt - b.sentAt)
}

interface Scene {
  readonly say: (at: Instant, names: readonly LeadName[], says: readonly Said[], more?: Partial<Intake>) => void
  readonly domain: { readonly kind: 'domain'; readonly value: string }
  readonly group: { readonly kind: 'group'; readonly value: string }
}

function sayPerson(random: Random, name: string, { say, domain, group }: Scene): void {
  const browsers = [anonymous(`${name}-desk`), anonymous(`${name}-phone`)]
  const [id, address] = [user(`${name}-user`), email(`${name}@company.example`)]
  const when = () => T0 + random.below(14 * 24) * HOUR + random.below(3) * 500
  const view = (at: Instant): Said => ({ kind: 'activity', type: 'page', properties: { path: '/pricing', at } })
  for (const browser of browsers) {
    for (let visit = random.below(3); visit >= 0; visit--) {
      const at = when()
      const touch = random.chance(0.5) && { touch: { at, source: random.pick(['news', 'search']), page: '/pricing' } }
      say(at, [browser], [view(at)], { ...touch })
    }
  }
  // One after the other they turn out to be one person.
  say(when(), [id, browsers[0]!], [{ kind: 'attribute', name: 'job', value: random.pick(['boss', 'clerk']) }])
  say(when(), [id, address], [{ kind: 'attribute', name: 'email', value: address.value }])
  say(when(), [address, browsers[1]!], [{ kind: 'link', account: domain }])
  if (random.chance(0.6)) say(when(), [id], [{ kind: 'link', account: group }])
  if (random.chance(0.7)) say(when(), [address], [{ kind: 'activity', type: 'demo', properties: {} }])
  // Two say different things of one instant.
  const at = when()
  say(at, [address], [{ kind: 'attribute', name: 'job', value: 'boss' }])
  say(
    at,
    [id],
    [
      { kind: 'attribute', name: 'job', value: 'clerk' },
      { kind: 'attribute', name: 'budget', value: 5 },
    ],
  )
  if (random.chance(0.3)) say(when(), [id], [{ kind: 'attribute', name: 'budget', value: null }])
  if (random.chance(0.5)) say(when(), [address], [{ kind: 'decision', decision: 'accept', by: 'sam' }])
  if (random.chance(0.3)) say(when(), [id], [{ kind: 'decision', decision: 'win', by: 'sam', amount: 100 }])
  if (random.chance(0.3)) {
    const override = { category: 'temperature', level: 'warm', until: at + 3 * DAY }
    say(at, [id], [{ kind: 'decision', decision: 'override', by: 'sam', reason: 'knows them', override }])
  }
}
