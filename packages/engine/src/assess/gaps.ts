/** What is missing: the smallest changes that would take a lead to a level or a stage, each one tried before it is told. */
import { bare, chained, english, sentence, several, type Phrase, type Said } from '../definition/phrases.ts'
import { activityWords, attributeWords, categoryWords, levelWords, spaced, stageWords } from '../definition/words.ts'
import { dependenciesOf, formatNode, orderOfNodes } from '../definition/dependencies.ts'
import { isMatrix } from '../plan/layout.ts'
import { compareFacts, type Fact, type LeadId } from '../facts.ts'
import type { Plan } from '../plan/compile.ts'
import type { Circle, LeadState } from '../plan/state.ts'
import { readInstant, type Instant } from '../time.ts'
import { applyFact } from './apply.ts'
import { assess, settledLead } from './assess.ts'
import type { Assessment, Transition } from './assessment.ts'
import { copyCircle } from './circle.ts'
import { activityMoves, attributeMoves, factsOf, type Move } from './moves.ts'
import { dateSaid } from './lines.ts'
import { nextChange } from './next-change.ts'

export type Target = { readonly category: string; readonly level: string } | { readonly stage: string }

export interface Gap {
  readonly target: Target
  /** The level or stage really reached: the target or a better level. */
  readonly reached: string
  /** All of them together lead there. */
  readonly steps: readonly GapStep[]
  /** The steps as facts a millisecond from now: what was tried. */
  readonly facts: readonly Fact[]
  /** When the target is reached, if nothing else happens: then, or where a level has to have held for some time, later. */
  readonly at: Instant
  readonly sentence: string
  /** What the sentence says, as data. */
  readonly phrase: Phrase
}

export type GapStep =
  | { readonly kind: 'activity'; readonly activity: string; readonly times: number }
  | { readonly kind: 'attribute'; readonly attribute: string; readonly value: unknown; readonly question?: string }

/** More repetitions of one activity than this are not a small change. */
const TIMES_MAX = 5
const GAPS_MAX = 5

/**
 * @param targets  what to reach; silent: the next better level of each category that is read from a score, and the next stage that is entered by itself
 * @returns for each target the smallest changes found: one thing, the same thing a few times, else two things together
 * @throws WinnowError `instant_past` when the circle has facts after `asOf`
 */
export function gaps(plan: Plan, circle: Circle, id: LeadId, asOf: Instant, targets?: readonly Target[]): Gap[] {
  const lead = settledLead(plan, circle, id, asOf)
  const trial = new Trial(plan, circle, lead, asOf)
  // What comes by itself is no gap.
  const wanted = (targets ?? nextTargets(plan, lead)).filter((target) => trial.reach(target, []) === undefined)
  return wanted.flatMap((target) => gapsTo(plan, trial, target, attributeMoves(plan, lead, asOf)))
}

function nextTargets(plan: Plan, { latch }: LeadState): Target[] {
  const targets: Target[] = []
  const climbed = climbedCategories(plan)
  for (const { layout } of plan.categories) {
    const level = latch[layout.level]
    if (!isMatrix(layout.category) && level > 0 && climbed.has(layout.name))
      targets.push({ category: layout.name, level: layout.levels[level - 1] })
  }
  const current = latch[plan.layout.stages.stage]
  const { isSide, isClosed } = plan.stages[current]
  const next = plan.automatic.find((index) => index > (isSide ? 0 : current))
  if (next !== undefined && !isClosed) targets.push({ stage: plan.stages[next].id })
  return targets
}

/**
 * Categories whose levels come of a score, at first or second hand: there a lead climbs. Others say what a lead is, such as where
 * it came from, and nobody wants to make a referral of it.
 */
function climbedCategories({ definition }: Plan): ReadonlySet<string> {
  const reads = dependenciesOf(definition)
  const climbed = new Set<string>()
  for (const { kind, name } of orderOfNodes(definition)) {
    if (kind !== 'category' && kind !== 'persona') continue
    const sources = reads.get(formatNode({ kind, name })) ?? []
    if (sources.some((node) => node.kind === 'score' || climbed.has(formatNode(node))))
      climbed.add(formatNode({ kind, name }))
  }
  return new Set(
    Object.keys(definition.categories ?? {}).filter((name) => climbed.has(formatNode({ kind: 'category', name }))),
  )
}

/** Tries moves on copies of the circle, a millisecond after everything it knows. */
class Trial {
  private readonly plan: Plan
  private readonly circle: Circle
  private readonly lead: LeadState
  readonly at: Instant

  constructor(plan: Plan, circle: Circle, lead: LeadState, asOf: Instant) {
    this.plan = plan
    this.circle = circle
    this.lead = lead
    this.at = Math.max(asOf, circle.clock) + 1
  }

  after(moves: readonly Move[]): { circle: Circle; assessment: Assessment } {
    const circle = copyCircle(this.plan, this.circle)
    for (const fact of this.factsOf(moves)) applyFact(this.plan, circle, fact)
    return { circle, assessment: assess(this.plan, circle, this.lead.id, this.at) }
  }

  factsOf(moves: readonly Move[]): Fact[] {
    return moves.flatMap((move, index) => factsOf(move, this.lead, this.at, `~${index}`)).sort(compareFacts)
  }

  /** Where and when the moves lead to the target, at once or once its dwell is over; undefined if they do not. */
  reach(target: Target, moves: readonly Move[]): Reached | undefined {
    const { circle, assessment } = this.after(moves)
    const { levels, stage } = assessment
    const now = 'stage' in target ? stage.id : levels[target.category]
    if (this.isReached(target, now)) return { name: now, at: this.at }
    return this.reachLater(circle, target)
  }

  private reachLater(circle: Circle, target: Target): Reached | undefined {
    const until = this.at + this.plan.longestDwellMs
    for (let { at } = this; at < until;) {
      const next = nextChange(this.plan, circle, this.lead.id, at)
      if (next === undefined || next.at > until) return undefined
      const name = 'stage' in target ? 'stage' : target.category
      const change = next.transitions.find((each) => each.name === name && this.isReached(target, each.to))
      if (change) return { name: change.to, at: next.at }
      at = next.at
    }
    return undefined
  }

  /** A better level than the one asked for will do as well. */
  private isReached(target: Target, name: string): boolean {
    if ('stage' in target) return name === target.stage
    const levels = this.plan.layout.categories.get(target.category)?.levels ?? []
    return levels.includes(name) && levels.indexOf(name) <= levels.indexOf(target.level)
  }
}

interface Reached {
  readonly name: string
  readonly at: Instant
}

/** Moves that were tried and what they lead to. */
interface Found extends Reached {
  readonly moves: readonly Move[]
}

function gapsTo(plan: Plan, trial: Trial, target: Target, attributes: readonly Move[]): Gap[] {
  const activities = activityMoves(plan)
  const found: Found[] = []
  const attempt = (moves: readonly Move[]): boolean => {
    const reached = trial.reach(target, moves)
    if (reached) found.push({ ...reached, moves })
    return reached !== undefined
  }
  const doneAttributes = new Set<string>()
  for (const move of attributes) {
    if (!doneAttributes.has(nameOf(move)) && attempt([move])) doneAttributes.add(nameOf(move))
  }
  for (const move of activities) {
    for (let times = 1; times <= TIMES_MAX; times++) if (attempt([{ ...move, times } as Move])) break
  }
  found.sort((a, b) => sizeOf(a.moves) - sizeOf(b.moves))
  const pairs = found.length > 0 ? [] : pairsOf([...bestPerAttribute(trial, attributes), ...activities])
  for (const pair of pairs) {
    if (found.length === GAPS_MAX) break
    attempt(pair)
  }
  return found.slice(0, GAPS_MAX).map((each) => describe(plan, trial, target, each))
}

const nameOf = (move: Move) => (move.kind === 'activity' ? move.activity : move.attribute.name)
const sizeOf = (moves: readonly Move[]) =>
  moves.reduce((sum, move) => sum + (move.kind === 'activity' ? move.times : 1), 0)

/** Of each attribute the value that adds most to the scores, so that pairs stay few. */
function bestPerAttribute(trial: Trial, moves: readonly Move[]): Move[] {
  const best = new Map<string, { move: Move; total: number }>()
  for (const move of moves) {
    const { scores } = trial.after([move]).assessment
    const total = Object.values(scores).reduce((sum, score) => sum + score, 0)
    const present = best.get(nameOf(move))
    if (present === undefined || total > present.total) best.set(nameOf(move), { move, total })
  }
  return [...best.values()].map(({ move }) => move)
}

function* pairsOf(moves: readonly Move[]): Generator<Move[]> {
  for (let first = 0; first < moves.length; first++) {
    for (let second = first + 1; second < moves.length; second++) {
      if (nameOf(moves[first]) !== nameOf(moves[second])) yield [moves[first], moves[second]]
    }
  }
}

// --- Words -----------------------------------------------------------------------------------------------------------

const COUNTS = ['one', 'two', 'three', 'four', 'five'] as const

function describe(plan: Plan, trial: Trial, target: Target, { moves, name, at }: Found): Gap {
  const { definition } = plan
  const steps = several(
    moves.map((move) => moveSaid(plan, move)),
    'and',
  )
  const goal: Phrase =
    'stage' in target
      ? { key: 'goal_stage', args: { stage: stageWords(definition, name) } }
      : {
          key: 'goal_level',
          args: {
            category: categoryWords(definition, target.category),
            level: levelWords(definition, target.category, name),
          },
        }
  const phrase: Phrase =
    at > trial.at
      ? { key: 'gap_later', args: { steps, goal, ms: at - trial.at } }
      : { key: 'gap', args: { steps, goal } }
  return {
    target,
    reached: name,
    steps: moves.map(stepOf),
    facts: trial.factsOf(moves),
    at,
    sentence: sentence(phrase),
    phrase,
  }
}

function stepOf(move: Move): GapStep {
  if (move.kind === 'activity') return { kind: 'activity', activity: move.activity, times: move.times }
  const { name, attribute } = move.attribute
  const step = { kind: 'attribute', attribute: name, value: move.value } as const
  return attribute.question === undefined ? step : { ...step, question: attribute.question }
}

function moveSaid({ definition }: Plan, move: Move): Phrase {
  if (move.kind === 'activity') {
    const activity = activityWords(definition, move.activity)
    return { key: 'more', args: { times: bare(COUNTS[move.times - 1]), activity } }
  }
  const { attribute } = move.attribute
  const name = attributeWords(definition, move.attribute.name)
  if (attribute.type === 'text') return { key: 'knowing', args: { name } }
  const value = valueSaid(move.value)
  const { unit } = attribute
  const hasUnit = unit !== undefined && unit !== '' && (typeof value === 'number' || typeof value === 'string')
  return {
    key: 'knowing_that',
    args: { name, value: hasUnit ? { key: 'quantity', args: { amount: value, unit } } : value },
  }
}

function valueSaid(value: unknown): Said {
  if (Array.isArray(value)) return chained(value.map(String), 'comma')
  if (typeof value === 'boolean') return bare(value ? 'yes' : 'no')
  if (typeof value === 'number') return value
  const date = typeof value === 'string' ? readInstant(value) : undefined
  return date === undefined ? spaced(String(value)) : dateSaid(date)
}

// --- Cooling ---------------------------------------------------------------------------------------------------------

/** A level that a lead is about to lose, and what would put that off. */
export interface Cooling {
  readonly category: string
  readonly from: string
  readonly to: string
  readonly at: Instant
  readonly keptBy: readonly {
    readonly activity: string
    readonly until: Instant | undefined
    readonly sentence: string
    readonly phrase: Phrase
  }[]
}

/**
 * The next loss of a level with no new fact, and the single activities that would put it off.
 * @throws WinnowError `instant_past` when the circle has facts after `asOf`
 */
export function cooling(plan: Plan, circle: Circle, id: LeadId, asOf: Instant): Cooling | undefined {
  const lead = settledLead(plan, circle, id, asOf)
  const drop = nextChange(plan, circle, id, asOf)?.transitions.find((each) => isLoss(plan, each))
  if (drop === undefined || drop.from === null) return undefined
  const trial = new Trial(plan, circle, lead, asOf)
  const keptBy = activityMoves(plan).flatMap((move) => {
    const after = trial.after([move])
    if (after.assessment.levels[drop.name] !== drop.from) return []
    const until = dropOf(plan, after.circle, id, { category: drop.name, asOf: trial.at })
    if (until !== undefined && until <= drop.at) return []
    const activity = activityWords(plan.definition, nameOf(move))
    const phrase: Phrase =
      until === undefined
        ? { key: 'kept_for_good', args: { activity } }
        : { key: 'kept_for', args: { activity, ms: until - asOf } }
    return [{ activity: nameOf(move), until, sentence: english(phrase), phrase }]
  })
  return { category: drop.name, from: drop.from, to: drop.to, at: drop.at, keptBy: keptBy.slice(0, GAPS_MAX) }
}

function isLoss(plan: Plan, { kind, name, from, to }: Transition): boolean {
  const layout = plan.layout.categories.get(name)
  if (kind !== 'category' || layout === undefined || from === null || isMatrix(layout.category)) return false
  return layout.levels.indexOf(to) > layout.levels.indexOf(from)
}

/** When the category next changes, or undefined. */
function dropOf(
  plan: Plan,
  circle: Circle,
  id: LeadId,
  from: { category: string; asOf: Instant },
): Instant | undefined {
  let { asOf } = from
  for (;;) {
    const next = nextChange(plan, circle, id, asOf)
    if (next === undefined || next.transitions.some((each) => each.name === from.category)) return next?.at
    asOf = next.at
  }
}
