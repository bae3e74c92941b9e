/**
 * The story of one account: its people act, the live definition says who is qualified, sales reacts, and all of it is facts.
 * One happening after the other; what one person does takes place between what others do.
 */
import type { AccountAttributeFact, DecisionFact, Fact, Instant, Plan } from '@winnow/engine'
import { Agenda } from './agenda.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, type Calendar } from './calendar.ts'
import { AT_WORK, intentionsOf, pageOf, type Intention } from './intentions.ts'
import { LiveDefinition } from './live.ts'
import type { Account, Person } from './people.ts'
import { Chance } from './random.ts'
import { afterTalk, discover, firstLook, reachChance, whyLost, type Desk, type Verdict } from './sales.ts'
import { AMOUNT_SPREAD, UNWORKED_SHARE, type Rep } from './tables.ts'
import { propensityAt } from './truth.ts'
import type { World } from './world.ts'

export interface StorySetting {
  readonly world: World
  readonly calendar: Calendar
  /** Of the two versions. */
  readonly plans: readonly [Plan, Plan]
  readonly account: Account
  /** Number of the account. */
  readonly index: number
}

/** Where a person stands with sales. */
interface Standing {
  readonly person: Person
  readonly facts: Fact[]
  readonly rep: Rep
  status: 'free' | 'waiting' | 'worked' | 'over'
  looks: number
  askedAt: Instant
  readonly answered: Set<string>
}

type Happening =
  | { readonly kind: 'arrival' | 'look' | 'offer' | 'outcome' | 'order' | 'reorder' | 'usage'; readonly of: Standing }
  | { readonly kind: 'intention'; readonly of: Standing; readonly intention: Intention }
  | { readonly kind: 'call'; readonly of: Standing; readonly attempt: number }
  | { readonly kind: 'publication' }

const CALLS_MAX = 5
const SECOND_CALLS = 0.6
/** MQLs that nobody opens for weeks. */
const FORGOTTEN = 0.04

/** @returns the facts of each person, in the account's order; what is said of the account stands with the first */
export function tellStory(setting: StorySetting): readonly (readonly Fact[])[] {
  return new Story(setting).tell()
}

class Story {
  private readonly setting: StorySetting
  private readonly live: LiveDefinition
  private readonly agenda = new Agenda<Happening>()
  private readonly chance: Chance
  private readonly standings: readonly Standing[]
  private readonly key: string
  private now: Instant = -Infinity
  private isSecond: boolean
  private isAccountKnown = false
  private told = 0

  constructor(setting: StorySetting) {
    const { world, account, plans, index } = setting
    this.setting = setting
    this.key = index.toString(36)
    this.chance = new Chance(`${world.seed}/${index}/sales`)
    const intending = new Chance(`${world.seed}/${index}/does`)
    this.standings = account.people.map((person) => this.standingOf(person))
    const startsAt = Math.min(...account.people.map(({ truth }) => truth.arrivedAt))
    this.isSecond = startsAt >= world.secondVersionAt
    this.live = new LiveDefinition(plans[this.isSecond ? 1 : 0])
    if (!this.isSecond) this.agenda.add(world.secondVersionAt, { kind: 'publication' })
    for (const standing of this.standings) this.intend(standing, intending)
  }

  private standingOf(person: Person): Standing {
    const rep = this.chance.pick(this.setting.world.reps)
    return { person, facts: [], rep, status: 'free', looks: 0, askedAt: -Infinity, answered: new Set() }
  }

  private intend(standing: Standing, chance: Chance): void {
    const { world, calendar } = this.setting
    const { person } = standing
    const { arrivedAt } = person.truth
    this.agenda.add(arrivedAt, { kind: 'arrival', of: standing })
    for (const intention of intentionsOf({ world, calendar, person, chance })) {
      if (intention.at > arrivedAt) this.agenda.add(intention.at, { kind: 'intention', of: standing, intention })
    }
    const ordersAt = arrivedAt + chance.logNormal({ median: 60, spread: 0.6 }) * DAY_MS
    this.agenda.add(ordersAt, { kind: 'order', of: standing })
  }

  tell(): readonly (readonly Fact[])[] {
    const { until } = this.setting.world
    for (;;) {
      const at = Math.max(this.agenda.nextAt, this.now + MINUTE_MS)
      if (this.hear(Math.min(at - 1, until))) continue // somebody in sales may act before
      if (at > until) return this.standings.map(({ facts }) => facts)
      this.now = Math.floor(at)
      this.happen(this.agenda.take())
    }
  }

  /** Sales hears of whoever has become an MQL. Whether something was planned. */
  private hear(upTo: Instant): boolean {
    if (!this.isAsked) return false
    const entered = this.live.entersNext(upTo)
    for (const { lead, to, at } of entered) {
      const standing = this.standings.find(({ person }) => person.truth.lead === lead)!
      if (to === 'mql') this.queue(standing, at)
    }
    return entered.length > 0
  }

  /** Whom sales works with, or has done with, the definition need not be asked about. */
  private get isAsked(): boolean {
    return this.standings.some(({ status, facts }) => status === 'free' && facts.length > 0)
  }

  private queue(standing: Standing, at: Instant): void {
    if (standing.status !== 'free') return
    standing.status = 'waiting'
    const { chance, isSecond } = this
    const hours = chance.is(FORGOTTEN)
      ? chance.exponential(30 * 24)
      : chance.logNormal({ median: isSecond ? 5 : 22, spread: 0.9 }) * standing.rep.pace
    this.plan('look', standing, at + hours * HOUR_MS)
  }

  private plan(kind: 'look' | 'offer' | 'outcome', of: Standing, at: Instant): void {
    this.agenda.add(this.setting.calendar.officeTime(at, this.chance), { kind, of })
  }

  private happen(happening: Happening): void {
    switch (happening.kind) {
      case 'arrival':
        return this.arrive(happening.of)
      case 'intention':
        return this.act(happening.of, happening.intention)
      case 'publication':
        return this.publish()
      case 'look':
        return this.look(happening.of)
      case 'call':
        return this.call(happening.of, happening.attempt)
      case 'offer':
        return this.offer(happening.of)
      case 'outcome':
        return this.conclude(happening.of)
      case 'order':
        return this.order(happening.of)
      case 'reorder':
        return this.reorder(happening.of)
      case 'usage':
        return this.use(happening.of)
    }
  }

  private publish(): void {
    this.isSecond = true
    this.live.replaceBy(this.setting.plans[1], this.now)
    for (const standing of this.standings) {
      const isAsked = standing.status === 'free' && standing.facts.length > 0
      if (isAsked && this.live.stageOf(standing.person.truth.lead, this.now) === 'mql') this.queue(standing, this.now)
    }
  }

  // --- What people do ------------------------------------------------------------------------------------------------

  private arrive(standing: Standing): void {
    const { account } = this.setting
    const { person } = standing
    const { lead } = person.truth
    // At fairs cards are written by hand, and typed in when everybody is back.
    const isLate = person.firstForm === 'fair_card'
    const receivedAt = isLate ? this.now + Math.floor(this.chance.within(1, 4) * DAY_MS) : undefined
    const base = receivedAt !== undefined && receivedAt <= this.setting.world.until ? { receivedAt } : {}
    if (person.account !== null) {
      this.tellFact(standing, { ...this.stamp(), ...base, kind: 'link', lead, account: person.account })
      if (!this.isAccountKnown) this.tellOfAccount(standing, account, base)
    }
    for (const [name, value] of person.said) {
      this.tellFact(standing, { ...this.stamp(), ...base, kind: 'attribute', lead, name, value })
    }
    this.activity(standing, 'form_submitted', { form: person.firstForm }, base)
    if (person.firstForm === 'contact' || isLate) standing.askedAt = this.now
  }

  private tellOfAccount(standing: Standing, account: Account, base: Pick<AccountAttributeFact, 'receivedAt'>): void {
    this.isAccountKnown = true
    const said = [['name', account.name] as const, ...account.said]
    for (const [name, value] of said) {
      this.tellFact(standing, {
        ...this.stamp(),
        ...base,
        kind: 'account_attribute',
        account: account.id!,
        name,
        value,
      })
    }
  }

  private act(standing: Standing, intention: Intention): void {
    switch (intention.kind) {
      case 'visit':
        return this.visit(standing, intention)
      case 'mail':
        return this.readMail(standing, intention)
      case 'webinar':
        return this.activity(standing, 'webinar', { minutes: intention.minutes })
      case 'trial':
        return this.activity(standing, 'trial_started', {})
      case 'product':
        return this.activity(standing, 'product', { event: intention.isRota ? 'rota_published' : 'login' })
    }
  }

  private visit(standing: Standing, { pages, form }: Extract<Intention, { kind: 'visit' }>): void {
    const { persona } = standing.person.truth
    const isProgram = persona === 'bot'
    const noticed = isProgram && this.chance.is(0.75) ? { robot: true } : {}
    for (let page = 0; page < pages; page++) {
      if (page > 0) this.pass(isProgram ? this.chance.between(400, 2500) : this.chance.between(4000, 130_000))
      this.activity(standing, 'page', { path: pageOf(persona, this.chance), ...noticed })
    }
    if (form === undefined) return
    this.pass(this.chance.between(20_000, 90_000))
    this.activity(standing, 'form_submitted', { form })
    if (form !== 'guide') standing.askedAt = this.now
  }

  private readMail(standing: Standing, { isClicked, unsubscribes }: Extract<Intention, { kind: 'mail' }>): void {
    this.activity(standing, 'email_opened', { mail: 'newsletter' })
    if (isClicked) {
      this.pass(this.chance.between(3000, 40_000))
      this.activity(standing, 'email_clicked', { mail: 'newsletter' })
    }
    if (!unsubscribes) return
    this.pass(20_000)
    this.activity(standing, 'email_unsubscribed', {})
  }

  // --- What sales does -----------------------------------------------------------------------------------------------

  private deskOf({ person, rep, askedAt, looks }: Standing): Desk {
    const { account } = this.setting
    return { person, account, rep, chance: this.chance, askedAt, now: this.now, looksBefore: looks }
  }

  private look(standing: Standing): void {
    if (standing.status !== 'waiting') return
    const verdict = firstLook(this.deskOf(standing))
    standing.looks++
    this.decide(standing, verdict)
    if (verdict.decision !== 'accept') return
    if (this.chance.is(0.02)) this.override(standing)
    this.planCall(standing, 1)
  }

  private override(standing: Standing): void {
    const until = this.now + 14 * DAY_MS
    this.pass(30_000)
    this.decision(standing, 'override', {
      reason: 'Has spoken to us at an event',
      override: { category: 'temperature', level: 'hot', until },
    })
  }

  private planCall(of: Standing, attempt: number): void {
    const after = attempt === 1 ? this.chance.exponential(5 * HOUR_MS) : this.chance.exponential(1.5 * DAY_MS)
    const at = this.setting.calendar.officeTime(this.now + 10 * MINUTE_MS + after * of.rep.pace, this.chance)
    this.agenda.add(at, { kind: 'call', of, attempt })
  }

  private call(standing: Standing, attempt: number): void {
    if (standing.status !== 'worked') return
    const desk = this.deskOf(standing)
    if (!this.chance.is(reachChance(desk))) {
      this.activity(standing, 'call', { direction: 'outbound', outcome: 'no_answer' })
      if (attempt < CALLS_MAX) return this.planCall(standing, attempt + 1)
      return this.decide(standing, { decision: 'recycle', reason: 'Could not be reached' })
    }
    this.talk(standing, desk, attempt)
  }

  private talk(standing: Standing, desk: Desk, attempt: number): void {
    const { answers, impression } = discover(desk)
    this.activity(standing, 'call', { direction: 'outbound', outcome: 'reached', minutes: this.chance.between(4, 40) })
    this.pass(this.chance.between(3, 25) * MINUTE_MS)
    const { lead } = standing.person.truth
    for (const [name, value] of answers) {
      standing.answered.add(name)
      this.tellFact(standing, { ...this.stamp(), kind: 'attribute', lead, name, value })
    }
    const verdict = afterTalk(desk, { impression, answered: standing.answered.size })
    const isOpen = verdict.decision === 'recycle' && impression >= 0
    if (isOpen && attempt < CALLS_MAX && this.chance.is(SECOND_CALLS)) return this.planCall(standing, attempt + 1)
    this.pass(MINUTE_MS)
    this.decide(standing, verdict)
    if (verdict.decision === 'qualify')
      this.plan('offer', standing, this.now + this.cycleDays(standing) * 0.35 * DAY_MS)
  }

  /** Larger companies take longer. */
  private cycleDays({ person }: Standing): number {
    const employees = person.truth.drivers.find(({ driver }) => driver === 'size')?.value
    const size = typeof employees === 'number' ? (employees / 100) ** 0.2 : 1
    return this.chance.logNormal({ median: 28 * size, spread: 0.5 })
  }

  private offer(standing: Standing): void {
    if (standing.status !== 'worked') return
    this.activity(standing, 'meeting', { minutes: 15 * this.chance.between(1, 6) })
    this.pass(this.chance.between(10, 100) * MINUTE_MS)
    this.activity(standing, 'proposal_sent', {})
    this.plan('outcome', standing, this.now + this.cycleDays(standing) * 0.65 * DAY_MS)
  }

  private conclude(standing: Standing): void {
    if (standing.status !== 'worked') return
    const { world } = this.setting
    const { truth } = standing.person
    if (truth.luck < propensityAt(world, truth, this.now)) return this.win(standing, standing.rep.id)
    const isRivalThere = this.now >= world.drift.at && truth.segment === world.drift.industry
    standing.status = 'over'
    this.decision(standing, 'lose', { by: standing.rep.id, reason: whyLost(this.deskOf(standing), isRivalThere) })
  }

  /** Some of those who would have bought order although nobody called them. */
  private order(standing: Standing): void {
    const { truth } = standing.person
    const isAlone = standing.status === 'free' || standing.status === 'waiting'
    if (!isAlone || truth.luck >= UNWORKED_SHARE * propensityAt(this.setting.world, truth, this.now)) return
    this.activity(standing, 'form_submitted', { form: 'order' })
    this.pass(this.chance.between(10, 100) * MINUTE_MS)
    this.win(standing, 'inside.sales')
  }

  private win(standing: Standing, by: string): void {
    standing.status = 'over'
    const { expectedAmount } = standing.person.truth
    this.decision(standing, 'win', { by, amount: this.amountAround(expectedAmount) })
    this.planReorder(standing)
    this.agenda.add(this.now + 3 * DAY_MS, { kind: 'usage', of: standing })
  }

  private amountAround(expected: number): number {
    const amount = this.chance.logNormal({
      median: expected * Math.exp(-(AMOUNT_SPREAD ** 2) / 2),
      spread: AMOUNT_SPREAD,
    })
    return Math.max(300, Math.round(amount / 10) * 10)
  }

  private planReorder(of: Standing): void {
    const { repeatOrdersPerYear } = of.person.truth
    if (repeatOrdersPerYear === 0) return
    const at = this.now + this.chance.exponential((365 * DAY_MS) / repeatOrdersPerYear)
    this.agenda.add(this.setting.calendar.officeTime(at, this.chance), { kind: 'reorder', of })
  }

  private reorder(standing: Standing): void {
    const { segment, expectedAmount } = standing.person.truth
    const amount = this.amountAround(expectedAmount * this.setting.world.segments[segment!].repeatShare)
    this.decision(standing, 'win', {
      by: standing.rep.id,
      reason: this.chance.pick(['More seats', 'Another site']),
      amount,
    })
    this.planReorder(standing)
  }

  /** A customer at work with it. */
  private use(standing: Standing): void {
    const { diligence } = standing.person.traits
    this.activity(standing, 'product', { event: 'login' })
    const rotas = this.chance.between(0, 2)
    for (let rota = 0; rota < rotas; rota++) {
      this.pass(this.chance.between(2, 15) * MINUTE_MS)
      this.activity(standing, 'product', { event: 'rota_published' })
    }
    const { calendar } = this.setting
    const isAtWork = AT_WORK.has(standing.person.truth.persona)
    const after = this.chance.exponential((6 * DAY_MS) / Math.min(Math.max(diligence, 0.3), 6))
    const next = calendar.readingTime(this.now + DAY_MS / 2 + after, { isAtWork, chance: this.chance })
    this.agenda.add(next, { kind: 'usage', of: standing })
  }

  private decide(standing: Standing, { decision, reason }: Verdict): void {
    const by = standing.rep.id
    this.decision(standing, decision, reason === undefined ? { by } : { by, reason })
    const goesOn = decision === 'accept' || decision === 'qualify'
    standing.status = goesOn ? 'worked' : decision === 'disqualify' ? 'over' : 'free'
  }

  // --- Facts ---------------------------------------------------------------------------------------------------------

  private pass(ms: number): void {
    this.now += Math.floor(ms)
  }

  /** Ids rise, so that facts of one instant are in the engine's order as they are told. */
  private stamp(): { id: string; at: Instant } {
    this.told++
    return { id: `demo-${this.key}-${String(this.told).padStart(5, '0')}`, at: this.now }
  }

  private activity(
    standing: Standing,
    type: string,
    properties: Readonly<Record<string, unknown>>,
    base: Pick<Fact, 'receivedAt'> = {},
  ): void {
    const { lead } = standing.person.truth
    this.tellFact(standing, { ...this.stamp(), ...base, kind: 'activity', lead, type, properties })
  }

  private decision(
    standing: Standing,
    decision: DecisionFact['decision'],
    more: Pick<DecisionFact, 'by' | 'reason' | 'amount' | 'override'>,
  ): void {
    const { lead } = standing.person.truth
    this.tellFact(standing, { ...this.stamp(), kind: 'decision', lead, decision, ...more })
  }

  private tellFact(standing: Standing, fact: Fact): void {
    if (fact.at > this.setting.world.until) return
    standing.facts.push(fact)
    this.live.add(fact)
  }
}
