import type { Attribute, Definition } from '../definition/language.ts'
import type { Instant } from '../time.ts'
import { Cells } from './cells.ts'
import { Feeds } from './feeds.ts'
import type { Range } from './kleene.ts'
import { layOut, type Layout } from './layout.ts'
import type { LeadState } from './state.ts'
import type { KnownValue } from './value-tests.ts'

export interface AttributePlan {
  readonly slot: number
  readonly name: string
  readonly attribute: Attribute
  readonly isOfAccount: boolean
  /** Whether a test asks when it changed. */
  isDated: boolean
}

/** What compiling collects on its way through the definition. */
export class Builder {
  readonly definition: Definition
  readonly cells = new Cells()
  readonly feeds = new Feeds()
  readonly layout: Layout
  readonly attributes: ReadonlyMap<string, AttributePlan>
  readonly personas = new Map<string, number>()
  /** Cell of each score, and the ranges that its value is compared with. */
  readonly scores = new Map<string, { readonly cell: number; readonly ranges: Range[] }>()
  looksAtMembers = false
  looksAtAccount = false
  /** Off for conditions that no level, stage or score waits for: nothing has to wake up for them. */
  isWatching = true

  constructor(definition: Definition) {
    this.definition = definition
    this.layout = layOut(definition)
    this.attributes = new Map(
      Object.entries(definition.attributes ?? {}).map(([name, attribute], slot) => [
        name,
        { slot, name, attribute, isOfAccount: attribute.about === 'account', isDated: false },
      ]),
    )
  }
}

/** The value of an attribute and when it changed, wherever it is kept. */
export function valueOf(lead: LeadState, { slot, isOfAccount }: AttributePlan): KnownValue | undefined {
  return isOfAccount ? lead.account?.values[slot] : lead.values[slot]
}

export function changedAtOf(lead: LeadState, { slot, isOfAccount }: AttributePlan): Instant {
  return (isOfAccount ? lead.account?.changedAt[slot] : lead.changedAt[slot]) ?? -Infinity
}
