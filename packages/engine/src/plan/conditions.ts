/** Conditions → tests over cells. Leaves become cells; combinations stay small closures over them. */
import type {
  ActivityTest,
  AnswersTest,
  AttributeTest,
  CategoryTest,
  Condition,
  LeadsTest,
  PersonaTest,
  ScoreTest,
  StageTest,
} from '../definition/language.ts'
import { parseDuration } from '../time.ts'
import { compileActivityTest } from './activity-tests.ts'
import { changedAtOf, valueOf, type AttributePlan, type Builder } from './builder.ts'
import { earliestOf, type Compute, type Edge, type Root, type Source, type Test } from './cells.ts'
import type { Scope } from './feeds.ts'
import { countHolds, FALSE, kleene, not, TRUE, UNKNOWN, type Kleene } from './kleene.ts'
import { countRange, microRange } from './points.ts'
import { emptyTally, partsOf } from './tally.ts'
import { compileValueTest } from './value-tests.ts'

/** @param scope  whose activities: inside `account:` those of all its leads */
export function compileCondition(builder: Builder, condition: Condition, scope: Scope = 'lead'): Test {
  if ('all' in condition) return counted(builder, condition.all, scope, 'all')
  if ('any' in condition) return counted(builder, condition.any, scope, 'any')
  if ('not' in condition) {
    const inner = compileCondition(builder, condition.not, scope)
    return { ...inner, holds: (lead, t) => not(inner.holds(lead, t)) }
  }
  if ('of' in condition) return counted(builder, condition.of, scope, condition.at_least)
  if ('account' in condition) {
    builder.looksAtAccount = true
    return ofAccount(compileCondition(builder, condition.account, 'account'))
  }
  return leaf(builder, leafSpec(builder, condition, scope))
}

type Leaf = Exclude<
  Condition,
  | { readonly all: unknown }
  | { readonly any: unknown }
  | { readonly not: unknown }
  | { readonly of: unknown }
  | { readonly account: unknown }
>

interface LeafSpec {
  readonly compute: Compute
  readonly reads?: readonly number[]
  readonly sources?: readonly Source[]
  readonly isTimed?: boolean
  readonly edge?: Edge
  readonly behind?: readonly Root[]
}

function leafSpec(builder: Builder, leafTest: Leaf, scope: Scope): LeafSpec {
  if ('attribute' in leafTest) return attributeLeaf(builder, leafTest)
  if ('activity' in leafTest) return activityLeaf(builder, leafTest, scope)
  if ('score' in leafTest) return scoreLeaf(builder, leafTest)
  if ('category' in leafTest) return categoryLeaf(builder, leafTest)
  if ('persona' in leafTest) return personaLeaf(builder, leafTest)
  if ('stage' in leafTest) return stageLeaf(builder, leafTest)
  if ('answers' in leafTest) return answersLeaf(builder, leafTest)
  return leadsLeaf(builder, leafTest)
}

function leaf(builder: Builder, spec: LeafSpec): Test {
  const { cells } = builder
  const cell = cells.add({ ...spec, isTimed: spec.isTimed === true && builder.isWatching })
  return {
    cells: [cell],
    behind: spec.behind ?? [],
    holds: (lead, t) => cells.read(lead, cell, t) as Kleene,
    until: (lead) => lead.until[cell],
  }
}

/** `all`, `any` and k-of-n are one thing: how many parts must be true. One part may decide; then the others are not read. */
function counted(
  builder: Builder,
  conditions: readonly Condition[],
  scope: Scope,
  needed: 'all' | 'any' | number,
): Test {
  const parts = conditions.map((each) => compileCondition(builder, each, scope))
  if (parts.length === 1 && needed !== 'any' && (needed === 'all' || needed === 1)) return parts[0]
  const atLeast = needed === 'all' ? parts.length : needed === 'any' ? 1 : needed
  const decisive = atLeast === parts.length ? FALSE : atLeast === 1 ? TRUE : undefined
  let until = Infinity
  return {
    cells: parts.flatMap((part) => part.cells),
    behind: parts.flatMap((part) => part.behind),
    until: () => until,
    holds: (lead, t) => {
      let sure = 0
      let possible = 0
      let soonest = Infinity
      for (let index = 0; index < parts.length; index++) {
        const part = parts[index]
        const result = part.holds(lead, t)
        const ends = part.until(lead)
        if (result === decisive) {
          until = ends
          return result
        }
        if (ends < soonest) soonest = ends
        if (result !== FALSE) possible += 1
        if (result === TRUE) sure += 1
      }
      until = soonest
      if (sure >= atLeast) return TRUE
      return possible < atLeast ? FALSE : UNKNOWN
    },
  }
}

/** Without an account everything about it is unknown. */
function ofAccount(inner: Test): Test {
  return {
    ...inner,
    holds: (lead, t) => (lead.account === undefined ? UNKNOWN : inner.holds(lead, t)),
    until: (lead) => (lead.account === undefined ? Infinity : inner.until(lead)),
  }
}

// --- Attributes ------------------------------------------------------------------------------------------------------

const sourcesOf = ({ slot, isOfAccount }: AttributePlan): Source[] =>
  isOfAccount ? [`attribute:${slot}`, 'account'] : [`attribute:${slot}`]

function attributeLeaf(builder: Builder, test: AttributeTest): LeafSpec {
  const plan = builder.attributes.get(test.attribute)!
  const { known, changed_within, older_than, newer_than, due_within, ...operators } = test
  const { attribute: _, ...valueTest } = operators
  const judge = Object.keys(valueTest).length > 0 ? compileValueTest(valueTest, plan.attribute.type) : undefined
  const spans = spansOf(test)
  if (changed_within !== undefined) plan.isDated = true
  return {
    sources: sourcesOf(plan),
    behind: [{ kind: 'attribute', slot: plan.slot, isOfAccount: plan.isOfAccount }],
    isTimed: spans.length > 0,
    compute: (lead, t, cell) => {
      const value = valueOf(lead, plan)
      lead.until[cell] = Infinity
      if (value === undefined) {
        lead.value[cell] = unknownResult(known, judge !== undefined || spans.length > 0)
        return
      }
      let holds = known !== false && (judge === undefined || judge(value))
      for (const span of spans) {
        const origin = span.isOfChange ? changedAtOf(lead, plan) : (value as number)
        const [from, to] = [origin + span.fromMs, origin + span.toMs]
        if (t < from || t >= to) holds = false
        if (t < from) lead.until[cell] = Math.min(lead.until[cell], from)
        else if (t < to) lead.until[cell] = Math.min(lead.until[cell], to)
      }
      lead.value[cell] = kleene(holds)
    },
  }
}

/** What a test says of an unknown value: `known` is never unknown, everything else is; all of them must hold. */
export function unknownResult(known: boolean | undefined, hasOthers: boolean): Kleene {
  if (known === true) return FALSE
  return hasOthers ? UNKNOWN : kleene(known === false)
}

/** When a test of time holds, relative to the date or to its change: from `fromMs` on, up to but not at `toMs`. */
export interface Span {
  readonly isOfChange: boolean
  readonly fromMs: number
  readonly toMs: number
}

export function spansOf({ changed_within, older_than, newer_than, due_within }: AttributeTest): Span[] {
  const spans: Span[] = []
  if (changed_within !== undefined)
    spans.push({ isOfChange: true, fromMs: -Infinity, toMs: parseDuration(changed_within) })
  if (older_than !== undefined) spans.push({ isOfChange: false, fromMs: parseDuration(older_than), toMs: Infinity })
  if (newer_than !== undefined) spans.push({ isOfChange: false, fromMs: 0, toMs: parseDuration(newer_than) })
  if (due_within !== undefined) spans.push({ isOfChange: false, fromMs: -parseDuration(due_within), toMs: 1 })
  return spans
}

/** Two-valued: a topic is answered or it is not. */
function answersLeaf(builder: Builder, test: AnswersTest): LeafSpec {
  const topics = test.answers.map((topic) =>
    [...builder.attributes.values()].filter(({ attribute }) => attribute.answers === topic),
  )
  return {
    sources: topics.flat().flatMap(sourcesOf),
    behind: topics.flat().map(({ slot, isOfAccount }) => ({ kind: 'attribute', slot, isOfAccount })),
    compute: (lead, _t, cell) => {
      const answered = topics.filter((plans) => plans.some((plan) => valueOf(lead, plan) !== undefined)).length
      lead.value[cell] = kleene(answered >= test.at_least)
      lead.until[cell] = Infinity
    },
  }
}

// --- Activities ------------------------------------------------------------------------------------------------------

function activityLeaf(builder: Builder, test: ActivityTest, scope: Scope): LeafSpec {
  const { spec, read } = compileActivityTest(test)
  const { slot } = builder.feeds.tally({ activities: test.activity, where: test.where, scope, spec })
  const isOfAccount = scope === 'account'
  const nothing = emptyTally(partsOf(spec), false)
  return {
    sources: isOfAccount ? [`tally:${slot}`, 'account'] : [`tally:${slot}`],
    isTimed: true,
    behind: [
      { kind: 'tally', slot, isOfAccount, windowMs: test.within === undefined ? Infinity : parseDuration(test.within) },
    ],
    compute: (lead, t, cell) => {
      const tally = isOfAccount ? lead.account?.tallies[slot] : lead.tallies[slot]
      read(tally ?? nothing, t, lead, cell)
    },
  }
}

/** Counts the account's leads for which a condition holds; unknown ones may or may not count. */
function leadsLeaf(builder: Builder, test: LeadsTest): LeafSpec {
  builder.looksAtAccount = true
  builder.looksAtMembers = true
  const range = countRange(test.leads)
  const inner = compileCondition(builder, test.when)
  return {
    sources: ['members', 'account'],
    compute: (lead, t, cell) => {
      const { account } = lead
      lead.until[cell] = Infinity
      if (account === undefined) {
        lead.value[cell] = UNKNOWN
        return
      }
      let sure = 0
      let possible = 0
      let until = Infinity
      for (const member of account.members) {
        const result = inner.holds(member, t)
        if (result !== FALSE) possible += 1
        if (result === TRUE) sure += 1
        until = Math.min(until, inner.until(member))
      }
      lead.value[cell] = countHolds(range, sure, possible)
      lead.until[cell] = until
    },
  }
}

// --- Scores, personas, categories, stages ----------------------------------------------------------------------------

function scoreLeaf(builder: Builder, test: ScoreTest): LeafSpec {
  const range = microRange(test)
  const { cells } = builder
  const { cell: score, ranges } = builder.scores.get(test.score)!
  if (builder.isWatching) ranges.push(range)
  return {
    reads: [score],
    edge: { score, range },
    compute: (lead, t, cell) => {
      const value = cells.read(lead, score, t)
      lead.value[cell] = kleene(value >= range.low && value <= range.high)
      lead.until[cell] = lead.until[score]
    },
  }
}

function personaLeaf(builder: Builder, test: PersonaTest): LeafSpec {
  const { cells } = builder
  const personas = namesOf(test.persona).map((name) => builder.personas.get(name)!)
  return {
    reads: personas,
    compute: (lead, t, cell) => {
      let result: Kleene = FALSE
      for (const persona of personas) {
        const each = cells.read(lead, persona, t) as Kleene
        if (each === TRUE || (each === UNKNOWN && result === FALSE)) result = each
      }
      lead.value[cell] = result
      lead.until[cell] = earliestOf(lead, personas)
    },
  }
}

const namesOf = (names: string | readonly string[]): readonly string[] => (typeof names === 'string' ? [names] : names)

function categoryLeaf(builder: Builder, test: CategoryTest): LeafSpec {
  const layout = builder.layout.categories.get(test.category)!
  const indexes = (names: readonly string[]) => new Set(names.map((name) => layout.levels.indexOf(name)))
  const wanted = [...(test.is === undefined ? [] : [indexes([test.is])]), ...(test.in ? [indexes(test.in)] : [])]
  const barred = [
    ...(test.is_not === undefined ? [] : [indexes([test.is_not])]),
    ...(test.not_in ? [indexes(test.not_in)] : []),
  ]
  const isWanted = (level: number) => wanted.every((each) => each.has(level)) && !barred.some((each) => each.has(level))
  return {
    sources: [`category:${test.category}`],
    isTimed: test.for_at_least !== undefined,
    compute: lasting(layout.level, layout.since, isWanted, test.for_at_least),
  }
}

function stageLeaf(builder: Builder, test: StageTest): LeafSpec {
  const { stages } = builder.layout
  const wanted = new Set(namesOf(test.stage).map((id) => stages.index.get(id)!))
  if (test.reached) {
    return {
      sources: ['stage'],
      compute: (lead, _t, cell) => {
        lead.value[cell] = kleene([...wanted].some((stage) => lead.latch[stages.reached + stage] === 1))
        lead.until[cell] = Infinity
      },
    }
  }
  return {
    sources: ['stage'],
    isTimed: test.for_at_least !== undefined,
    compute: lasting(stages.stage, stages.since, (stage) => wanted.has(stage), test.for_at_least),
  }
}

/** Being at one of some levels or stages, and for long enough. */
function lasting(
  at: number,
  since: number,
  isWanted: (index: number) => boolean,
  forAtLeast: string | undefined,
): Compute {
  const lastsMs = forAtLeast === undefined ? 0 : parseDuration(forAtLeast)
  return ({ latch, value, until }, t, cell) => {
    const isThere = isWanted(latch[at])
    const ripeAt = latch[since] + lastsMs
    value[cell] = kleene(isThere && t >= ripeAt)
    until[cell] = isThere && t < ripeAt ? ripeAt : Infinity
  }
}
