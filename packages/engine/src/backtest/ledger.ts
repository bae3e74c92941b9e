/** The decision ledger as it would have been written: every line with when it was known, and when it turned out never to have been. */
import type { Transition } from '../assess/assessment.ts'
import type { Fact, LeadId } from '../facts.ts'
import type { Plan } from '../plan/compile.ts'
import type { Instant } from '../time.ts'
import { Life, type LedgerSink } from './life.ts'
import { eachArrival, inOrderKnown, type Known } from './log.ts'
import { Places } from './notes.ts'

export interface LedgerLine {
  readonly transition: Transition
  /** When somebody could first read it: at its own instant, or later where a fact came late. */
  readonly knownAt: Instant
  /** When a late fact withdrew it. */
  readonly withdrawnAt: Instant | undefined
}

/** @param circle  leads and facts that have to be looked at together, see `circlesOf` */
export function ledgerOf(
  plan: Plan,
  circle: { readonly leads: readonly LeadId[]; readonly facts: readonly Fact[] },
  { until, known }: { readonly until: Instant; readonly known: Known },
): LedgerLine[] {
  const book = new Book()
  const life = new Life(new Places(plan, null), { from: Infinity, weeks: [] })
  life.ledger = book
  life.begin(circle.leads)
  const log = inOrderKnown(circle.facts, until, known)
  eachArrival(log, known, (begin, end, knownAt) => life.arrive(log, begin, end, knownAt))
  life.pass(until)
  return book.lines
}

interface Line {
  readonly transition: Transition
  readonly knownAt: Instant
  withdrawnAt: Instant | undefined
}

class Book implements LedgerSink {
  readonly lines: Line[] = []

  added(transitions: readonly Transition[], knownAt: Instant | undefined): void {
    for (const transition of transitions)
      this.lines.push({ transition, knownAt: knownAt ?? transition.at, withdrawnAt: undefined })
  }

  rewritten(transitions: readonly Transition[], knownAt: Instant): void {
    const standing = Map.groupBy(
      this.lines.filter(({ withdrawnAt }) => withdrawnAt === undefined),
      ({ transition }) => JSON.stringify(transition),
    )
    const added = transitions.filter((transition) => standing.get(JSON.stringify(transition))?.shift() === undefined)
    for (const line of [...standing.values()].flat()) line.withdrawnAt = knownAt
    this.added(added, knownAt)
  }
}
