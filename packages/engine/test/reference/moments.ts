/**
 * The instants between two facts at which something can turn for the lead by the passing of time alone, smooth decay
 * apart (see crossing.ts). There may be too many of them, as settling at any instant is right; none may be missing.
 */
import type {
  ActivityTest,
  AttributeTest,
  Condition,
  Criterion,
  Decay,
  Definition,
  EachCriterion,
  TableCriterion,
} from '../../src/definition/language.ts'
import { DAY_MS, type Instant } from '../../src/time.ts'
import type { Known } from './known.ts'
import { ms, once } from './numbers.ts'
import { decayOf } from './scores.ts'
import { levelsOf, stageOf, watchKey, type LeadState } from './state.ts'

// --- Walking through a definition ------------------------------------------------------------------------------------

/** Every criterion with the decay that holds for it. */
export const criteriaOf = once((definition: Definition): readonly { criterion: Criterion; decay: Decay }[] =>
  Object.values(definition.scores ?? {}).flatMap((score) =>
    Object.values(score.groups).flatMap((group) =>
      group.criteria.map((criterion) => ({ criterion, decay: decayOf(criterion, group, score) })),
    ),
  ),
)

/** Every condition, and every condition inside another. */
export const conditionsOf = once((definition: Definition): readonly Condition[] => {
  const levels = Object.values(definition.categories ?? {}).flatMap((each) => ('levels' in each ? levelsOf(each) : []))
  const outermost = [
    ...Object.values(definition.personas ?? {}).map((persona) => persona.when),
    ...criteriaOf(definition).map(({ criterion }) => ('when' in criterion ? criterion.when : undefined)),
    ...levels.flatMap((level) => [level.when, level.stays_while]),
    ...(definition.stages ?? []).flatMap((stage) => [stage.enter, stage.needs]),
  ]
  return outermost.flatMap((condition) => (condition === undefined ? [] : withParts(condition)))
})

/** Whether a lead's account makes its other leads matter. */
export const looksAtAccounts = once(
  (definition: Definition): boolean =>
    conditionsOf(definition).some((condition) => 'account' in condition || 'leads' in condition) ||
    criteriaOf(definition).some(({ criterion }) => 'each' in criterion && criterion.by === 'account'),
)

function withParts(condition: Condition): readonly Condition[] {
  return [condition, ...partsOf(condition).flatMap(withParts)]
}

function partsOf(condition: Condition): readonly Condition[] {
  if ('all' in condition) return condition.all
  if ('any' in condition) return condition.any
  if ('not' in condition) return [condition.not]
  if ('of' in condition) return condition.of
  if ('account' in condition) return [condition.account]
  return 'leads' in condition ? [condition.when] : []
}

// --- Instants that follow from the facts -----------------------------------------------------------------------------

/** In rising order, those after `from` up to `to`. */
export function momentsFromFacts(known: Known, from: Instant, to: Instant): readonly Instant[] {
  const moments = new Set<Instant>()
  const add = (at: Instant) => {
    if (from < at && at <= to) moments.add(at)
  }
  for (const condition of conditionsOf(known.definition)) {
    if ('attribute' in condition) addOfAttribute(condition, known, add)
    else if ('activity' in condition) addOfActivity(condition, known, add)
  }
  for (const { criterion, decay } of criteriaOf(known.definition)) {
    if ('each' in criterion) addOfEach(criterion, decay, { known, to }, add)
    else if ('table' in criterion) addOfTable(criterion, known, add)
  }
  return [...moments].sort((a, b) => a - b)
}

type Add = (at: Instant) => void

function addOfAttribute(test: AttributeTest, known: Known, add: Add): void {
  const isDate = known.definition.attributes![test.attribute].type === 'date'
  for (const { value, changedAt } of known.everywhere(test.attribute)) {
    if (test.changed_within !== undefined && changedAt !== undefined) add(changedAt + ms(test.changed_within))
    if (!isDate || value === undefined) continue
    const date = value as Instant
    if (test.older_than !== undefined) add(date + ms(test.older_than))
    if (test.newer_than !== undefined) [date, date + ms(test.newer_than)].forEach(add)
    // Due up to and including the date itself: the change comes a millisecond later.
    if (test.due_within !== undefined) [date - ms(test.due_within), date + 1].forEach(add)
  }
}

function addOfActivity(test: ActivityTest, known: Known, add: Add): void {
  const lengths: number[] = []
  if (test.within !== undefined) lengths.push(ms(test.within))
  if (test.trend !== undefined) lengths.push(ms(test.within!) + ms(test.trend.against))
  if (test.last?.within !== undefined) lengths.push(ms(test.last.within))
  if (test.last?.longer_ago_than !== undefined) lengths.push(ms(test.last.longer_ago_than))
  for (const { at } of known.occurrences(test, { names: test.activity, where: test.where })) {
    for (const length of lengths) add(at + length)
  }
}

function addOfTable(criterion: TableCriterion, known: Known, add: Add): void {
  if (known.definition.attributes![criterion.table].type !== 'date') return
  const edges = (criterion.bins ?? []).flatMap((bin) => [bin.at_least, bin.below]).filter((edge) => edge !== undefined)
  for (const { value } of known.everywhere(criterion.table)) {
    if (value === undefined) continue
    for (const edge of edges) {
      // The age in days is a fraction: the millisecond of the edge itself and its neighbours.
      const near = (value as Instant) + Math.floor(edge * DAY_MS)
      for (let at = near - 1; at <= near + 2; at++) add(at)
    }
  }
}

function addOfEach(
  criterion: EachCriterion,
  decay: Decay,
  { known, to }: { readonly known: Known; readonly to: Instant },
  add: Add,
): void {
  for (const { at } of known.occurrences(criterion, { names: criterion.each, where: criterion.where })) {
    if (criterion.within !== undefined) add(at + ms(criterion.within))
    if (decay === 'none' || 'half_life' in decay) continue
    if ('expires' in decay) add(at + ms(decay.expires))
    else if ('linear' in decay) {
      const corner = at + ms(decay.linear.after ?? '0s')
      ;[corner, corner + ms(decay.linear.over)].forEach(add)
    } else {
      const every = ms(decay.steps.every)
      const steps = Math.ceil(100 / Number(decay.steps.lose.slice(0, -1)))
      for (let step = 1; step <= steps && at + step * every <= to; step++) add(at + step * every)
    }
  }
}

// --- Instants that follow from what has become of a lead -------------------------------------------------------------

interface Lasting {
  /** By category: how long a condition wants its level to have lasted. */
  readonly levels: ReadonlyMap<string, readonly number[]>
  readonly stage: readonly number[]
}

const lastingOf = once((definition: Definition): Lasting => {
  const levels = new Map<string, number[]>()
  const stage: number[] = []
  for (const condition of conditionsOf(definition)) {
    if ('category' in condition && condition.for_at_least !== undefined) {
      const lengths = levels.get(condition.category) ?? []
      levels.set(condition.category, [...lengths, ms(condition.for_at_least)])
    } else if ('stage' in condition && condition.for_at_least !== undefined) stage.push(ms(condition.for_at_least))
  }
  return { levels, stage }
})

/** The first instant after `after` that the lead's own history brings; `Infinity` if there is none. */
export function nextOfState(definition: Definition, state: LeadState, after: Instant): Instant {
  return Math.min(...instantsOfState(definition, state).filter((at) => at > after))
}

function instantsOfState(definition: Definition, state: LeadState): readonly Instant[] {
  const instants: Instant[] = []
  const { stage } = state
  const lasting = lastingOf(definition)
  for (const [name, category] of Object.entries(definition.categories ?? {})) {
    const { since } = state.levels.get(name)!
    for (const length of lasting.levels.get(name) ?? []) instants.push(since + length)
    for (const level of 'levels' in category ? levelsOf(category) : []) {
      if (level.stays_at_least !== undefined) instants.push(since + ms(level.stays_at_least))
      const trueSince = state.trueSince.get(watchKey(name, level.name))
      if (level.for_at_least !== undefined && trueSince !== undefined) instants.push(trueSince + ms(level.for_at_least))
    }
  }
  for (const { until } of state.overrides.values()) instants.push(until)
  for (const shut of state.shut.values()) if (shut !== 'until not true') instants.push(shut.until)
  for (const length of lasting.stage) instants.push(stage.since + length)
  const { sla } = stageOf(definition, stage.id)
  if (sla !== undefined) instants.push(stage.since + ms(sla))
  return instants
}
