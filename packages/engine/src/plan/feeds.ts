/** Which tallies a raw event goes to. */
import type { Definition, NamedActivity, PropertyTests } from '../definition/language.ts'
import { emptyTally, tallyOccurrence, type Tally, type TallySpec } from './tally.ts'
import { compileWhere, readProperty, type Properties } from './value-tests.ts'
import type { ActivityFact } from '../facts.ts'

/** Whose occurrences: the lead's own, or those of all the leads of its account. */
export type Scope = 'lead' | 'account'

export interface TallyPlan {
  readonly slot: number
  readonly scope: Scope
  readonly spec: TallySpec
  readonly property: string | undefined
  /** Names of the activities, any of which counts. */
  readonly activities: readonly string[]
  readonly where: ((properties: Properties) => boolean) | undefined
}

export interface RawType {
  /** The named activities read from this raw type; undefined where properties do not matter. */
  readonly tests: readonly (((properties: Properties) => boolean) | undefined)[]
  readonly feeds: readonly { readonly tally: TallyPlan; readonly activities: readonly number[] }[]
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
    const plan = { slot: this.tallies.length, scope, spec, property, activities, where: compileWhere(where) }
    this.tallies.push(plan)
    this.byKey.set(key, plan)
    return plan
  }

  /** For each raw type, the tallies that its events may go to. */
  byRawType(definition: Definition): Map<string, RawType> {
    const named = new Map<string, [string, NamedActivity][]>()
    for (const entry of Object.entries(definition.activities ?? {})) {
      const { from } = entry[1]
      for (const raw of new Set(typeof from === 'string' ? [from] : from))
        named.set(raw, [...(named.get(raw) ?? []), entry])
    }
    return new Map([...named].map(([raw, activities]) => [raw, this.rawType(activities)]))
  }

  private rawType(activities: readonly [string, NamedActivity][]): RawType {
    const feeds = this.tallies.flatMap((tally) => {
      const indexes = activities.flatMap(([name], index) => (tally.activities.includes(name) ? [index] : []))
      return indexes.length > 0 ? [{ tally, activities: indexes }] : []
    })
    return { tests: activities.map(([, { where }]) => compileWhere(where)), feeds }
  }
}

/** The tallies of a raw type that take an event with these properties. */
export function takersOf(raw: RawType, properties: Properties): TallyPlan[] {
  const fits = raw.tests.map((test) => test === undefined || test(properties))
  const takers: TallyPlan[] = []
  for (const { tally, activities } of raw.feeds) {
    const isOne = activities.length === 1 ? fits[activities[0]] : activities.some((index) => fits[index])
    if (isOne && (tally.where === undefined || tally.where(properties))) takers.push(tally)
  }
  return takers
}

/** Adds an activity to one tally of a lead or an account. */
export function feed(
  plan: TallyPlan,
  tallies: (Tally | undefined)[],
  activity: ActivityFact,
  withEvidence: boolean,
): void {
  const tally = (tallies[plan.slot] ??= emptyTally(withEvidence))
  const before = tally.n
  tallyOccurrence(
    plan.spec,
    tally,
    activity.at,
    plan.property === undefined ? undefined : readProperty(activity.properties, plan.property),
  )
  if (tally.evidence && (plan.spec.kind !== 'each' || tally.n > before))
    tally.evidence.push({ id: activity.id, at: activity.at })
}
