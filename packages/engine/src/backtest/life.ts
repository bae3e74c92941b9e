/**
 * One circle under one version, as it would have been seen: facts are taken in when they were known, time passes in between, and
 * what was believed is corrected where a fact comes late.
 */
import { advance, nextWake } from '../assess/advance.ts'
import { applyFact } from '../assess/apply.ts'
import type { Transition } from '../assess/assessment.ts'
import { leadOf, openCircle } from '../assess/circle.ts'
import { settle } from '../assess/settle.ts'
import { compareFacts, type Fact, type LeadId } from '../facts.ts'
import { scoreAt, signsOf, steadyUntil } from '../plan/scores.ts'
import type { Circle, LeadState } from '../plan/state.ts'
import { WEEK_MS, type Instant } from '../time.ts'
import { Notes, type Places } from './notes.ts'

export interface Timing {
  readonly from: Instant
  /** Beginnings of the whole weeks. */
  readonly weeks: readonly Instant[]
}

/** Gets every change of the ledger, where somebody wants it. */
export interface LedgerSink {
  readonly added: (transitions: readonly Transition[], knownAt: Instant | undefined) => void
  /** Everything so far, as it is read now. */
  readonly rewritten: (transitions: readonly Transition[], knownAt: Instant) => void
}

export class Life {
  readonly places: Places
  private readonly timing: Timing
  private readonly notesOf = new Map<LeadId, Notes>()
  private readonly pool: Notes[] = []
  private leads: readonly LeadId[] = []
  private circle: Circle = openCircle()
  private sink: Transition[] = []
  /** Place of the week that ends next. */
  private week = 0
  private weekEnd: Instant = Infinity
  private readonly stale: boolean[] = []
  ledger: LedgerSink | undefined

  constructor(places: Places, timing: Timing) {
    this.places = places
    this.timing = timing
  }

  begin(leads: readonly LeadId[]): void {
    this.leads = leads
    while (this.pool.length < leads.length) this.pool.push(new Notes(this.places))
    if (leads.length > 1) {
      this.notesOf.clear()
      leads.forEach((lead, index) => this.notesOf.set(lead, this.pool[index]))
    }
    for (let index = 0; index < leads.length; index++) this.pool[index].reset()
    this.open()
    this.startWeek(0)
  }

  private open(): void {
    this.circle = openCircle({ withLog: this.places.plan.looksAtAccount })
  }

  private startWeek(week: number): void {
    const { weeks } = this.timing
    this.week = week
    // The last millisecond of the week.
    this.weekEnd = week < weeks.length ? weeks[week] + WEEK_MS - 1 : Infinity
  }

  notesAt(index: number): Notes {
    return this.pool[index]
  }

  private notes(lead: LeadId): Notes {
    return this.leads.length === 1 ? this.pool[0] : this.notesOf.get(lead)!
  }

  /** Takes note of how a lead stands at its first win. */
  noteWin(index: number, t: Instant): void {
    const lead = leadOf(this.circle, this.leads[index])
    if (lead !== undefined) this.pool[index].win(lead, t, this.circle.progress.at)
  }

  // --- Facts ---------------------------------------------------------------------------------------------------------

  /**
   * Facts that became known at one instant.
   * @param facts  everything known by then in the order in which it became known; those from `begin` to `end` are new and in order
   */
  arrive(facts: readonly Fact[], begin: number, end: number, knownAt: Instant): void {
    const first = facts[begin].at
    const isLate = first < knownAt
    if (first <= this.circle.progress.at) this.rebuild(facts, end, knownAt)
    else if (!isLate) this.takeInTime(facts, begin, end)
    else {
      this.pass(first - 1)
      if (this.isQuietUntil(knownAt - 1)) this.takeLate(facts, begin, end, knownAt)
      else this.rebuild(facts, end, knownAt)
    }
  }

  private takeInTime(facts: readonly Fact[], begin: number, end: number): void {
    const { circle, sink } = this
    const t = facts[begin].at
    this.pass(t - 1)
    for (const lead of circle.everyone) this.lookBefore(lead, t)
    for (let index = begin; index < end; index++) applyFact(this.places.plan, circle, facts[index], sink)
    this.noteStale()
    advance(this.places.plan, circle, t, sink)
    this.noteSettled(t)
  }

  /** Nothing was seen between the facts and now that they could have prevented. */
  private takeLate(facts: readonly Fact[], begin: number, end: number, knownAt: Instant): void {
    const { places, circle, sink } = this
    for (const lead of circle.everyone) this.lookBefore(lead, facts[begin].at)
    for (let index = begin; index < end; index++) {
      if (applyFact(places.plan, circle, facts[index], sink) === 'applied') continue
      // Of an account that no lead belonged to, something is known of this very instant.
      sink.length = 0
      this.rebuild(facts, end, knownAt)
      return
    }
    advance(places.plan, circle, circle.clock, sink)
    const isSteady = nextWake(places.plan, circle, knownAt) > knownAt && this.isSteadyUntil(knownAt)
    if (!isSteady) advance(places.plan, circle, knownAt, sink)
    this.ledger?.added(sink, knownAt)
    sink.length = 0
    this.lookAnew(knownAt)
  }

  /** A fact from before what has been settled: everything is read again. */
  private rebuild(facts: readonly Fact[], end: number, knownAt: Instant): void {
    const { places } = this
    if (knownAt - 1 > this.circle.progress.at) this.pass(knownAt - 1)
    for (const lead of this.circle.everyone) this.lookBefore(lead, knownAt)
    this.open()
    const transitions: Transition[] = []
    for (const fact of facts.slice(0, end).sort(compareFacts)) applyFact(places.plan, this.circle, fact, transitions)
    advance(places.plan, this.circle, knownAt, transitions)
    this.ledger?.rewritten(transitions, knownAt)
    this.lookAnew(knownAt)
  }

  private lookAnew(t: Instant): void {
    const { places, circle } = this
    for (const lead of circle.everyone) {
      const notes = this.notes(lead.id)
      for (const climb of notes.climbs) {
        const { score } = climb.ladder
        const value = places.plan.cells.read(lead, score.cell, circle.progress.at)
        climb.note(circle.progress.at < t ? scoreAt(score, lead, t).value : value, t, this.timing.from)
      }
      notes.changeTo(lead, t, circle.progress.at)
    }
  }

  // --- Time ----------------------------------------------------------------------------------------------------------

  /** Lets time pass up to and including `to`. */
  pass(to: Instant): void {
    const { places, circle, sink } = this
    const { plan } = places
    const { progress, everyone } = circle
    if (everyone.length === 0) {
      while (this.weekEnd <= to) this.startWeek(this.week + 1)
      return
    }
    while (progress.at < to || this.weekEnd <= to) {
      const stop = this.weekEnd < to ? this.weekEnd : to
      const wake = nextWake(plan, circle, stop)
      this.climb(wake > stop ? stop : wake - 1)
      if (wake <= stop) {
        for (const lead of everyone) this.lookBefore(lead, wake)
        settle(plan, everyone, wake, sink)
        progress.at = wake
        this.noteSettled(wake, true)
      } else progress.at = stop
      if (progress.at === this.weekEnd) this.endWeek()
    }
  }

  private endWeek(): void {
    const { circle, places, timing } = this
    for (const lead of circle.everyone) {
      const notes = this.notes(lead.id)
      for (const climb of notes.climbs)
        climb.note(places.plan.cells.read(lead, climb.ladder.score.cell, this.weekEnd), this.weekEnd, timing.from)
      notes.endWeek()
    }
    this.startWeek(this.week + 1)
  }

  /** Whether nothing that anybody sees happens after what has been settled, up to `to`, if no fact comes. */
  private isQuietUntil(to: Instant): boolean {
    if (this.circle.everyone.length === 0) return true
    return this.weekEnd > to && nextWake(this.places.plan, this.circle, to) > to && this.isSteadyUntil(to)
  }

  private isSteadyUntil(to: Instant): boolean {
    const { places, circle } = this
    return circle.everyone.every((lead) =>
      places.ladders.every(({ score }) => {
        places.plan.cells.read(lead, score.cell, circle.progress.at)
        return steadyUntil(score, lead) > to
      }),
    )
  }

  // --- Points --------------------------------------------------------------------------------------------------------

  /** Rises by time alone after what has been settled, up to `to`. */
  private climb(to: Instant): void {
    const { ladders, plan } = this.places
    const from = this.circle.progress.at
    if (to <= from) return
    for (let index = 0; index < ladders.length; index++) {
      const { mayRise, score } = ladders[index]
      if (!mayRise) continue
      for (const lead of this.circle.everyone) {
        if (steadyUntil(score, lead) > to && (signsOf(score, lead) & 2) === 0) continue
        this.notes(lead.id).climbs[index].pass(plan.cells, lead, { from, to, period: this.timing.from })
      }
    }
  }

  /** Points fall unnoticed; that matters where the lead may rise again to what it had reached before the period. */
  private lookBefore(lead: LeadState, t: Instant): void {
    const { plan } = this.places
    const { climbs } = this.notes(lead.id)
    for (const climb of climbs) {
      if (climb.mayRiseAgain && t - 1 >= this.circle.progress.at)
        climb.note(plan.cells.read(lead, climb.ladder.score.cell, t - 1), t - 1, this.timing.from)
    }
  }

  /** Scores that the facts just taken in have touched. */
  private noteStale(): void {
    const { stale, circle, places } = this
    const { ladders } = places
    let place = 0
    for (const lead of circle.everyone) {
      for (let index = 0; index < ladders.length; index++)
        stale[place++] = lead.until[ladders[index].score.cell] === -Infinity
    }
  }

  /** Takes note of changes at an instant that has been settled, and of the points then. */
  private noteSettled(t: Instant, isAllStale = false): void {
    const { sink, stale, places, circle } = this
    const isAll = isAllStale || sink.length > 0
    const { cells } = places.plan
    let place = 0
    for (const lead of circle.everyone) {
      const { climbs } = this.notes(lead.id)
      for (let index = 0; index < climbs.length; index++) {
        if (!isAll && !stale[place++]) continue
        const climb = climbs[index]
        climb.note(cells.read(lead, climb.ladder.score.cell, t), t, this.timing.from)
      }
    }
    if (sink.length === 0) return
    this.ledger?.added(sink, undefined)
    for (const transition of sink) this.notes(transition.lead).change(leadOf(circle, transition.lead)!, transition)
    sink.length = 0
  }
}
