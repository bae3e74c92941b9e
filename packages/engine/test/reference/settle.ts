/** One settling: categories, then the stage, of several leads at one instant (semantics, sections 6 to 9). */
import type { Transition } from '../../src/assess/assessment.ts'
import type { Category, Definition, MatrixCategory, Stage } from '../../src/definition/language.ts'
import type { DecisionFact, LeadId } from '../../src/facts.ts'
import type { Instant } from '../../src/time.ts'
import { evaluate, type LevelNow, type Scene, type StageSeen } from './conditions.ts'
import type { Known } from './known.ts'
import { ms } from './numbers.ts'
import { withScores } from './scores.ts'
import {
  cellOf,
  isBy,
  isClosed,
  levelNamesOf,
  levelsOf,
  moveTo,
  pathOf,
  positionOf,
  stageOf,
  stagesOf,
  watchKey,
  type LeadState,
  type Shut,
  type StageState,
} from './state.ts'

/** The leads as they are, with what is known at this instant. */
export interface Moment {
  readonly definition: Definition
  readonly known: Known
  readonly at: Instant
  readonly states: Map<LeadId, LeadState>
  /** Millionths added to every score in which something fades smoothly, to find out whether an answer hangs on the last bit. */
  readonly nudge: number
}

/** A transition without its cause, which the caller knows. */
export type Change = Omit<Transition, 'cause'>

/** The scene in which every level and stage is what it has settled to. */
export function sceneOf(moment: Moment): Scene {
  return withScores(standing(moment))
}

function standing({ definition, known, at, states, nudge }: Moment): Omit<Scene, 'score'> {
  return {
    definition,
    known,
    at,
    nudge,
    level: (lead, category) => states.get(lead)!.levels.get(category)!,
    stage: (lead) => states.get(lead)!.stage,
  }
}

/** Settles these leads together and puts their new states in place. */
export function settle(moment: Moment, leads: readonly LeadId[]): readonly Change[] {
  const before = standing(moment)
  const settling = new Map<LeadId, Settling>()
  // What a condition reads of a lead that is being settled, it settles; nothing reads itself by a detour.
  const scene = withScores({
    ...before,
    level: (lead, category) => settling.get(lead)?.level(category) ?? before.level(lead, category),
    stage: (lead) => settling.get(lead)?.stage() ?? before.stage(lead),
  })
  for (const lead of leads) settling.set(lead, new Settling(moment, lead, scene))
  const after = leads.map((lead) => settling.get(lead)!.outcome())
  leads.forEach((lead, at) => moment.states.set(lead, after[at].state))
  return after.flatMap((each) => each.changes)
}

interface StageOutcome {
  readonly stage: StageState
  /** Stages that the lead moved to by itself, in order. */
  readonly moves: readonly string[]
  readonly shut: LeadState['shut']
}

class Settling {
  readonly #moment: Moment
  readonly #lead: LeadId
  readonly #before: LeadState
  readonly #scene: Scene
  readonly #levels = new Map<string, LevelNow>()
  readonly #trueSince = new Map<string, Instant>()
  #stages: StageOutcome | undefined

  constructor(moment: Moment, lead: LeadId, scene: Scene) {
    this.#moment = moment
    this.#lead = lead
    this.#before = moment.states.get(lead)!
    this.#scene = scene
  }

  level(name: string): LevelNow {
    let now = this.#levels.get(name)
    if (now === undefined) {
      const level = this.#settleCategory(name, this.#moment.definition.categories![name])
      const before = this.#before.levels.get(name)
      now = before?.level === level ? before : { level, since: this.#moment.at }
      this.#levels.set(name, now)
    }
    return now
  }

  stage(): StageSeen {
    this.#stages ??= this.#settleStage()
    return this.#stages.stage
  }

  // --- Categories

  #settleCategory(name: string, category: Category): string {
    const formula = 'levels' in category ? this.#firstLevel(name) : this.#cell(category.matrix)
    const override = this.#before.overrides.get(name)
    return override !== undefined && this.#moment.at < override.until ? override.level : formula
  }

  #cell(matrix: MatrixCategory['matrix']): string {
    return cellOf(matrix, this.level(matrix.rows).level, this.level(matrix.columns).level)
  }

  /** The first level that enters or stays. Every `when` is looked at, because some of them are watched. */
  #firstLevel(name: string): string {
    const { definition, at } = this.#moment
    const category = definition.categories![name]
    if (!('levels' in category)) throw new Error(`${name} is a matrix`)
    const levels = levelsOf(category)
    const before = this.#before.levels.get(name)
    const was = levels.findIndex((level) => level.name === before?.level)
    const isOpen = levels.map((level, place) => {
      const isTrue = level.when === undefined || this.#isTrue(level.when)
      const lasts =
        level.for_at_least === undefined || this.#hasLasted(name, level.name, isTrue, ms(level.for_at_least))
      const enters = isTrue && lasts
      const isFromHereOrAbove = before !== undefined && was <= place
      const stays =
        (isFromHereOrAbove && level.stays_while !== undefined && this.#evaluate(level.stays_while) !== false) ||
        (was === place && level.stays_at_least !== undefined && at - before!.since < ms(level.stays_at_least))
      return enters || stays
    })
    return levels[isOpen.indexOf(true)].name
  }

  #hasLasted(category: string, level: string, isTrue: boolean, length: number): boolean {
    if (!isTrue) return false
    const key = watchKey(category, level)
    const since = this.#before.trueSince.get(key) ?? this.#moment.at
    this.#trueSince.set(key, since)
    return this.#moment.at - since >= length
  }

  #evaluate(condition: Parameters<typeof evaluate>[0]) {
    return evaluate(condition, this.#lead, this.#scene)
  }

  #isTrue(condition: Parameters<typeof evaluate>[0]): boolean {
    return this.#evaluate(condition) === true
  }

  // --- Stages

  #settleStage(): StageOutcome {
    const { definition, at } = this.#moment
    const path = pathOf(definition)
    const shut = this.#stillShut()
    const moves: string[] = []
    let stage = this.#before.stage
    if (!isClosed(stageOf(definition, stage.id))) {
      for (;;) {
        const position = positionOf(definition, stage.id)
        const next = path.find((each, place) => place > position && !shut.has(each.id) && this.#letsIn(each))
        if (next === undefined) break
        stage = moveTo(stage, next.id, at)
        moves.push(next.id)
      }
    }
    return { stage, moves, shut }
  }

  #letsIn(stage: Stage): boolean {
    return (
      stage.enter !== undefined &&
      mayEnter(this.#moment, this.#scene, this.#lead, stage.enter) &&
      (stage.needs === undefined || mayEnter(this.#moment, this.#scene, this.#lead, stage.needs))
    )
  }

  #stillShut(): ReadonlyMap<string, Shut> {
    const { definition, at } = this.#moment
    return new Map(
      [...this.#before.shut].filter(([id, shut]) =>
        shut === 'until not true'
          ? mayEnter(this.#moment, this.#scene, this.#lead, stageOf(definition, id).enter!)
          : at < shut.until,
      ),
    )
  }

  // --- Outcome

  outcome(): { readonly state: LeadState; readonly changes: readonly Change[] } {
    const { definition, at } = this.#moment
    const lead = this.#lead
    const before = this.#before
    const names = Object.keys(definition.categories ?? {})
    const changes: Change[] = []
    for (const name of names) {
      const to = this.level(name).level
      const from = before.levels.get(name)?.level ?? null
      if (from !== to) changes.push({ lead, at, kind: 'category', name, from, to })
    }
    this.stage()
    const { moves, shut } = this.#stages!
    let stage = this.#stages!.stage
    let from: string | null = before.isSettled ? before.stage.id : null
    for (const to of before.isSettled ? moves : [before.stage.id, ...moves]) {
      changes.push({ lead, at, kind: 'stage', name: 'stage', from, to })
      from = to
    }
    const { sla } = stageOf(definition, stage.id)
    if (sla !== undefined && !stage.isBreached && at - stage.since >= ms(sla)) {
      changes.push({ lead, at, kind: 'sla', name: stage.id, from: null, to: 'breached' })
      stage = { ...stage, isBreached: true }
    }
    const levels = new Map(names.map((name) => [name, this.level(name)]))
    return { state: { ...before, isSettled: true, levels, trueSince: this.#trueSince, stage, shut }, changes }
  }
}

/** Whether an `enter` or `needs` is true; the stage that it reads is the one before this settling, of every lead. */
function mayEnter(moment: Moment, scene: Scene, lead: LeadId, condition: NonNullable<Stage['enter']>): boolean {
  const stageBefore = (each: LeadId): StageSeen => moment.states.get(each)!.stage
  return evaluate(condition, lead, { ...scene, stage: stageBefore }) === true
}

// --- Decisions -------------------------------------------------------------------------------------------------------

/** Applies a decision to its lead; the settling that follows is the caller's. */
export function decide(moment: Moment, decision: DecisionFact): readonly Change[] {
  const { at, states } = moment
  const { lead } = decision
  const before = states.get(lead)!
  const after = decided(moment, before, decision)
  states.set(lead, after)
  if (after.stage.id === before.stage.id) return []
  return [{ lead, at, kind: 'stage', name: 'stage', from: before.stage.id, to: after.stage.id }]
}

function decided(moment: Moment, before: LeadState, decision: DecisionFact): LeadState {
  switch (decision.decision) {
    case 'accept':
    case 'qualify':
    case 'win':
      return stepForward(moment, before, decision)
    case 'reject':
    case 'recycle':
    case 'disqualify':
    case 'lose':
      return stepAside(moment, before, decision)
    case 'override':
      return override(moment, before, decision)
  }
}

function stepForward(moment: Moment, before: LeadState, { lead, decision }: DecisionFact): LeadState {
  const { definition, at } = moment
  const path = pathOf(definition)
  const target = path.findIndex((stage) => isBy(stage, decision))
  if (isClosed(stageOf(definition, before.stage.id)) && decision !== 'win') return before
  if (target <= positionOf(definition, before.stage.id)) return before
  const { id, needs } = path[target]
  if (needs !== undefined && !mayEnter(moment, sceneOf(moment), lead, needs)) return before
  return { ...before, stage: moveTo(before.stage, id, at) }
}

function stepAside({ definition, at }: Moment, before: LeadState, { decision }: DecisionFact): LeadState {
  const stages = stagesOf(definition)
  const first = stages[0]
  const from = stageOf(definition, before.stage.id)
  const to = stages.find((stage) => isBy(stage, decision)) ?? first
  const isBack = decision === 'reject' || decision === 'recycle'
  if (isBy(from, 'win')) return before
  if (isClosed(from) && decision !== 'recycle') return before
  if (from.id === to.id || (isBack && from.id === first.id)) return before
  const stage = moveTo(before.stage, to.id, at)
  if (!isBack) return { ...before, stage }
  const coolDown = to.id === first.id ? undefined : to.cool_down
  const opens: Shut = coolDown === undefined ? 'until not true' : { until: at + ms(coolDown) }
  const shut = pathOf(definition).filter((each) => each.enter !== undefined)
  return { ...before, stage, shut: new Map(shut.map((each) => [each.id, opens])) }
}

function override({ definition, at }: Moment, before: LeadState, { override }: DecisionFact): LeadState {
  if (override === undefined) return before
  if ('stage' in override) {
    const { stage } = override
    if (!stagesOf(definition).some((each) => each.id === stage)) return before
    const isThere = before.stage.id === stage
    return { ...before, stage: isThere ? before.stage : moveTo(before.stage, stage, at), shut: new Map() }
  }
  const { category, level, until = Infinity } = override
  if (!levelNamesOf(definition, category).includes(level)) return before
  return { ...before, overrides: new Map([...before.overrides, [category, { level, until }]]) }
}
