/** What a replay adds up to: volumes and sizes week by week, and what became of the leads of each level. */
import {
  formatInstant,
  parseDuration,
  weekBegin,
  weekOf,
  wilson,
  type Definition,
  type Instant,
  type Rate,
  type Transition,
} from '@winnow/engine'
import type { LeadHistory } from '@winnow/io'
import { levelsOf, standingOf } from './leads.ts'

export interface Counted {
  /** Transitions into it within the week. */
  readonly entered: number
  /** Leads at it when the week ends (or the replay, if earlier). */
  readonly size: number
}

/** Axes are the categories by name, and `stage`. */
export interface Flow extends Counted {
  /** The same of open leads only: in a stage of the path that is not won, so that there is something to do about them. */
  readonly open: Counted
}

export interface Week {
  /** Its Monday. */
  readonly week: string
  readonly newLeads: number
  /** Axis → level or stage → flow. */
  readonly flows: Readonly<Record<string, Readonly<Record<string, Flow>>>>
  /** Stage → service levels breached. */
  readonly breaches: Readonly<Record<string, number>>
}

export interface Outcome {
  readonly leads: number
  readonly won: number
  readonly lost: number
  /** Neither won nor lost when the replay ends. */
  readonly undecided: number
  /** Won of those decided. */
  readonly winRate: Rate | null
}
/** Axis → level or stage → what became of its leads. */
export type Outcomes = Readonly<Record<string, Readonly<Record<string, Outcome>>>>

export interface ReplaySummary {
  readonly leads: number
  readonly transitions: number
  readonly weeks: readonly Week[]
  /** `null` where nobody decided about winning. */
  readonly wins: {
    /** By every level that the lead reached before it was decided. */
    readonly reached: Outcomes
    /** By the level a while after the first fact, of leads that were undecided then: duration → outcomes. */
    readonly landmarks: Readonly<Record<string, Outcomes>>
  } | null
}

type Counts = Map<string, Map<string, number>>
type Tally = { won: number; lost: number; undecided: number }
type Tallies = Map<string, Map<string, Tally>>

export class ReplaySummarizer {
  private readonly axes: ReadonlyMap<string, string[]>
  private readonly until: Instant
  private readonly landmarks: readonly { readonly says: string; readonly ms: number; readonly tallies: Tallies }[]
  private readonly reached: Tallies = new Map()
  private readonly newLeads = new Map<number, number>()
  private readonly entered = new Map<number, Counts>()
  private readonly deltas = new Map<number, Counts>()
  private readonly openDeltas = new Map<number, Counts>()
  private readonly openEntered = new Map<number, Counts>()
  private readonly isOpenIn: (stage: string) => boolean
  private readonly breaches = new Map<number, Map<string, number>>()
  private leads = 0
  private transitions = 0
  private decided = 0

  constructor(definition: Definition, { until, landmarks }: { until: Instant; landmarks: readonly string[] }) {
    const categories = definition.categories ?? {}
    const axes = [
      ...Object.keys(categories).map((name) => [name, levelsOf(categories, name)] as const),
      ['stage', (definition.stages ?? []).map(({ id }) => id)] as const,
    ]
    this.axes = new Map(axes.map(([axis, places]) => [axis, [...places]]))
    this.until = until
    this.isOpenIn = (stage) => standingOf(definition, stage) === 'open'
    this.landmarks = landmarks.map((says) => ({ says, ms: parseDuration(says), tallies: new Map() }))
  }

  add(history: LeadHistory): void {
    this.leads++
    this.transitions += history.transitions.length
    bump(this.newLeads, weekOf(history.firstAt))
    const standing = new Standing(this.isOpenIn)
    for (const transition of history.transitions) this.addTransition(transition, standing)
    this.addOutcome(history)
  }

  private addTransition({ kind, name, to, at }: Transition, standing: Standing): void {
    const week = weekOf(at)
    if (kind === 'sla') return bump(within(this.breaches, week), name)
    const axis = kind === 'stage' ? 'stage' : name
    if (kind === 'stage') this.listImplied(to)
    bump(within(within(this.entered, week), axis), to)
    standing.move(axis, to, (which, place, by) => {
      const deltas = which === 'all' ? this.deltas : this.openDeltas
      bump(within(within(deltas, week), place.axis), place.name, by)
    })
    if (standing.isOpen) bump(within(within(this.openEntered, week), axis), to)
  }

  /** A stage that no document lists is one all the same, once a lead is there. */
  private listImplied(stage: string): void {
    const stages = this.axes.get('stage')!
    if (stages.length > 0 && !stages.includes(stage)) stages.push(stage)
  }

  private addOutcome({ firstAt, transitions, wonAt, lostAt }: LeadHistory): void {
    const outcome = wonAt !== undefined ? 'won' : lostAt !== undefined ? 'lost' : 'undecided'
    if (outcome !== 'undecided') this.decided++
    const decidedAt = Math.min(wonAt ?? Infinity, lostAt ?? Infinity)
    const reached = new Set(transitions.filter(({ at, kind }) => at < decidedAt && kind !== 'sla').map(placeOf))
    for (const place of reached) count(this.reached, place, outcome)
    for (const { ms, tallies } of this.landmarks) {
      const at = firstAt + ms
      if (at > this.until || decidedAt <= at) continue
      for (const place of placesAt(transitions, at)) count(tallies, place, outcome)
    }
  }

  summary(): ReplaySummary {
    const landmarks = Object.fromEntries(this.landmarks.map(({ says, tallies }) => [says, this.outcomes(tallies)]))
    return {
      leads: this.leads,
      transitions: this.transitions,
      weeks: this.weeks(),
      wins: this.decided === 0 ? null : { reached: this.outcomes(this.reached), landmarks },
    }
  }

  private weeks(): Week[] {
    const first = Math.min(...this.newLeads.keys(), ...this.entered.keys())
    const last = weekOf(this.until)
    const sizes: Counts = new Map()
    const open: Counts = new Map()
    const weeks: Week[] = []
    for (let week = first; week <= last; week++) {
      addUp(sizes, this.deltas.get(week))
      addUp(open, this.openDeltas.get(week))
      weeks.push({
        week: formatInstant(weekBegin(week)).slice(0, 10),
        newLeads: this.newLeads.get(week) ?? 0,
        flows: this.everywhere((axis, place) => ({
          entered: this.entered.get(week)?.get(axis)?.get(place) ?? 0,
          size: sizes.get(axis)?.get(place) ?? 0,
          open: {
            entered: this.openEntered.get(week)?.get(axis)?.get(place) ?? 0,
            size: open.get(axis)?.get(place) ?? 0,
          },
        })),
        breaches: Object.fromEntries(this.breaches.get(week) ?? []),
      })
    }
    return weeks
  }

  private outcomes(tallies: Tallies): Outcomes {
    return this.everywhere((axis, place) => {
      const { won, lost, undecided } = tallies.get(axis)?.get(place) ?? { won: 0, lost: 0, undecided: 0 }
      return {
        leads: won + lost + undecided,
        won,
        lost,
        undecided,
        winRate: won + lost === 0 ? null : wilson(won, won + lost),
      }
    })
  }

  private everywhere<T>(make: (axis: string, place: string) => T): Record<string, Record<string, T>> {
    const entries = [...this.axes].map(
      ([axis, places]) => [axis, Object.fromEntries(places.map((place) => [place, make(axis, place)]))] as const,
    )
    return Object.fromEntries(entries)
  }
}

function addUp(sums: Counts, deltas: Counts | undefined): void {
  for (const [axis, byPlace] of deltas ?? [])
    for (const [place, delta] of byPlace) bump(within(sums, axis), place, delta)
}

interface Place {
  readonly axis: string
  readonly name: string
}

/** Where one lead stands as its transitions go by, and whether it is open. */
class Standing {
  private readonly places = new Map<string, string>()
  private readonly isOpenIn: (stage: string) => boolean

  constructor(isOpenIn: (stage: string) => boolean) {
    this.isOpenIn = isOpenIn
  }

  get isOpen(): boolean {
    return this.isOpenIn(this.places.get('stage') ?? '')
  }

  /** @param change  one more, or one less, at a place: among all leads, or among the open ones */
  move(axis: string, to: string, change: (which: 'all' | 'open', place: Place, by: number) => void): void {
    const from = this.places.get(axis)
    if (from !== undefined) change('all', { axis, name: from }, -1)
    change('all', { axis, name: to }, 1)
    if (this.isOpen) for (const [each, name] of this.places) change('open', { axis: each, name }, -1)
    this.places.set(axis, to)
    if (this.isOpen) for (const [each, name] of this.places) change('open', { axis: each, name }, 1)
  }
}

/** `axis place` as one text, so that a set can hold it. */
const placeOf = ({ kind, name, to }: Transition): string => `${kind === 'stage' ? 'stage' : name} ${to}`

/** Where the lead stood at an instant, on every axis. */
function placesAt(transitions: readonly Transition[], at: Instant): Iterable<string> {
  const places = new Map<string, string>()
  for (const transition of transitions) {
    if (transition.at <= at && transition.kind !== 'sla')
      places.set(transition.kind === 'stage' ? 'stage' : transition.name, placeOf(transition))
  }
  return places.values()
}

function count(tallies: Tallies, place: string, outcome: keyof Tally): void {
  const [axis, name] = place.split(' ') as [string, string]
  const byName = within(tallies, axis)
  const tally = byName.get(name) ?? { won: 0, lost: 0, undecided: 0 }
  tally[outcome]++
  byName.set(name, tally)
}

function bump<K>(map: Map<K, number>, key: K, by = 1): void {
  map.set(key, (map.get(key) ?? 0) + by)
}

function within<K, A, B>(map: Map<K, Map<A, B>>, key: K): Map<A, B> {
  let inner = map.get(key)
  if (!inner) map.set(key, (inner = new Map<A, B>()))
  return inner
}
