/** What people do of their own accord: visits, mails, webinars, trials. Drawn before anybody calls them. */
import type { Instant } from '@winnow/engine'
import { DAY_MS, HOUR_MS, midnightOf, weekdayOf, type Calendar } from './calendar.ts'
import type { Person } from './people.ts'
import { weights, type Chance, type Weights } from './random.ts'
import { HABITS, type PersonaName } from './tables.ts'
import type { World } from './world.ts'

export type Intention =
  | {
      readonly kind: 'visit'
      readonly at: Instant
      readonly pages: number
      readonly form?: 'demo' | 'contact' | 'guide'
    }
  | { readonly kind: 'mail'; readonly at: Instant; readonly isClicked: boolean; readonly unsubscribes: boolean }
  | { readonly kind: 'webinar'; readonly at: Instant; readonly minutes: number }
  | { readonly kind: 'trial'; readonly at: Instant }
  | { readonly kind: 'product'; readonly at: Instant; readonly isRota: boolean }

interface Setting {
  readonly world: World
  readonly calendar: Calendar
  readonly person: Person
  readonly chance: Chance
}

export function intentionsOf(setting: Setting): Intention[] {
  return [...visits(setting), ...mails(setting), ...webinars(setting)]
}

const pageWeights = new Map<PersonaName, Weights<string>>(
  (Object.keys(HABITS) as PersonaName[]).map((name) => [name, weights(HABITS[name].pages)]),
)
export const pageOf = (persona: PersonaName, chance: Chance): string => chance.weighted(pageWeights.get(persona)!)

export const AT_WORK: ReadonlySet<PersonaName> = new Set<PersonaName>(['owner', 'head', 'planner', 'reviewer', 'rival'])

const chanceOf = (logOdds: number): number => 1 / (1 + Math.exp(-logOdds))

// --- Visits ----------------------------------------------------------------------------------------------------------

const VISITS_MAX = 160
const SECOND_WAVE = 0.3

function visits(setting: Setting): Intention[] {
  const { person, chance } = setting
  const { truth, traits } = person
  const wave = new Wave(setting)
  const drive = AT_WORK.has(truth.persona) && truth.persona !== 'rival' ? 0.28 * (traits.pain + traits.urgency) : 0
  const mean = HABITS[truth.persona].visits * traits.diligence * Math.exp(drive)
  wave.run({ from: truth.arrivedAt, count: chance.poisson(Math.min(mean, VISITS_MAX)), eagerness: 0 })
  // Something happens in the company, and they look again.
  if (truth.segment !== null && chance.is(SECOND_WAVE)) {
    const from = truth.arrivedAt + chance.within(45, 320) * DAY_MS
    wave.run({ from, count: 1 + chance.poisson(Math.min(mean / 2, VISITS_MAX)), eagerness: 0.8 })
  }
  return wave.intentions
}

/** Visits that come one after the other, farther and farther apart. */
class Wave {
  readonly intentions: Intention[] = []
  private readonly setting: Setting
  private askedAt = -Infinity
  private isTrying = false

  constructor(setting: Setting) {
    this.setting = setting
  }

  run({ from, count, eagerness }: { from: Instant; count: number; eagerness: number }): void {
    const { world, calendar, person, chance } = this.setting
    const { persona } = person.truth
    const isAtWork = AT_WORK.has(persona)
    let at = from
    for (let visit = 0; visit < count && at < world.until; visit++) {
      if (visit > 0) at += chance.exponential(1.6 * DAY_MS * Math.min(1.22 ** visit, 30))
      const when = persona === 'bot' ? Math.floor(at) : calendar.readingTime(at, { isAtWork, chance })
      if (when >= from) this.visit(when, eagerness)
    }
  }

  private visit(at: Instant, eagerness: number): void {
    const { person, chance } = this.setting
    const habits = HABITS[person.truth.persona]
    const pages = 1 + Math.min(Math.floor(chance.exponential(habits.pagesPerVisit)), 400)
    const form = this.formOf(at, eagerness)
    this.intentions.push({ kind: 'visit', at, pages, ...(form === undefined ? {} : { form }) })
    if (!this.isTrying && chance.is(chanceOf(habits.startsTrial + this.wants + eagerness))) this.trial(at + 5 * 60_000)
  }

  private formOf(at: Instant, eagerness: number): 'demo' | 'contact' | 'guide' | undefined {
    const { person, chance } = this.setting
    const asks = chance.is(chanceOf(HABITS[person.truth.persona].asksForDemo + this.wants + eagerness))
    if (asks && at > this.askedAt + 30 * DAY_MS) {
      this.askedAt = at
      return chance.is(0.8) ? 'demo' : 'contact'
    }
    return chance.is(0.07) ? 'guide' : undefined
  }

  /** Log-odds of asking for something, from what moves them. Who never buys does not feel the pain. */
  private get wants(): number {
    const { truth, traits } = this.setting.person
    return truth.segment === null ? 0 : 0.75 * traits.pain + 0.55 * traits.urgency
  }

  private trial(at: Instant): void {
    const { world, calendar, person, chance } = this.setting
    this.isTrying = true
    this.intentions.push({ kind: 'trial', at })
    const logins = chance.poisson(6 * Math.exp(0.4 * this.wants))
    const isAtWork = AT_WORK.has(person.truth.persona)
    for (let login = 0; login < Math.min(logins, 60); login++) {
      const when = calendar.readingTime(at + chance.exponential(5 * DAY_MS), { isAtWork, chance })
      if (when > at && when < world.until) {
        this.intentions.push({ kind: 'product', at: when, isRota: chance.is(chanceOf(-1.2 + 0.6 * this.wants)) })
      }
    }
  }
}

// --- Mails and webinars ----------------------------------------------------------------------------------------------

const FORTNIGHT_MS = 14 * DAY_MS
const LOSES_INTEREST_MS = 300 * DAY_MS
const UNSUBSCRIBES = 0.02

function mails({ world, person, chance }: Setting): Intention[] {
  const { arrivedAt, persona } = person.truth
  const { opensMail, clicksMail } = HABITS[persona]
  const firstTuesday = midnightOf(world.start) + ((8 - weekdayOf(world.start)) % 7) * DAY_MS + 7 * HOUR_MS
  const missed = Math.ceil((arrivedAt - firstTuesday) / FORTNIGHT_MS)
  const mails: Intention[] = []
  for (let sentAt = firstTuesday + Math.max(missed, 0) * FORTNIGHT_MS; sentAt < world.until; sentAt += FORTNIGHT_MS) {
    const opens = opensMail * Math.exp((arrivedAt - sentAt) / LOSES_INTEREST_MS)
    if (!chance.is(opens)) continue
    const unsubscribes = chance.is(UNSUBSCRIBES)
    const at = Math.floor(sentAt + chance.exponential(7 * HOUR_MS))
    mails.push({ kind: 'mail', at, isClicked: chance.is(clicksMail), unsubscribes })
    if (unsubscribes) break
  }
  return mails
}

const FOUR_WEEKS_MS = 28 * DAY_MS

function webinars({ world, person, chance }: Setting): Intention[] {
  const { arrivedAt, persona } = person.truth
  const firstWednesday = midnightOf(world.start) + ((9 - weekdayOf(world.start)) % 7) * DAY_MS + 13 * HOUR_MS
  const held = Math.ceil((arrivedAt - firstWednesday) / FOUR_WEEKS_MS)
  const attended: Intention[] = []
  for (let at = firstWednesday + Math.max(held, 0) * FOUR_WEEKS_MS; at < world.until; at += FOUR_WEEKS_MS) {
    if (!chance.is(HABITS[persona].webinarsPerMonth * Math.exp((arrivedAt - at) / LOSES_INTEREST_MS))) continue
    const minutes = Math.min(Math.round(chance.logNormal({ median: 35, spread: 0.6 })), 60)
    attended.push({ kind: 'webinar', at: at + chance.between(0, 9 * 60_000), minutes })
  }
  return attended
}
