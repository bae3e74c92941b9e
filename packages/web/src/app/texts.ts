/** What texts there are, as types: English says it for all languages. */
import type alignment from '../text/en/alignment.json'
import type backtests from '../text/en/backtests.json'
import type common from '../text/en/common.json'
import type definition from '../text/en/definition.json'
import type firstRun from '../text/en/first-run.json'
import type gate from '../text/en/gate.json'
import type imports from '../text/en/import.json'
import type lead from '../text/en/lead.json'
import type leads from '../text/en/leads.json'
import type notices from '../text/en/notices.json'
import type phrases from '../text/en/phrases.json'
import type pin from '../text/en/pin.json'
import type queue from '../text/en/queue.json'
import type reviews from '../text/en/reviews.json'
import type settings from '../text/en/settings.json'

export interface Texts {
  readonly alignment: typeof alignment
  readonly backtests: typeof backtests
  readonly common: typeof common
  readonly definition: typeof definition
  readonly 'first-run': typeof firstRun
  readonly gate: typeof gate
  readonly import: typeof imports
  readonly lead: typeof lead
  readonly leads: typeof leads
  readonly notices: typeof notices
  readonly phrases: typeof phrases
  readonly pin: typeof pin
  readonly queue: typeof queue
  readonly reviews: typeof reviews
  readonly settings: typeof settings
}
export type Screen = keyof Texts
