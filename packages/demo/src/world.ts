/** One run of the demo company's world: its tables, its calendar, and what changes in it when. */
import { parseInstant, type Instant } from '@winnow/engine'
import {
  Calendar,
  DAY_MS,
  HOUR_MS,
  midnightOf,
  monthOf,
  startOfMonth,
  startOfNextMonth,
  weekdayOf,
} from './calendar.ts'
import { weights, type Chance, type Weights } from './random.ts'
import {
  CAMPAIGNS,
  COEFFICIENTS,
  CROWDS,
  DRIFT_INDUSTRY,
  DRIFT_SOURCE,
  HABITS,
  REPS,
  SEGMENTS,
  type Campaign,
  type Industry,
  type PersonaName,
  type Source,
} from './tables.ts'

export interface DemoOptions {
  /** The same seed gives the same company to the last byte. */
  readonly seed: string
  /** How many leads: a whole number, 1 or more. */
  readonly leads: number
  /** No fact is later; a year from 1000 to 9000. */
  readonly until: Instant
}

export interface MonthlyCost {
  /** `2026-07` */
  readonly month: string
  readonly source: Source
  readonly campaign: string
  /** EUR, to the cent. */
  readonly cost: number
}

/** The hidden truth about the world as a whole: data, nothing of which is in the facts. */
export interface World {
  readonly seed: string
  readonly leads: number
  readonly start: Instant
  readonly until: Instant
  /** When the world changes, once and for good. */
  readonly drift: {
    readonly at: Instant
    readonly industry: Industry
    /** Added to the log-odds of that industry's leads. */
    readonly logOdds: number
    readonly source: Source
    readonly what: string
  }
  readonly secondVersionAt: Instant
  readonly coefficients: typeof COEFFICIENTS
  readonly segments: typeof SEGMENTS
  readonly habits: typeof HABITS
  readonly crowds: typeof CROWDS
  readonly campaigns: typeof CAMPAIGNS
  readonly reps: typeof REPS
}

const SPAN_MS = 548 * DAY_MS
const DRIFT_BEFORE_END_MS = 184 * DAY_MS
const SECOND_VERSION_AFTER_MS = 235 * DAY_MS
/** Costs in the tables are for this many leads in eighteen months; they grow with the company. */
const LEADS_OF_TABLES = 6000

/** Years that are written with four digits, with room on both sides. */
const UNTIL_MIN = parseInstant('1000-01-01')
const UNTIL_MAX = parseInstant('9000-01-01')

/** @throws RangeError where there is no such company */
export function openWorld({ seed, leads, until }: DemoOptions): World {
  if (!Number.isSafeInteger(leads) || leads < 1)
    throw new RangeError('a company has a whole number of leads, 1 or more')
  if (!(until >= UNTIL_MIN && until <= UNTIL_MAX)) throw new RangeError('a company ends in a year from 1000 to 9000')
  const start = midnightOf(until - SPAN_MS)
  return {
    seed,
    leads,
    start,
    until,
    drift: {
      at: startOfMonth(until - DRIFT_BEFORE_END_MS + 15 * DAY_MS),
      industry: DRIFT_INDUSTRY,
      logOdds: COEFFICIENTS.newRival,
      source: DRIFT_SOURCE,
      what: `A new rival sells cheaply to ${DRIFT_INDUSTRY}, and a new channel (${DRIFT_SOURCE}) brings students.`,
    },
    secondVersionAt: mondayMorning(start + SECOND_VERSION_AFTER_MS),
    coefficients: COEFFICIENTS,
    segments: SEGMENTS,
    habits: HABITS,
    crowds: CROWDS,
    campaigns: CAMPAIGNS,
    reps: REPS,
  }
}

const mondayMorning = (at: Instant): Instant => midnightOf(at) + ((7 - weekdayOf(at)) % 7) * DAY_MS + 7 * HOUR_MS

/** When people turn up, and what brings them. */
export class Arrivals {
  readonly calendar: Calendar
  private readonly world: World
  private readonly running = new Map<string, Weights<Campaign>>()
  /** Expected people up to the end of each day, of all days' together. */
  private readonly upTo: readonly number[]

  constructor(world: World) {
    this.world = world
    this.calendar = new Calendar(world)
    let sum = 0
    this.upTo = Array.from(
      { length: Math.ceil((world.until - world.start) / DAY_MS) },
      (_, day) => (sum += this.expectedOn(world.start + day * DAY_MS)),
    )
  }

  /** The instant by which a share (0 to 1) of everybody has turned up: midnight of that day. */
  dayByWhich(share: number): Instant {
    const target = share * this.upTo.at(-1)!
    let [low, high] = [0, this.upTo.length - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.upTo[middle]! <= target) low = middle + 1
      else high = middle
    }
    return this.world.start + low * DAY_MS
  }

  campaignAt(at: Instant, chance: Chance): Campaign {
    return chance.weighted(this.runningAt(at))
  }

  /** What each campaign costs each month: so much a month, and so much for each lead that it should bring. */
  *costs(chance: Chance): Generator<MonthlyCost> {
    const { world } = this
    for (let from = startOfMonth(world.start); from < world.until; from = startOfNextMonth(from)) {
      for (const campaign of world.campaigns) {
        const days = this.daysOf(campaign, from)
        if (days.length === 0) continue
        const leads = days.reduce((sum, day) => sum + this.expectedLeads(campaign, day), 0)
        const cost = leads * campaign.costPerLead + (this.scale * campaign.costPerMonth * days.length) / 30.4
        const { source, name } = campaign
        yield { month: monthOf(from), source, campaign: name, cost: Math.round(cost * chance.within(90, 110)) / 100 }
      }
    }
  }

  private get scale(): number {
    return this.world.leads / LEADS_OF_TABLES
  }

  private expectedOn(day: Instant): number {
    return this.calendar.dayOf(day).busy * this.runningAt(day).upTo.at(-1)!
  }

  private expectedLeads(campaign: Campaign, day: Instant): number {
    return (this.world.leads * this.calendar.dayOf(day).busy * campaign.weight) / this.upTo.at(-1)!
  }

  private daysOf(campaign: Campaign, month: Instant): Instant[] {
    const days: Instant[] = []
    const end = Math.min(startOfNextMonth(month), this.world.until)
    for (let day = Math.max(month, this.world.start); day < end; day += DAY_MS) {
      if (this.runningAt(day).items.includes(campaign)) days.push(day)
    }
    return days
  }

  private runningAt(at: Instant): Weights<Campaign> {
    const { month } = this.calendar.dayOf(at)
    const isAfter = at >= this.world.drift.at
    const key = `${month} ${isAfter}`
    const known = this.running.get(key)
    if (known !== undefined) return known
    const items = this.world.campaigns.filter(
      ({ months, isNew }) => (months?.includes(month + 1) ?? true) && (isAfter || !isNew),
    )
    let sum = 0
    const running = { items, upTo: items.map(({ weight }) => (sum += weight)) }
    this.running.set(key, running)
    return running
  }
}

const crowds = new Map<Source, Weights<PersonaName>>(
  (Object.keys(CROWDS) as Source[]).map((source) => [source, weights(CROWDS[source])]),
)
export const crowdOf = (source: Source): Weights<PersonaName> => crowds.get(source)!
