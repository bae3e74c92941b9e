/** Criteria, groups and scores, in millionths of a point, of which a score has a whole number (semantics, section 5). */
import type { Criterion, Decay, EachCriterion, Group, Score, TableCriterion } from '../../src/definition/language.ts'
import type { ActivityFact, LeadId } from '../../src/facts.ts'
import { DAY_MS } from '../../src/time.ts'
import { evaluate, type Scene } from './conditions.ts'
import { micro, ms, once } from './numbers.ts'
import { fold, type Value } from './values.ts'

/** What one criterion gives. */
export interface Given {
  /** Millionths of a point; not rounded. */
  readonly micro: number
  readonly isUnknown: boolean
}

/** A scene that can also tell scores, each added up once. */
export function withScores(rest: Omit<Scene, 'score'>): Scene {
  const known = new Map<string, number>()
  const scene: Scene = {
    ...rest,
    score(lead, name) {
      const key = `${name} ${lead}`
      const value = known.get(key) ?? scoreOf(name, lead, scene)
      known.set(key, value)
      return value
    },
  }
  return scene
}

function scoreOf(name: string, lead: LeadId, scene: Scene): number {
  const score = scene.definition.scores![name]
  const give = (criterion: Criterion, group: Group) =>
    giveOf(criterion, decayOf(criterion, group, score), lead, scene).micro
  return addUp(score, give, scene.nudge)
}

/**
 * The score that comes of what each criterion gives, in whole millionths.
 * @param nudge millionths added where something fades smoothly, see `Moment`
 */
export function addUp(score: Score, give: (criterion: Criterion, group: Group) => number, nudge = 0): number {
  const groups = Object.values(score.groups).map((group) => {
    const sum = group.criteria.reduce((total, criterion) => total + give(criterion, group), 0)
    return within(group, sum) * (group.weight ?? 1)
  })
  const [floor, cap] = score.range ?? [0, 100]
  const total = groups.reduce((sum, each) => sum + each, 0) + (fades(score) ? nudge : 0)
  return Math.floor(within({ floor, cap }, total) + 0.5)
}

/** Whether anything in the score fades smoothly. */
export const fades = once((score: Score): boolean =>
  Object.values(score.groups).some((group) =>
    group.criteria.some((criterion) => {
      const decay = decayOf(criterion, group, score)
      return 'each' in criterion && decay !== 'none' && ('half_life' in decay || 'linear' in decay)
    }),
  ),
)

/** The nearest decay wins: that of the criterion, its group, its score. */
export function decayOf(criterion: Criterion, group: Group, score: Score): Decay {
  return ('each' in criterion ? criterion.decay : undefined) ?? group.decay ?? score.decay ?? 'none'
}

export interface Clamp {
  readonly floor?: number
  readonly cap?: number
}

/** So many millionths, clamped to limits written in points. */
export const within = ({ floor = -Infinity, cap = Infinity }: Clamp, millionths: number): number =>
  Math.min(micro(cap), Math.max(micro(floor), millionths))

const clamped = (limits: Clamp, millionths: number): Given => ({ micro: within(limits, millionths), isUnknown: false })

const unknown = (points: number | undefined): Given => ({ micro: micro(points ?? 0), isUnknown: true })

export function giveOf(criterion: Criterion, decay: Decay, lead: LeadId, scene: Scene): Given {
  if ('each' in criterion) return giveOfEach(criterion, decay, lead, scene)
  if ('table' in criterion) return giveOfTable(criterion, lead, scene)
  const truth = evaluate(criterion.when, lead, scene)
  return truth === undefined ? unknown(criterion.unknown) : clamped(criterion, truth ? micro(criterion.points) : 0)
}

// --- Tables ----------------------------------------------------------------------------------------------------------

function giveOfTable(criterion: TableCriterion, lead: LeadId, scene: Scene): Given {
  const { value } = scene.known.attribute(criterion.table, lead)
  if (value === undefined) return unknown(criterion.unknown)
  const { type } = scene.definition.attributes![criterion.table]
  if (type === 'number') return clamped(criterion, pointsOfBin(criterion, value as number))
  if (type === 'date') return clamped(criterion, pointsOfBin(criterion, (scene.at - (value as number)) / DAY_MS))
  return clamped(criterion, pointsOfValue(criterion, value, type === 'text'))
}

function pointsOfBin(criterion: TableCriterion, value: number): number {
  let from = -Infinity
  for (const bin of criterion.bins ?? []) {
    const to = bin.below ?? Infinity
    if ((bin.at_least ?? from) <= value && value < to) return micro(bin.points)
    from = to
  }
  return micro(criterion.otherwise ?? 0)
}

function pointsOfValue(criterion: TableCriterion, value: Value, isText: boolean): number {
  const isKey = (key: string, each: string) => (isText ? fold(key) === fold(each) : key === each)
  const values = Array.isArray(value) ? (value as readonly string[]) : [String(value)]
  const points = values.flatMap((each) =>
    Object.entries(criterion.values ?? {})
      .filter(([key]) => isKey(key, each))
      .map(([, listed]) => micro(listed)),
  )
  return points.length === 0 ? micro(criterion.otherwise ?? 0) : points.reduce((sum, each) => sum + each, 0)
}

// --- Occurrences -----------------------------------------------------------------------------------------------------

function giveOfEach(criterion: EachCriterion, decay: Decay, lead: LeadId, scene: Scene): Given {
  const { known, at } = scene
  if (criterion.by === 'account' && known.accountOf(lead) === undefined) return unknown(criterion.unknown)
  const leads = criterion.by === 'account' ? known.circleOf(lead) : [lead]
  const fitting = known.occurrences(criterion, { names: criterion.each, where: criterion.where }, leads)
  const within = criterion.within === undefined ? Infinity : ms(criterion.within)
  let sum = 0
  for (const each of counted(criterion, fitting)) {
    const age = at - each.at
    if (age < within) sum += micro(criterion.points) * weightOf(decay, age)
  }
  return clamped(criterion, sum)
}

const remembered = new WeakMap<EachCriterion, WeakMap<readonly ActivityFact[], readonly ActivityFact[]>>()

/** Those occurrences that the frequency limit lets through. */
function counted(criterion: EachCriterion, fitting: readonly ActivityFact[]): readonly ActivityFact[] {
  if (criterion.count === undefined) return fitting
  const lists = remembered.get(criterion) ?? new WeakMap<readonly ActivityFact[], readonly ActivityFact[]>()
  remembered.set(criterion, lists)
  const answer = lists.get(fitting) ?? limited(criterion.count, fitting)
  lists.set(fitting, answer)
  return answer
}

function limited(
  limit: NonNullable<EachCriterion['count']>,
  fitting: readonly ActivityFact[],
): readonly ActivityFact[] {
  const within = limit.within === undefined ? Infinity : ms(limit.within)
  const passed: ActivityFact[] = []
  for (const each of fitting) {
    const before = passed.filter((earlier) => each.at - within < earlier.at)
    if (before.length < limit.at_most) passed.push(each)
  }
  return passed
}

/** What is left of an occurrence of this age, from 1 down to 0. */
export function weightOf(decay: Decay, age: number): number {
  if (decay === 'none') return 1
  if ('half_life' in decay) return 2 ** (-age / ms(decay.half_life))
  if ('expires' in decay) return age < ms(decay.expires) ? 1 : 0
  if ('linear' in decay) {
    const after = ms(decay.linear.after ?? '0s')
    const over = ms(decay.linear.over)
    if (age <= after) return 1
    return age < after + over ? 1 - (age - after) / over : 0
  }
  const lost = Number(decay.steps.lose.slice(0, -1)) / 100
  return Math.max(0, 1 - lost * Math.floor(age / ms(decay.steps.every)))
}
