/** What is noted of one lead under one version while its history passes. */
import type { Transition } from '../assess/assessment.ts'
import { expectedValue } from '../assess/value.ts'
import type { Plan } from '../plan/compile.ts'
import { MICRO } from '../plan/points.ts'
import type { LeadState } from '../plan/state.ts'
import type { Instant } from '../time.ts'
import { READY } from './handover.ts'
import { Climb, Ladder } from './ladder.ts'

/** Where a version's plan keeps what is noted. */
export class Places {
  readonly plan: Plan
  /** Categories of the definition itself. */
  readonly categories: Plan['categories']
  /** Of scores whose thresholds are watched. */
  readonly ladders: readonly Ladder[]
  readonly stageNode: number
  readonly breachNode: number
  readonly handover: number
  readonly readyLevel: number
  private readonly nodes = new Map<string, number>()
  private readonly levels: Map<string, number>[]

  /** @param watched  which scores' thresholds are watched; silent: all */
  constructor(plan: Plan, handover: string | null, watched: (score: string) => boolean = () => true) {
    this.plan = plan
    this.categories = plan.categories.filter(({ layout }) => layout.name !== READY)
    this.ladders = plan.scores.filter(({ name }) => watched(name)).map((score) => new Ladder(score))
    this.stageNode = this.categories.length
    this.breachNode = this.stageNode + 1
    this.handover = handover === null ? -1 : (plan.layout.stages.index.get(handover) ?? -1)
    this.readyLevel = plan.layout.categories.get(READY)?.level ?? -1
    this.categories.forEach(({ layout }, node) => this.nodes.set(layout.name, node))
    this.levels = this.categories.map(({ layout }) => new Map(layout.levels.map((level, index) => [level, index])))
  }

  /** −1 for readiness. */
  nodeOf({ kind, name }: Transition): number {
    if (kind === 'stage') return this.stageNode
    return kind === 'sla' ? this.breachNode : (this.nodes.get(name) ?? -1)
  }

  placeOf(node: number, { kind, name, to }: Transition): number {
    if (kind === 'category') return this.levels[node].get(to)!
    return this.plan.layout.stages.index.get(kind === 'stage' ? to : name)!
  }
}

/** How a lead stood at an instant. */
export interface Standing {
  at: Instant
  readonly points: number[]
  readonly levels: number[]
  expected: number
}

export class Notes {
  readonly places: Places
  readonly at: number[] = []
  readonly node: number[] = []
  readonly to: number[] = []
  readonly climbs: readonly Climb[]
  /** By score, the threshold reached at the end of each week since the lead's first. */
  readonly weeks: readonly number[][]
  handoverAt = Infinity
  readonly atHandover: Standing = { at: 0, points: [], levels: [], expected: 0 }
  winAt = Infinity
  readonly atWin: Standing = { at: 0, points: [], levels: [], expected: 0 }
  /** Levels and the stage as they were last seen; −1 before the first. */
  private readonly seen: number[]
  private isBreached = false

  constructor(places: Places) {
    this.places = places
    this.climbs = places.ladders.map((ladder) => new Climb(ladder))
    this.weeks = places.ladders.map(() => [])
    this.seen = [...places.categories.map(() => -1), -1]
  }

  reset(): void {
    this.at.length = this.node.length = this.to.length = 0
    for (const climb of this.climbs) climb.reset()
    for (const points of this.weeks) points.length = 0
    this.handoverAt = this.winAt = Infinity
    this.seen.fill(-1)
    this.isBreached = false
  }

  /** Takes note of a change that was seen when it happened. */
  change(lead: LeadState, transition: Transition): void {
    const { places } = this
    const node = places.nodeOf(transition)
    if (node < 0) {
      if (transition.to === 'ready') this.handOver(lead, transition.at, transition.at)
      return
    }
    this.push(node, places.placeOf(node, transition), transition.at)
    if (node === places.stageNode && this.to.at(-1) === places.handover)
      this.handOver(lead, transition.at, transition.at)
  }

  /**
   * Takes note of whatever is different now from what was seen before.
   * @param settledAt  up to when the lead is settled; nothing has happened since
   */
  changeTo(lead: LeadState, t: Instant, settledAt: Instant): void {
    const { plan, categories, stageNode, breachNode, handover, readyLevel } = this.places
    const { latch } = lead
    for (let node = 0; node < stageNode; node++) {
      const level = latch[categories[node].layout.level]
      if (level !== this.seen[node]) this.push(node, level, t)
    }
    const { stages } = plan.layout
    const stage = latch[stages.stage]
    const isHandedOver = stage !== this.seen[stageNode] && stage === handover
    if (stage !== this.seen[stageNode]) this.push(stageNode, stage, t)
    if (latch[stages.breached] === 1 && !this.isBreached) this.push(breachNode, stage, t)
    if (isHandedOver || (readyLevel >= 0 && latch[readyLevel] === 0)) this.handOver(lead, t, settledAt)
  }

  private push(node: number, to: number, t: Instant): void {
    this.at.push(t)
    this.node.push(node)
    this.to.push(to)
    if (node <= this.places.stageNode) this.seen[node] = to
    if (node >= this.places.stageNode) this.isBreached = node > this.places.stageNode
  }

  private handOver(lead: LeadState, t: Instant, settledAt: Instant): void {
    if (this.handoverAt < Infinity) return
    this.handoverAt = t
    this.stand(this.atHandover, lead, t, settledAt)
  }

  /** The lead's first win, as soon as it is seen. */
  win(lead: LeadState, t: Instant, settledAt: Instant): void {
    this.winAt = t
    this.stand(this.atWin, lead, t, settledAt)
  }

  private stand(standing: Standing, lead: LeadState, t: Instant, settledAt: Instant): void {
    const { plan, categories } = this.places
    standing.at = t
    const scores: Record<string, number> = {}
    plan.scores.forEach(({ name, cell }, index) => {
      standing.points[index] = scores[name] = plan.cells.read(lead, cell, settledAt) / MICRO
    })
    const levels: Record<string, string> = {}
    categories.forEach(({ layout }, index) => {
      standing.levels[index] = Math.max(0, lead.latch[layout.level])
      levels[layout.name] = layout.levels[standing.levels[index]]
    })
    standing.expected = expectedValue(plan, lead, { scores, levels, asOf: settledAt })?.expected ?? Number.NaN
  }

  endWeek(): void {
    const { climbs, weeks } = this
    for (let index = 0; index < climbs.length; index++) weeks[index].push(Math.max(0, climbs[index].reached - 1))
  }
}
