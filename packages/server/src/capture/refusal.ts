/** What can be wrong with a message or a field of it, with what to do about it; `docs/tracking.md` lists the same codes. */
import { REFUSAL_HINTS, type RefusalCode } from '@winnow/io'

export const MESSAGE_HINTS = {
  // The message is not stored.
  message_malformed: 'A message is a JSON object; docs/tracking.md shows one of each type.',
  message_too_large: 'A message has at most 32 KiB.',
  type_unknown: 'The type is `track`, `identify`, `page`, `screen`, `group` or `alias`.',
  field_missing: 'Add the field; docs/tracking.md shows what each type needs.',
  field_malformed: 'Correct the field; docs/tracking.md says what it may hold.',
  id_missing: 'Say whom it is about: `userId`, `anonymousId`, or an e-mail address.',
  id_placeholder: 'Leave out an id that is not known: everybody with this one would become one lead.',
  text_too_long: 'Ids and names have at most 200 characters, message ids 100.',
  timestamp_malformed: 'Write an ISO 8601 date-time with an offset, such as 2026-03-01T10:00:00Z.',
  names_exhausted: 'The source uses too many different names. Put what varies into values, or raise the limit.',
  message_conflict: 'Another message with this id was stored before, and counts. Give every message an id of its own.',
  // The message is not stored, as the settings want it.
  bot: 'Messages of programs are ignored; the settings of capture can keep them.',
  network_ignored: 'The settings of capture leave out this network address.',
  person_erased: 'Stop sending what this person does. An administrator can let them in again under their name.',
  // The field is left out, and the rest of the message stored.
  value_unsupported: 'A trait is text, a number, true or false, null, a list of texts, or a map of these.',
  value_too_long: 'A text has at most 10,000 characters, a list 1,000 texts of 1,000 characters each.',
  trait_twice: 'Two traits come to one attribute; the first counts.',
  trait_name_malformed: 'A trait’s name has 1 to 200 characters.',
  consent_unsupported: 'A category of consent is true or false, and its name comes to a purpose; there are at most 50.',
  // The field is stored, and not understood as what it should be.
  email_malformed: 'The text is kept as an attribute; nobody is recognised by it.',
} as const

export type MessageCode = keyof typeof MESSAGE_HINTS | RefusalCode

export const hintOf = (code: string): string =>
  ({ ...MESSAGE_HINTS, ...REFUSAL_HINTS } as Readonly<Record<string, string>>)[code] ?? ''

/** What is wrong, and where. `message` says what the rule is and never quotes a value: it is counted and shown to others. */
export interface MessageFault {
  /** JSON pointer into the body. */
  readonly at: string
  readonly code: MessageCode
  readonly message: string
}

/** A message that cannot be stored at all. */
export class MessageRefusal extends Error {
  readonly fault: MessageFault

  constructor(code: MessageCode, at: string, message: string) {
    super(message)
    this.fault = { code, at, message }
  }
}

/** A step of a JSON pointer. */
export const pointerStep = (key: string | number): string =>
  `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`
