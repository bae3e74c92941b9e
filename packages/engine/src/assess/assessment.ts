import type { Phrase } from '../definition/phrases.ts'
import type { LeadId } from '../facts.ts'
import type { Instant } from '../time.ts'

/** Everything the definition says of one lead at one instant. */
export interface Assessment {
  readonly lead: LeadId
  readonly asOf: Instant
  /** Personas whose condition is true, in the definition's order. */
  readonly personas: readonly string[]
  /** Points by score name, a multiple of one millionth. */
  readonly scores: Readonly<Record<string, number>>
  /** Level by category name. */
  readonly levels: Readonly<Record<string, string>>
  readonly stage: StageNow
  /** Present where the definition has a value and a calibration for this lead. */
  readonly value?: ExpectedValue
}

/** Money in the definition's currency. */
export interface ExpectedValue {
  /** Chance of a win, 0 to 1, from the calibration table. */
  readonly probability: number
  readonly interval?: readonly [low: number, high: number]
  /** Money of one win. */
  readonly amount: number
  /** Chance × amount × repeats − cost of working the lead. */
  readonly expected: number
  readonly currency?: string
}

export interface StageNow {
  readonly id: string
  /** When the lead entered it. */
  readonly since: Instant
  /** Present where the stage has a service level. */
  readonly sla?: { readonly dueAt: Instant; readonly breached: boolean }
}

/** One change of a category's level or of the stage, or the breach of a service level; a line of the decision ledger. */
export interface Transition {
  readonly lead: LeadId
  readonly at: Instant
  readonly kind: 'category' | 'stage' | 'sla'
  /** The category's name; `stage` for a stage change; the stage's id for a breach. */
  readonly name: string
  /** Level or stage before; null at the lead's first settling. */
  readonly from: string | null
  /** Level or stage after; `breached` for a breach. */
  readonly to: string
  /** `facts` when a fact lies at this very instant, `time` when only time passed. */
  readonly cause: 'facts' | 'time'
}

/** One line of a score's arithmetic. The lines of a score add up to it exactly. */
export interface Contribution {
  readonly score: string
  readonly group: string
  /** Absent on the lines that clamp or weigh a group or the score. */
  readonly criterion?: string
  readonly outcome: 'matched' | 'capped' | 'decayed' | 'unknown' | 'not_matched' | 'weighed'
  /** A multiple of one millionth. */
  readonly points: number
  readonly because: string
  /** What `because` says, as data: for those who word it themselves or read numbers from it. */
  readonly phrase: Phrase
  /** Ids of the facts that count, where the circle was built with evidence. */
  readonly evidence: readonly string[]
}
