export {
  endpoints,
  type Access,
  type BodyOf,
  type Endpoint,
  type Given,
  type Method,
  type ParamsOf,
  type QueryOf,
} from './endpoint.ts'
export type { RateClass, ReplyOf } from './endpoint.ts'
export { RIGHTS, RIGHTS_OF, RIGHTS_OF_PEOPLE, ROLES, type Right, type Role } from './rights.ts'
export * from './common.ts'
import { access } from './areas/access.ts'
import { accounts } from './areas/accounts.ts'
import { alignment } from './areas/alignment.ts'
import { audit } from './areas/audit.ts'
import { backtests } from './areas/backtests.ts'
import { bulkActions } from './areas/bulk.ts'
import { capture } from './areas/capture.ts'
import { changes } from './areas/changes.ts'
import { comments } from './areas/comments.ts'
import { consent } from './areas/consent.ts'
import { decisions } from './areas/decisions.ts'
import { definitions } from './areas/definitions.ts'
import { demo } from './areas/demo.ts'
import { erasure } from './areas/erasure.ts'
import { exports } from './areas/exports.ts'
import { imports } from './areas/imports.ts'
import { leads } from './areas/leads.ts'
import { operation } from './areas/operation.ts'
import { proposals } from './areas/proposals.ts'
import { queue } from './areas/queue.ts'
import { retention } from './areas/retention.ts'
import { reviews } from './areas/reviews.ts'
import { segments } from './areas/segments.ts'

/** Every endpoint there is, by area. */
export const areas = {
  operation,
  access,
  audit,
  capture,
  imports,
  leads,
  accounts,
  decisions,
  definitions,
  changes,
  demo,
  exports,
  queue,
  segments,
  bulkActions,
  comments,
  consent,
  erasure,
  retention,
  backtests,
  alignment,
  proposals,
  reviews,
}
export {
  access,
  accounts,
  alignment,
  audit,
  backtests,
  bulkActions,
  capture,
  changes,
  comments,
  consent,
  decisions,
  definitions,
  demo,
  erasure,
  exports,
  imports,
  leads,
  operation,
  proposals,
  queue,
  retention,
  reviews,
  segments,
}
export { CONSENT_PURPOSE } from './areas/consent.ts'
export { segmentQuery } from './areas/leads.ts'
export type { BacktestFigure, BacktestTable } from './areas/backtests.ts'
export type { BulkAction } from './areas/bulk.ts'
export type { LeadSort } from './areas/shared.ts'
export type { NoticeKind, Side, WorkingMode } from './areas/proposals.ts'
export type { CallOutcome } from './areas/queue.ts'
export { IMPORT_BYTES_MAX } from './areas/imports.ts'
export {
  BATCH_MESSAGES_MAX,
  captureSettings,
  MESSAGE_BYTES_MAX,
  type CaptureSettings,
  type MessageType,
} from './areas/capture.ts'
