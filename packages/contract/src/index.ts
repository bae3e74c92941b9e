export {
  endpoints,
  type Access,
  type BodyOf,
  type Endpoint,
  type Method,
  type ParamsOf,
  type QueryOf,
} from './endpoint.ts'
export type { RateClass, ReplyOf } from './endpoint.ts'
export { RIGHTS, RIGHTS_OF, RIGHTS_OF_PEOPLE, ROLES, type Right, type Role } from './rights.ts'
export * from './common.ts'
import { access } from './areas/access.ts'
import { audit } from './areas/audit.ts'
import { capture } from './areas/capture.ts'
import { demo } from './areas/demo.ts'
import { imports } from './areas/imports.ts'
import { operation } from './areas/operation.ts'

/** Every endpoint there is, by area. */
export const areas = { operation, access, audit, capture, imports, demo }
export { access, audit, capture, demo, imports, operation }
export { IMPORT_BYTES_MAX } from './areas/imports.ts'
export {
  BATCH_MESSAGES_MAX,
  captureSettings,
  MESSAGE_BYTES_MAX,
  type CaptureSettings,
  type MessageType,
} from './areas/capture.ts'
