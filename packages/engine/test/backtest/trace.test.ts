/** A trace is what would have been seen: replayed where everything was known at once, corrected where it was not. */
import { describe, expect, test } from 'vitest'
import {
  compareFacts,
  compileDefinition,
  ledgerOf,
  replay,
  trace,
  type CircleFacts,
  type Fact,
  type LedgerLine,
  type Plan,
  type TraceOptions,
  type Transition,
} from '../../src/index.ts'
import { casesOf } from '../generators/share.ts'
import { seeded } from '../generators/draw.ts'
import { changesOf, companyOf, type Change, type Company } from './company.ts'

const seeds = Array.from({ length: casesOf(150) }, (_, seed) => 300_000 + seed)

function forEverySeed(check: (company: Company, seed: number) => void): void {
  for (const seed of seeds) {
    try {
      check(companyOf(seed, 2), seed)
    } catch (error) {
      throw new Error(`seed ${seed}`, { cause: error })
    }
  }
}

const asChange = ({ at, kind, name, to }: Transition): Change =>
  kind === 'sla' ? { at, name: 'sla', to: name } : { at, name, to }

const knownAt = ({ at, receivedAt = at }: Fact) => Math.max(at, receivedAt)

const idOnce = (facts: readonly Fact[]): Fact[] => [
  ...new Map(facts.toReversed().map((fact) => [fact.id, fact])).values(),
]

describe('a trace of what happened', () => {
  test('has the transitions of a replay', () => {
    let compared = 0
    forEverySeed(({ definition, circles, options }) => {
      const plan = compileDefinition(definition)
      const traces = trace(circles, [{ name: 'v', definition }], { ...options, known: 'happened' })
      for (const { leads, facts } of circles) {
        const { transitions } = replay(plan, facts, { until: options.to - 1 })
        for (const lead of leads) {
          const own = transitions.filter((each) => each.lead === lead).map(asChange)
          expect(changesOf(traces, 0, lead)).toEqual(own)
          compared += own.length
        }
      }
    })
    expect(compared).toBeGreaterThan(seeds.length)
  })
})

/** Everything that is known by then, replayed from scratch. */
const readAt = (plan: Plan, facts: readonly Fact[], t: number): readonly Transition[] =>
  replay(
    plan,
    facts.filter((fact) => knownAt(fact) <= t),
    { until: t },
  ).transitions

const instantsOf = (facts: readonly Fact[], until: number): number[] =>
  [...new Set(facts.map(knownAt))].filter((t) => t <= until).sort((a, b) => a - b)

/** What a lead was seen to be, by name. */
function stateOf(transitions: readonly Transition[], lead: string): Map<string, string> {
  const state = new Map<string, string>()
  for (const each of transitions) {
    if (each.lead !== lead) continue
    const { name, to } = asChange(each)
    if (each.kind === 'stage') state.delete('sla')
    state.set(name, to)
  }
  return state
}

/** Changes of what was seen of a lead, from replays at every instant at which something became known. */
function seenPlainly(plan: Plan, { facts }: CircleFacts, lead: string, until: number): Change[] {
  const once = idOnce(facts)
  const instants = instantsOf(once, until)
  const found: Change[] = []
  let before: readonly Transition[] = []
  instants.forEach((t, index) => {
    const isLate = once.some((fact) => knownAt(fact) === t && fact.at < t)
    const now = readAt(plan, once, t)
    if (isLate) {
      const [then, seen] = [stateOf(before, lead), stateOf(now, lead)]
      for (const [name, to] of seen) if (then.get(name) !== to) found.push({ at: t, name, to })
    } else found.push(...now.filter((each) => each.lead === lead && each.at === t).map(asChange))
    const next = (instants[index + 1] ?? until + 1) - 1
    before = replay(
      plan,
      once.filter((fact) => knownAt(fact) <= t),
      { until: next },
    ).transitions
    found.push(...before.filter((each) => each.lead === lead && each.at > t).map(asChange))
  })
  return found
}

describe('a trace of what was received', () => {
  test('is what replays of everything known by then show at every instant', () => {
    let late = 0
    forEverySeed(({ definition, circles, options }) => {
      const plan = compileDefinition(definition)
      const until = options.to - 1
      const traces = trace(circles, [{ name: 'v', definition }], { ...options, known: 'received' })
      for (const circle of circles) {
        for (const lead of circle.leads) {
          const order = (changes: Change[]) => changes.map((each) => JSON.stringify(each)).toSorted()
          expect(order(changesOf(traces, 0, lead))).toEqual(order(seenPlainly(plan, circle, lead, until)))
        }
        late += circle.facts.filter((fact) => knownAt(fact) > fact.at).length
      }
    })
    expect(late).toBeGreaterThan(seeds.length)
  })
})

const lineKey = ({ transition, knownAt: known, withdrawnAt }: LedgerLine) =>
  JSON.stringify([transition, known, withdrawnAt ?? null])

/** Lines by comparing replays at every instant at which something became known. */
function ledgerPlainly(plan: Plan, { facts }: CircleFacts, until: number): LedgerLine[] {
  const once = idOnce(facts)
  const lines: { transition: Transition; knownAt: number; withdrawnAt: number | undefined }[] = []
  const instants = instantsOf(once, until)
  const compare = (transitions: readonly Transition[], t: number, isNew: boolean) => {
    const standing = Map.groupBy(
      lines.filter((line) => line.withdrawnAt === undefined),
      (line) => JSON.stringify(line.transition),
    )
    for (const transition of transitions) {
      if (standing.get(JSON.stringify(transition))?.shift() !== undefined) continue
      lines.push({ transition, knownAt: isNew ? t : transition.at, withdrawnAt: undefined })
    }
    for (const line of [...standing.values()].flat()) line.withdrawnAt = t
  }
  instants.forEach((t, index) => {
    compare(readAt(plan, once, t), t, true)
    const known = once.filter((fact) => knownAt(fact) <= t)
    compare(replay(plan, known, { until: (instants[index + 1] ?? until + 1) - 1 }).transitions, t, false)
  })
  return lines
}

describe('a ledger', () => {
  test('has the lines that differ whenever something becomes known', () => {
    let withdrawn = 0
    forEverySeed(({ definition, circles, options }) => {
      const plan = compileDefinition(definition)
      const until = options.to - 1
      for (const circle of circles) {
        const lines = ledgerOf(plan, circle, { until, known: 'received' })
        expect(lines.map(lineKey).toSorted()).toEqual(ledgerPlainly(plan, circle, until).map(lineKey).toSorted())
        withdrawn += lines.filter(({ withdrawnAt }) => withdrawnAt !== undefined).length
      }
    })
    expect(withdrawn).toBeGreaterThan(seeds.length / 5)
  })

  test('without late facts is the replay', () => {
    forEverySeed(({ definition, circles, options }) => {
      const plan = compileDefinition(definition)
      for (const circle of circles) {
        const lines = ledgerOf(plan, circle, { until: options.to, known: 'happened' })
        expect(lines.map(({ transition }) => transition)).toEqual(
          replay(plan, circle.facts, { until: options.to }).transitions,
        )
        expect(lines.every((line) => line.knownAt === line.transition.at)).toBe(true)
      }
    })
  })
})

describe('what comes later', () => {
  test('changes nothing before', () => {
    let planted = 0
    forEverySeed(({ definition, circles, options }, seed) => {
      const draw = seeded(seed)
      for (const circle of circles) {
        const facts = idOnce(circle.facts).sort(compareFacts)
        const t = knownAt(draw.pick(facts))
        const known = facts.filter((fact) => knownAt(fact) <= t)
        if (known.length === facts.length) continue
        planted += facts.length - known.length
        const upTo = (all: readonly Fact[]) => seenUpTo(definition, { ...circle, facts: all }, options, t)
        expect(upTo(facts)).toEqual(upTo(known))
      }
    })
    expect(planted).toBeGreaterThan(seeds.length)
  })
})

/** All that a trace says of instants up to `t`. */
function seenUpTo(definition: Company['definition'], circle: CircleFacts, options: TraceOptions, t: number): unknown {
  const traces = trace([circle], [{ name: 'v', definition }], { ...options, known: 'received', splitBy: [] })
  const [version] = traces.versions
  return traces.leads
    .map((lead, index) => ({
      lead,
      changes: changesOf(traces, 0, lead).filter(({ at }) => at <= t),
      handoverAt: version.handoverAt[index] <= t ? version.handoverAt[index] : undefined,
      reaches: version.reaches.map(({ offsets, at, low, high }) =>
        Array.from({ length: offsets[index + 1] - offsets[index] }, (_, offset) => offsets[index] + offset)
          .filter((place) => at[place] <= t)
          .map((place) => [at[place], low[place], high[place]]),
      ),
    }))
    .filter(({ changes }) => changes.length > 0)
}
