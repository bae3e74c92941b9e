/** Replays circles under several versions and keeps what matters of them. */
import type { Definition } from '../definition/language.ts'
import type { Fact, LeadId } from '../facts.ts'
import { compileDefinition } from '../plan/compile.ts'
import { WEEK_MS, type Instant } from '../time.ts'
import { aboutOf } from './about.ts'
import { growingBytes, growingFloats, growingInts, growingShorts } from './growing.ts'
import { handoverIn, withReadiness } from './handover.ts'
import { Life } from './life.ts'
import { eachArrival, inOrderKnown, knownAtOf, outcomeOf, valueSaid } from './log.ts'
import { Places, type Notes, type Standing } from './notes.ts'
import {
  weeksOf,
  type Outcomes,
  type Snapshots,
  type Split,
  type TraceOptions,
  type Traces,
  type VersionAbout,
  type VersionTrace,
} from './traces.ts'

export interface BacktestVersion {
  readonly name: string
  readonly definition: Definition
}

/** Traces circles one after the other: give every circle to `add`, then take `finish`. */
export class Tracer {
  private readonly options: TraceOptions
  private readonly weeks: readonly Instant[]
  private readonly lanes: readonly Lane[]
  private readonly leads: string[] = []
  private readonly firstAt = growingFloats()
  private readonly firstWeek = growingShorts()
  private readonly outcomes = new OutcomeColumns()
  private facts = 0
  /** Whether the leads of an account have to come as one circle: a version looks at what colleagues do. */
  readonly looksAtAccount: boolean

  constructor(versions: readonly BacktestVersion[], options: TraceOptions) {
    this.options = options
    this.weeks = weeksOf(options)
    const timing = { from: options.from, weeks: this.weeks }
    const sources = new ScoreSources()
    this.lanes = versions.map(
      (version, index) => new Lane(version, options, { timing, twins: sources.add(version, index) }),
    )
    this.looksAtAccount = this.lanes.some(({ life }) => life.places.plan.looksAtAccount)
  }

  /**
   * @param leads  those of the circle
   * @param facts  of these leads and their accounts, in any order; of several with one id the first given counts
   */
  add(leads: readonly LeadId[], facts: readonly Fact[]): void {
    const { options, lanes } = this
    const log = inOrderKnown(facts, options.to - 1, options.known)
    const firstAt = new Map<LeadId, Instant>()
    for (const fact of log) {
      if (fact.kind !== 'account_attribute' && !firstAt.has(fact.lead))
        firstAt.set(fact.lead, knownAtOf(fact, options.known))
    }
    const present = leads.filter((lead) => firstAt.has(lead))
    if (present.length === 0) return
    this.facts += log.length
    const wins = this.outcomes.add(present, facts, options.watermark)
    for (const lane of lanes) lane.live(present, log, wins)
    for (const lead of present) {
      this.leads.push(lead)
      const at = firstAt.get(lead)!
      this.firstAt.push(at)
      this.firstWeek.push(this.weekOf(at))
    }
  }

  /** The first whole week of the period at whose end somebody is there. */
  private weekOf(at: Instant): number {
    const [first] = this.weeks
    return first === undefined ? 0 : Math.min(this.weeks.length, Math.max(0, Math.floor((at - first) / WEEK_MS)))
  }

  private closed(): VersionTrace[] {
    const versions: VersionTrace[] = []
    for (const lane of this.lanes) versions.push(lane.close(versions))
    return versions
  }

  finish(): Traces {
    return {
      options: this.options,
      leads: this.leads,
      firstAt: this.firstAt.close(),
      facts: this.facts,
      outcomes: this.outcomes.close(),
      firstWeek: this.firstWeek.close(),
      versions: this.closed(),
    }
  }
}

/** Scores that mean the same in several versions: their points are watched once. */
class ScoreSources {
  private readonly places = new Map<string, Twin>()

  /** @returns by score, where an earlier version has the same */
  add({ definition }: BacktestVersion, version: number): Map<string, Twin> {
    const twins = new Map<string, Twin>()
    Object.keys(definition.scores ?? {}).forEach((name, score) => {
      const key = meaningOf(definition, name)
      const twin = key === undefined ? undefined : this.places.get(key)
      if (twin !== undefined) twins.set(name, twin)
      else if (key !== undefined) this.places.set(key, { version, score })
    })
    return twins
  }
}

/** Where the same score is watched. */
interface Twin {
  readonly version: number
  readonly score: number
}

/** Everything that a score's points come from; undefined where it looks at levels, stages or other scores, or at colleagues. */
function meaningOf({ scores, activities, attributes, personas }: Definition, name: string): string | undefined {
  const score = scores![name]
  const text = JSON.stringify([score, personas])
  if (/"(?:category|stage|score|account|leads|by)":/.test(text)) return undefined
  return JSON.stringify([score, activities, attributes, personas])
}

/** Traces of everything at once, for few facts. */
export function trace(
  circles: Iterable<{ readonly leads: readonly LeadId[]; readonly facts: readonly Fact[] }>,
  versions: readonly BacktestVersion[],
  options: TraceOptions,
): Traces {
  const tracer = new Tracer(versions, options)
  for (const { leads, facts } of circles) tracer.add(leads, facts)
  return tracer.finish()
}

/** One version. */
class Lane {
  readonly life: Life
  private readonly about: VersionAbout
  private readonly options: TraceOptions
  private readonly offsets = growingInts()
  private readonly at = growingFloats()
  private readonly node = growingBytes()
  private readonly to = growingShorts()
  private readonly handoverAt = growingFloats()
  private readonly atHandover = new SnapshotColumns()
  private readonly atWin = new SnapshotColumns()
  private readonly reaches: readonly ReachColumns[]
  private readonly weekOffsets = growingInts()
  private readonly weekPoints: readonly ReturnType<typeof growingBytes>[]
  private readonly splits: readonly SplitColumn[]
  private leads = 0
  /** By score. */
  private readonly twins: readonly (Twin | undefined)[]

  constructor(
    { name, definition }: BacktestVersion,
    options: TraceOptions,
    {
      timing,
      twins,
    }: {
      readonly timing: { readonly from: Instant; readonly weeks: readonly Instant[] }
      readonly twins: ReadonlyMap<string, Twin>
    },
  ) {
    const handover = handoverIn(definition, options.handover)
    const plan = compileDefinition(withReadiness(definition, handover))
    this.options = options
    this.twins = plan.scores.map(({ name: score }) => twins.get(score))
    this.life = new Life(new Places(plan, handover, (score) => !twins.has(score)), timing)
    this.about = aboutOf(name, plan, handover)
    const { ladders } = this.life.places
    this.reaches = ladders.map(() => new ReachColumns())
    this.weekPoints = ladders.map(() => growingBytes())
    this.splits = (options.splitBy ?? []).map((attribute) => new SplitColumn(attribute))
    this.offsets.push(0)
    this.weekOffsets.push(0)
  }

  /** @param wins  of each lead, its first win, if that is known */
  live(leads: readonly LeadId[], log: readonly Fact[], wins: readonly (Win | undefined)[]): void {
    const { life, options } = this
    const { known, from, to } = options
    life.begin(leads)
    const saidAt = leads.map(() => log.length)
    eachArrival(log, known, (begin, end, knownAt) => {
      life.arrive(log, begin, end, knownAt)
      for (let index = 0; index < leads.length; index++) {
        const win = wins[index]
        if (win !== undefined && win.at >= from && isAmong(log, begin, end, win.id)) life.noteWin(index, knownAt)
        if (this.splits.length > 0 && saidAt[index] === log.length && isToldNow(life.notesAt(index), knownAt))
          saidAt[index] = end
      }
    })
    life.pass(to - 1)
    for (const [index, lead] of leads.entries()) {
      this.keep(life.notesAt(index))
      for (const split of this.splits) split.push(valueSaid(log, saidAt[index], { lead, attribute: split.attribute }))
    }
  }

  private keep(notes: Notes): void {
    const lead = this.leads++
    this.at.pushAll(notes.at)
    this.node.pushAll(notes.node)
    this.to.pushAll(notes.to)
    this.offsets.push(this.at.length)
    this.handoverAt.push(notes.handoverAt)
    if (notes.handoverAt < Infinity) this.atHandover.push(lead, notes.atHandover)
    if (notes.winAt < Infinity) this.atWin.push(lead, notes.atWin)
    notes.climbs.forEach((climb, index) => this.reaches[index].push(climb))
    notes.weeks.forEach((points, index) => this.weekPoints[index].pushAll(points))
    this.weekOffsets.push(this.weekPoints[0]?.length ?? 0)
  }

  /** @param earlier  versions whose scores this one may share */
  close(earlier: readonly VersionTrace[]): VersionTrace {
    const own = this.reaches.map((reach, index) => ({ reach: reach.close(), points: this.weekPoints[index].close() }))
    const scores = this.twins.map((twin) => {
      if (twin === undefined) return own.shift()!
      const { reaches, weeks } = earlier[twin.version]
      return { reach: reaches[twin.score], points: weeks.points[twin.score] }
    })
    const lender = earlier.find(({ weeks }) => weeks.points.length > 0)
    const areAllLent = this.weekPoints.length === 0 && lender !== undefined
    return {
      about: this.about,
      changes: {
        offsets: this.offsets.close(),
        at: this.at.close(),
        node: this.node.close(),
        to: this.to.close(),
      },
      handoverAt: this.handoverAt.close(),
      atHandover: this.atHandover.close(),
      atWin: this.atWin.close(),
      reaches: scores.map(({ reach }) => reach),
      weeks: {
        offsets: areAllLent ? lender.weeks.offsets : this.weekOffsets.close(),
        points: scores.map(({ points }) => points),
      },
      splits: this.splits.map((split) => split.close()),
    }
  }
}

/** Whether what is known now is what the lead's values are to be read from. */
const isToldNow = (notes: Notes, knownAt: Instant) => notes.handoverAt <= knownAt || notes.winAt <= knownAt

function isAmong(log: readonly Fact[], begin: number, end: number, id: string): boolean {
  for (let index = begin; index < end; index++) if (log[index].id === id) return true
  return false
}

interface Win {
  readonly id: string
  readonly at: Instant
}

class OutcomeColumns {
  private readonly offsets = growingInts()
  private readonly at = growingFloats()
  private readonly kind = growingBytes()
  private readonly amount = growingFloats()

  constructor() {
    this.offsets.push(0)
  }

  /** @returns the first win of each lead */
  add(leads: readonly LeadId[], facts: readonly Fact[], watermark: Instant): (Win | undefined)[] {
    const decided = facts.filter((fact) => fact.kind === 'decision' && fact.at <= watermark)
    const decisions = inOrderKnown(decided, watermark, 'happened')
    return leads.map((lead) => {
      let win: Win | undefined
      for (const fact of decisions) {
        if (fact.kind !== 'decision' || fact.lead !== lead) continue
        const kind = outcomeOf(fact)
        if (kind < 0) continue
        if (kind === 0) win ??= fact
        this.at.push(fact.at)
        this.kind.push(kind)
        this.amount.push(fact.amount ?? Number.NaN)
      }
      this.offsets.push(this.at.length)
      return win
    })
  }

  close(): Outcomes {
    return {
      offsets: this.offsets.close(),
      at: this.at.close(),
      kind: this.kind.close(),
      amount: this.amount.close(),
    }
  }
}

class SnapshotColumns {
  private readonly lead = growingInts()
  private readonly at = growingFloats()
  private readonly points = growingFloats()
  private readonly levels = growingShorts()
  private readonly expected = growingFloats()

  push(lead: number, { at, points, levels, expected }: Standing): void {
    this.lead.push(lead)
    this.at.push(at)
    this.points.pushAll(points)
    this.levels.pushAll(levels)
    this.expected.push(expected)
  }

  close(): Snapshots {
    return {
      lead: this.lead.close(),
      at: this.at.close(),
      points: this.points.close(),
      levels: this.levels.close(),
      expected: this.expected.close(),
    }
  }
}

class ReachColumns {
  private readonly before = growingBytes()
  private readonly offsets = growingInts()
  private readonly at = growingFloats()
  private readonly low = growingBytes()
  private readonly high = growingBytes()

  constructor() {
    this.offsets.push(0)
  }

  push({ before, at, low, high }: Notes['climbs'][number]): void {
    this.before.push(before)
    this.at.pushAll(at)
    this.low.pushAll(low)
    this.high.pushAll(high)
    this.offsets.push(this.at.length)
  }

  close() {
    return {
      before: this.before.close(),
      offsets: this.offsets.close(),
      at: this.at.close(),
      low: this.low.close(),
      high: this.high.close(),
    }
  }
}

class SplitColumn {
  readonly attribute: string
  private readonly values: (string | null)[] = [null]
  private readonly codeOf = new Map<string | null, number>([[null, 0]])
  private readonly codes = growingInts()

  constructor(attribute: string) {
    this.attribute = attribute
  }

  push(value: string | null): void {
    let code = this.codeOf.get(value)
    if (code === undefined) {
      code = this.values.push(value) - 1
      this.codeOf.set(value, code)
    }
    this.codes.push(code)
  }

  close(): Split {
    return { attribute: this.attribute, values: this.values, codes: this.codes.close() }
  }
}
