import { compileDefinition, type Definition, type Fact, type Instant, type LeadId } from '@winnow/engine'
import type { InputRefusal, Inputs } from '../inputs.ts'
import { Spool, type SpoolOptions } from './spool.ts'
import type { CircleWork } from './task.ts'

export interface CirclesOptions extends SpoolOptions {
  readonly definition: Definition
  readonly onRefusals?: ((refusals: readonly InputRefusal[]) => void | Promise<void>) | undefined
  /** Read everything before the first circle is given out, so that `onFacts` has seen all of it by then. */
  readonly isGathering?: boolean | undefined
  /** Sees every fact as it comes. */
  readonly onFacts?: ((facts: readonly Fact[]) => void) | undefined
}

/**
 * The circles that files tell of. A list of leads whose rows stand on their own is passed on row by row; anything else is
 * gathered first, in memory or on disk.
 */
export async function* readCircles(
  inputs: Inputs,
  files: readonly string[],
  options: CirclesOptions,
): AsyncGenerator<CircleWork> {
  const isAlone = !options.isGathering && files.length === 1 && !compileDefinition(options.definition).looksAtAccount
  const spool = new Spool(options.definition, options)
  try {
    for await (const { facts, refusals } of inputs.read(files)) {
      if (refusals.length > 0) await options.onRefusals?.(refusals)
      options.onFacts?.(facts)
      if (isAlone && inputs.reports[0]!.isRowWhole) yield* byLead(facts)
      else await spool.add(facts)
    }
    yield* spool.circles()
  } finally {
    await spool.dispose()
  }
}

/** The facts of a row follow one another. */
function* byLead(facts: readonly Fact[]): Generator<CircleWork> {
  let lead: LeadId | undefined
  let run: Fact[] = []
  for (const fact of facts) {
    if (fact.kind === 'account_attribute') continue // of no lead's concern, or the rows would not be whole
    if (lead !== undefined && fact.lead !== lead) {
      yield { leads: [lead], facts: run }
      run = []
    }
    lead = fact.lead
    run.push(fact)
  }
  if (lead !== undefined) yield { leads: [lead], facts: run }
}

/** How many facts there are, and the instants of the first and the last. */
export class TimeSpan {
  count = 0
  first: Instant | undefined
  last: Instant | undefined

  add(facts: readonly Fact[]): void {
    this.count += facts.length
    for (const { at } of facts) {
      if (this.first === undefined || at < this.first) this.first = at
      if (this.last === undefined || at > this.last) this.last = at
    }
  }
}
