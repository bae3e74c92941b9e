/** Settling: reading categories and stages at an instant and keeping what history needs of them. */
import { EVERY_NODE, makeStale, STAGE_BIT, touch, unsettle } from '../plan/cells.ts'
import { FALSE, TRUE } from '../plan/kleene.ts'
import type { CategoryPlan, LeveledPlan, MatrixPlan, Plan, StagePlan } from '../plan/compile.ts'
import { readSteady, safeUntil, steadyUntil } from '../plan/scores.ts'
import type { LeadState } from '../plan/state.ts'
import type { DecisionFact } from '../facts.ts'
import type { Instant } from '../time.ts'
import type { Transition } from './assessment.ts'
import { noteBands } from './bands.ts'
import { endedNodes, historyWake } from './lasting.ts'

/** Settles all leads at `t`, node by node, so that a node may look at the same node's inputs in every lead. */
export function settle(plan: Plan, leads: readonly LeadState[], t: Instant, sink: Transition[]): void {
  if (!isAnyDirty(plan, leads, t)) {
    for (const lead of leads) noteUnmoved(plan, lead, t)
    return
  }
  for (const lead of leads) remember(plan, lead)
  for (const node of plan.nodes) {
    if (node.kind === 'stage') settleStages(plan, leads, t)
    else settleCategory(plan, node, leads, t)
  }
  for (const lead of leads) {
    // A stage that a move has made ready is for the next settling, be it at this very instant.
    lead.dirty &= STAGE_BIT
    record(plan, lead, t, sink)
    note(plan, lead, t)
  }
}

function isAnyDirty(plan: Plan, leads: readonly LeadState[], t: Instant): boolean {
  let isAny = false
  for (const lead of leads) {
    findDirty(plan, lead, t)
    isAny ||= lead.dirty !== 0
  }
  return isAny
}

/**
 * Adds the nodes that may come out differently at `t`: a test that they read changes by itself, a score has left its band, or
 * something that lasts ends. Those that facts have touched are known.
 */
function findDirty(plan: Plan, lead: LeadState, t: Instant): void {
  if (lead.dirty === EVERY_NODE) return
  if (t >= lead.ends) lead.dirty |= endedNodes(plan, lead, t)
  const { cells, scores, watched } = plan
  const { value, until } = lead
  for (const { cell, nodes } of watched) {
    const before = value[cell]
    if (before !== cells.read(lead, cell, t)) lead.dirty |= nodes
  }
  for (const score of scores) {
    if (!score.isWatched) continue
    const { cell, band, nodes } = score
    if (t >= until[cell]) {
      readSteady(score, cells, lead, t)
      if (t < safeUntil(score, lead)) continue
    }
    const now = cells.read(lead, cell, t)
    if (now >= value[band] && now <= value[band + 1]) continue
    lead.dirty |= nodes
    lead.ends = Number.NaN
  }
}

/**
 * Takes note of occurrences that have been counted at `t`. Most move nothing: where no level and no stage looks at them but by way of
 * scores, and those certainly keep to their bands, nothing need be settled. What was found out about times to come goes on to hold up
 * to where the occurrences themselves may change something.
 */
export function notice(plan: Plan, lead: LeadState, t: Instant): void {
  const { until } = lead
  let quiet = lead.quietUntil
  if (lead.isTouched || lead.dirty !== 0 || plan.looksAtMembers) return touch(lead)
  for (const score of plan.scores) {
    if (!score.isWatched || t < until[score.cell]) continue
    readSteady(score, plan.cells, lead, t)
    const safe = safeUntil(score, lead)
    if (safe <= t) return touch(lead)
    quiet = Math.min(quiet, safe, steadyUntil(score, lead))
  }
  lead.quietUntil = quiet
  lead.isWakeSure = false
  lead.foreseen = undefined
}

function noteUnmoved(plan: Plan, lead: LeadState, t: Instant): void {
  // A score that only another score reads has left its band.
  if (Number.isNaN(lead.ends)) note(plan, lead, t)
  touch(lead)
  lead.isTouched = false
}

/** Notes of a lead that is settled at `t` what the next settling depends on. */
function note(plan: Plan, lead: LeadState, t: Instant): void {
  noteBands(plan, lead, t)
  lead.ends = historyWake(plan, lead, t)
  touch(lead)
  lead.isTouched = false
}

/** Keeps the latch as it is, to tell later what changed. */
function remember({ looksAtMembers }: Plan, lead: LeadState): void {
  const { latch, before, moves } = lead
  for (let place = 0; place < latch.length; place++) before[place] = latch[place]
  if (moves.length > 0) moves.length = 0
  if (looksAtMembers) lead.dirty = EVERY_NODE
}

const NO_MOVES: readonly number[] = []

// --- Categories ------------------------------------------------------------------------------------------------------

function settleCategory(plan: Plan, category: CategoryPlan, leads: readonly LeadState[], t: Instant): void {
  const { level, since } = category.layout
  for (const lead of leads) {
    if ((lead.dirty & category.bit) === 0) continue
    const { latch } = lead
    const next = nextLevel(category, lead, t)
    if (next === latch[level]) continue
    latch[level] = next
    latch[since] = t
    makeStale(lead, category.stale)
    if (plan.looksAtMembers && lead.account) staleMembers(plan, lead)
  }
}

function staleMembers(plan: Plan, lead: LeadState): void {
  for (const member of lead.account?.members ?? []) makeStale(member, plan.stale.members)
}

function nextLevel(category: CategoryPlan, lead: LeadState, t: Instant): number {
  const { latch } = lead
  const { forced, forcedUntil } = category.layout
  const formula = category.kind === 'matrix' ? matrixLevel(category, lead) : leveledLevel(category, lead, t)
  if (latch[forced] < 0) return formula
  if (t < latch[forcedUntil]) return latch[forced]
  latch[forced] = -1
  return formula
}

const matrixLevel = ({ cells, rows, columns }: MatrixPlan, { latch }: LeadState): number =>
  cells[latch[rows.level] * columns.levels.length + latch[columns.level]]

function leveledLevel({ layout, levels }: LeveledPlan, lead: LeadState, t: Instant): number {
  const { latch } = lead
  const before = latch[layout.level]
  let found = -1
  for (let index = 0; index < levels.length; index++) {
    const level = levels[index]
    // A dwell is watched even where a better level has been found.
    if (found >= 0 && level.forAtLeastMs === 0) continue
    const enters =
      level.when === undefined ||
      hasHeld(lead, layout.trueSince + index, level.when.holds(lead, t) === TRUE, level.forAtLeastMs, t)
    if (found < 0 && (enters || stays(level, lead, { index, before, since: latch[layout.since], t }))) found = index
  }
  return found
}

function hasHeld(lead: LeadState, trueSince: number, isTrue: boolean, forAtLeastMs: number, t: Instant): boolean {
  if (forAtLeastMs === 0) return isTrue
  const { latch } = lead
  if (!isTrue) latch[trueSince] = Infinity
  else if (latch[trueSince] === Infinity) latch[trueSince] = t
  return t - latch[trueSince] >= forAtLeastMs
}

function stays(
  level: LeveledPlan['levels'][number],
  lead: LeadState,
  { index, before, since, t }: { index: number; before: number; since: Instant; t: Instant },
): boolean {
  if (before < 0 || before > index) return false
  if (level.staysWhile && level.staysWhile.holds(lead, t) !== FALSE) return true
  return before === index && t - since < level.staysAtLeastMs
}

// --- Stages ----------------------------------------------------------------------------------------------------------

/** Moves leads along by themselves. */
function settleStages(plan: Plan, leads: readonly LeadState[], t: Instant): void {
  for (const lead of leads) if (lead.latch[plan.layout.stages.stage] < 0) moveTo(plan, lead, 0, t)
  const [first] = leads
  if (leads.length === 1) {
    moveThrough(plan, first, readyStages(plan, first, t), t)
    return
  }
  // All are read before any lead moves: a stage's own condition looks at the stages that leads come from.
  const ready = leads.map((lead) => readyStages(plan, lead, t))
  for (let index = 0; index < leads.length; index++) moveThrough(plan, leads[index], ready[index], t)
}

function moveThrough(plan: Plan, lead: LeadState, stages: readonly number[], t: Instant): void {
  for (const stage of stages) moveTo(plan, lead, stage, t)
}

/** The stages that a lead enters now by itself: a move goes to the next one that is ready, and so on. */
function readyStages(plan: Plan, lead: LeadState, t: Instant): readonly number[] {
  if ((lead.dirty & STAGE_BIT) === 0) return NO_MOVES
  lead.dirty &= ~STAGE_BIT
  const at = lead.latch[plan.layout.stages.stage]
  const { isSide, isClosed } = plan.stages[at]
  let ready: number[] | undefined
  for (const index of plan.automatic) {
    const isReady = isOpen(plan, lead, plan.stages[index], index, t)
    if (isReady && !isClosed && index > (isSide ? 0 : at)) (ready ??= []).push(index)
  }
  return ready ?? NO_MOVES
}

/** Whether an automatic stage may be entered now; opens it where it was shut until its condition stopped being true. */
function isOpen(plan: Plan, lead: LeadState, stage: StagePlan, index: number, t: Instant): boolean {
  if (stage.enter === undefined) return false
  const { latch } = lead
  const shut = plan.layout.stages.shutUntil + index
  const enters = stage.enter.holds(lead, t) === TRUE
  if (!enters && latch[shut] === Infinity) latch[shut] = -Infinity
  return enters && t >= latch[shut] && meetsNeeds(lead, stage, t)
}

const meetsNeeds = (lead: LeadState, { needs }: StagePlan, t: Instant) =>
  needs === undefined || needs.holds(lead, t) === TRUE

function moveTo(plan: Plan, lead: LeadState, stage: number, t: Instant): void {
  const { stages } = plan.layout
  const { latch, moves } = lead
  latch[stages.stage] = stage
  latch[stages.since] = t
  latch[stages.breached] = 0
  latch[stages.reached + stage] = 1
  moves.push(stage)
  makeStale(lead, plan.stale.stage)
  if (plan.looksAtMembers && lead.account) staleMembers(plan, lead)
}

/** Applies a person's decision to a settled lead and records the move, if it has any effect. */
export function decide(plan: Plan, lead: LeadState, fact: DecisionFact, sink: Transition[]): void {
  remember(plan, lead)
  unsettle(lead)
  if (fact.decision === 'override') override(plan, lead, fact)
  else {
    const target = targetOf(plan, lead, fact.decision, fact.at)
    if (target >= 0) {
      if (fact.decision === 'reject' || fact.decision === 'recycle') shut(plan, lead, target, fact.at)
      moveTo(plan, lead, target, fact.at)
    }
  }
  record(plan, lead, fact.at, sink)
}

/** Where a decision leads from here, or −1: no effect. */
export function targetOf(plan: Plan, lead: LeadState, decision: string, t: Instant): number {
  const current = lead.latch[plan.layout.stages.stage]
  const { isClosed, isFinal, isSide } = plan.stages[current]
  const target = plan.stages.findIndex((stage) => stage.decisions.includes(decision))
  if (decision === 'accept' || decision === 'qualify' || decision === 'win') {
    if (isClosed && decision !== 'win') return -1
    const isAhead = target > (isSide ? 0 : current)
    return isAhead && meetsNeeds(lead, plan.stages[target], t) ? target : -1
  }
  if (isFinal) return -1
  const isBack = decision === 'reject' || decision === 'recycle'
  const side = target < 0 && isBack ? 0 : target
  if (isClosed && decision !== 'recycle') return -1
  return side === current || (isBack && current === 0) ? -1 : side
}

/** A step back shuts every automatic stage: for the cool-down, or until its condition stops being true once. */
function shut(plan: Plan, lead: LeadState, target: number, t: Instant): void {
  const { shutUntil } = plan.layout.stages
  const until = t + plan.stages[target].coolDownMs
  plan.stages.forEach((stage, index) => {
    if (stage.enter) lead.latch[shutUntil + index] = until
  })
}

function override(plan: Plan, lead: LeadState, { override: forced, at }: DecisionFact): void {
  const { latch } = lead
  if (forced === undefined) return
  if ('stage' in forced) {
    const { index, shutUntil } = plan.layout.stages
    const stage = index.get(forced.stage)
    if (stage === undefined) return
    latch.fill(-Infinity, shutUntil, shutUntil + plan.stages.length)
    if (stage !== latch[plan.layout.stages.stage]) moveTo(plan, lead, stage, at)
    return
  }
  const layout = plan.layout.categories.get(forced.category)
  const level = layout?.levels.indexOf(forced.level) ?? -1
  if (layout === undefined || level < 0) return
  latch[layout.forced] = level
  latch[layout.forcedUntil] = forced.until ?? Infinity
}

// --- The ledger ------------------------------------------------------------------------------------------------------

/** What differs from before, in the ledger's order: categories as listed, stage moves, then a breach. */
function record(plan: Plan, lead: LeadState, t: Instant, sink: Transition[]): void {
  const { latch, before, moves, id } = lead
  for (const { layout } of plan.categories) {
    const { level, levels, name } = layout
    if (latch[level] === before[level]) continue
    const from = levels[before[level]] ?? null
    sink.push({
      lead: id,
      at: t,
      kind: 'category',
      name,
      from,
      to: levels[latch[level]],
      cause: causeOf(plan, lead, t),
    })
  }
  const { stages } = plan.layout
  let from = plan.stages[before[stages.stage]]?.id ?? null
  for (const move of moves) {
    const to = plan.stages[move].id
    sink.push({ lead: id, at: t, kind: 'stage', name: 'stage', from, to, cause: causeOf(plan, lead, t) })
    from = to
  }
  const stage = plan.stages[latch[stages.stage]]
  if (stage && latch[stages.breached] === 0 && t >= latch[stages.since] + stage.slaMs) {
    latch[stages.breached] = 1
    // Whatever else happens at this instant: it is the clock that ran out.
    sink.push({ lead: id, at: t, kind: 'sla', name: stage.id, from: null, to: 'breached', cause: 'time' })
  }
}

/** Whether a fact of this instant is about the lead, or about a colleague where the definition looks at them. */
function causeOf({ looksAtAccount }: Plan, { heardAt, account }: LeadState, t: Instant): Transition['cause'] {
  if (heardAt === t) return 'facts'
  return looksAtAccount && account?.members.some((member) => member.heardAt === t) ? 'facts' : 'time'
}
