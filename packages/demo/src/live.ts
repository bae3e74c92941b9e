/** The definition that is live, run over one circle as its facts happen: it tells sales who has become an MQL. */
import {
  applyFact,
  assess,
  lookAhead,
  openCircle,
  type Circle,
  type Fact,
  type Instant,
  type LeadId,
  type Plan,
  type Transition,
} from '@winnow/engine'

/** Facts are taken in only when somebody asks: where sales has the say, nobody does. */
export class LiveDefinition {
  private plan: Plan
  private circle: Circle
  private readonly log: Fact[] = []
  private taken = 0
  private seenUpTo: Instant = -Infinity
  /** Transitions that came with facts; what `lookAhead` told before is among them. */
  private readonly passed: Transition[] = []

  constructor(plan: Plan) {
    this.plan = plan
    this.circle = circleOf(plan)
  }

  /** In the engine's total order. */
  add(fact: Fact): void {
    this.log.push(fact)
  }

  /** Another version goes live: it reads all facts anew. */
  replaceBy(plan: Plan, now: Instant): void {
    this.plan = plan
    this.circle = circleOf(plan)
    this.taken = 0
    this.seenUpTo = now
  }

  /**
   * Stages that have been entered since it was asked last, or else those that are entered next, all at one instant, up to
   * and including `upTo`, if nothing happens before. What was told once is not told again.
   */
  entersNext(upTo: Instant): readonly Transition[] {
    this.catchUp()
    const passed = this.passed.splice(0).filter((transition) => this.isNews(transition, upTo))
    if (passed.length > 0) {
      this.seenUpTo = passed.at(-1)!.at
      return passed
    }
    const ahead = lookAhead(this.plan, this.circle, upTo)
    const first = ahead.find((transition) => this.isNews(transition, upTo))?.at
    const next = first === undefined ? [] : ahead.filter((each) => each.at === first && each.kind === 'stage')
    this.seenUpTo = first ?? Math.max(this.seenUpTo, upTo)
    return next
  }

  stageOf(lead: LeadId, now: Instant): string {
    this.catchUp()
    return assess(this.plan, this.circle, lead, now).stage.id
  }

  private isNews({ kind, at }: Transition, upTo: Instant): boolean {
    return kind === 'stage' && at > this.seenUpTo && at <= upTo
  }

  private catchUp(): void {
    for (; this.taken < this.log.length; this.taken++) {
      const fact = this.log[this.taken]!
      // INVARIANT: facts come in the engine's total order, so none is late.
      if (applyFact(this.plan, this.circle, fact, this.passed) !== 'applied') throw new Error(`${fact.id} came late`)
    }
  }
}

const circleOf = (plan: Plan): Circle => openCircle({ withLog: plan.looksAtAccount })
