/** Which tallies a raw event goes to. */
import type { Definition, NamedActivity, PropertyTests } from '../definition/language.ts'
import { emptyTally, partsOf, tallyOccurrence, type Tally, type TallyParts, type TallySpec } from './tally.ts'
import { compileWhere, readProperty, type Properties } from './value-tests.ts'
import type { ActivityFact } from '../facts.ts'

/** Whose occurrences: the lead's own, or those of all the leads of its account. */
export type Scope = 'lead' | 'account'

export interface TallyPlan {
  readonly slot: number
  readonly scope: Scope
  readonly spec: TallySpec
  readonly parts: TallyParts
  readonly property: string | undefined
  /** Names of the activities, any of which counts. */
  readonly activities: readonly string[]
  readonly where: ((properties: Properties) => boolean) | undefined
  /** Properties that `where` looks at. */
  readonly looksAt: readonly string[]
}

export interface RawType {
  /** The named activities read from this raw type; undefined where properties do not matter. */
  readonly tests: readonly (((properties: Properties) => boolean) | undefined)[]
  readonly feeds: readonly { readonly tally: TallyPlan; readonly activities: readonly number[] }[]
}

/** … with the takers of the values that have come up so far. */
interface KnownRawType extends RawType {
  readonly looksAt: readonly string[]
  readonly memory: Memory
}

/** Collects the tallies that a definition's tests and criteria ask for; equal ones are one. */
export class Feeds {
  readonly tallies: TallyPlan[] = []
  private readonly byKey = new Map<string, TallyPlan>()

  tally(wanted: {
    activities: string | readonly string[]
    where: PropertyTests | undefined
    scope: Scope
    spec: TallySpec
  }): TallyPlan {
    const { scope, spec, where } = wanted
    const activities =
      typeof wanted.activities === 'string' ? [wanted.activities] : [...new Set(wanted.activities)].sort()
    const key = JSON.stringify([scope, activities, where, spec])
    const present = this.byKey.get(key)
    if (present) return present
    const property = spec.kind === 'total' || spec.kind === 'values' ? spec.property : undefined
    const plan = {
      slot: this.tallies.length,
      scope,
      spec,
      parts: partsOf(spec),
      property,
      activities,
      where: compileWhere(where),
      looksAt: Object.keys(where ?? {}),
    }
    this.tallies.push(plan)
    this.byKey.set(key, plan)
    return plan
  }

  /** For each raw type, the tallies that its events may go to. */
  byRawType(definition: Definition): Map<string, KnownRawType> {
    const named = new Map<string, [string, NamedActivity][]>()
    for (const entry of Object.entries(definition.activities ?? {})) {
      const { from } = entry[1]
      for (const raw of new Set(typeof from === 'string' ? [from] : from))
        named.set(raw, [...(named.get(raw) ?? []), entry])
    }
    return new Map([...named].map(([raw, activities]) => [raw, this.rawType(activities)]))
  }

  private rawType(activities: readonly [string, NamedActivity][]): KnownRawType {
    const feeds = this.tallies.flatMap((tally) => {
      const indexes = activities.flatMap(([name], index) => (tally.activities.includes(name) ? [index] : []))
      return indexes.length > 0 ? [{ tally, activities: indexes }] : []
    })
    const looksAt = activities.flatMap(([, { where }]) => Object.keys(where ?? {}))
    return {
      tests: activities.map(([, { where }]) => compileWhere(where)),
      feeds,
      looksAt: [...new Set([...looksAt, ...feeds.flatMap(({ tally }) => tally.looksAt)])],
      memory: { root: new Map(), size: 0 },
    }
  }
}

/** Branches by the value of one property after the other; at the ends the takers. */
interface Memory {
  root: Branch
  size: number
}
type Branch = Map<unknown, Branch | readonly TallyPlan[]>
const MEMORY_MAX = 10_000
const REMEMBERED_TEXT_MAX = 200

/**
 * The tallies of a raw type that take an event with these properties. Remembered by the values of those that any test looks
 * at, for the same pages are viewed again and again.
 */
export function takersOf(raw: KnownRawType, properties: Properties): readonly TallyPlan[] {
  const { looksAt, memory } = raw
  let branch = memory.root
  for (let index = 0; ; index++) {
    const value = index < looksAt.length ? readProperty(properties, looksAt[index]) : undefined
    if (!isRememberable(value)) return findTakers(raw, properties)
    const next = branch.get(value)
    if (index >= looksAt.length - 1) return (next ?? learn(raw, branch, value, properties)) as readonly TallyPlan[]
    if (next === undefined) branch = grow(branch, value)
    else branch = next as Branch
  }
}

function grow(branch: Branch, value: unknown): Branch {
  const next: Branch = new Map()
  branch.set(value, next)
  return next
}

const isRememberable = (value: unknown) =>
  typeof value === 'string' ? value.length <= REMEMBERED_TEXT_MAX : typeof value !== 'object' || value === null

function learn({ memory, ...raw }: KnownRawType, branch: Branch, value: unknown, properties: Properties) {
  const takers = findTakers(raw, properties)
  branch.set(value, takers)
  memory.size += 1
  if (memory.size > MEMORY_MAX) {
    memory.root = new Map()
    memory.size = 0
  }
  return takers
}

export function findTakers(raw: RawType, properties: Properties): readonly TallyPlan[] {
  const fits = raw.tests.map((test) => test === undefined || test(properties))
  const takers: TallyPlan[] = []
  for (const { tally, activities } of raw.feeds) {
    const isOne = activities.length === 1 ? fits[activities[0]] : activities.some((index) => fits[index])
    if (isOne && (tally.where === undefined || tally.where(properties))) takers.push(tally)
  }
  return takers
}

/**
 * Adds an activity to one tally of a lead or an account.
 * @returns whether it counts
 */
export function feed(
  plan: TallyPlan,
  tallies: (Tally | undefined)[],
  activity: ActivityFact,
  withEvidence: boolean,
): boolean {
  const tally = (tallies[plan.slot] ??= emptyTally(plan.parts, withEvidence))
  const property = plan.property === undefined ? undefined : readProperty(activity.properties, plan.property)
  const counts = tallyOccurrence(plan.spec, tally, activity.at, property)
  if (counts) tally.evidence?.push({ id: activity.id, at: activity.at })
  return counts
}
