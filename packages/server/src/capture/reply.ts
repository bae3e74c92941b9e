/** What a tracking client is told. Its messages are never lost for another’s fault, and none is sent again in vain. */
import type { capture, ReplyOf } from '@winnow/contract'
import { ServerError } from '../errors.ts'
import type { Taken } from '../live/intake.ts'
import type { Decoded, NotTaken } from './decode.ts'
import { hintOf, type MessageFault } from './refusal.ts'

export type Reply = ReplyOf<typeof capture.batch>
type MessageReply = NonNullable<Reply['messages']>[number]

/**
 * @param taken  one for each that was understood, in their order
 * @throws ServerError `request_invalid` where every message was refused: clients tell their program, and do not try again
 */
export function replyTo(decoded: readonly Decoded[], taken: readonly Taken[]): Reply {
  let next = 0
  const messages = decoded.flatMap((each, index): MessageReply[] => {
    const told = tellOne(each, each.kind === 'understood' ? taken[next++] : undefined)
    return told === undefined ? [] : [{ index, ...told }]
  })
  if (messages.length === 0) return { success: true }
  if (messages.length < decoded.length || messages.some(({ status }) => status !== 'refused'))
    return { success: true, messages }
  const { at, code, message } = (decoded[0] as NotTaken).fault
  throw new ServerError('request_invalid', message, { at, details: { code, hint: hintOf(code), messages } })
}

function tellOne(decoded: Decoded, taken: Taken | undefined): Omit<MessageReply, 'index'> | undefined {
  if (decoded.kind !== 'understood') {
    const { kind, messageId, fault } = decoded
    return { ...(messageId !== undefined && { messageId }), status: kind, ...fault }
  }
  const { intake, faults } = decoded
  const messageId = intake.messageId.slice(intake.messageId.indexOf(':') + 1)
  const fields = faults.length > 0 && { fields: [...faults] }
  if (taken?.status === 'conflicting') return { messageId, status: 'conflicting', ...CONFLICT }
  if (taken?.status === 'kept_out') return { messageId, status: 'ignored', ...KEPT_OUT }
  return fields === false ? undefined : { messageId, status: 'stored', ...fields }
}

const CONFLICT = {
  code: 'message_conflict',
  message: 'another message with this id had been stored before; that one counts',
} as const

const KEPT_OUT = {
  code: 'person_erased',
  message: 'somebody known by this name was erased, and is not to be known again',
} as const

export const faultsOf = (decoded: Decoded): readonly MessageFault[] =>
  decoded.kind === 'understood' ? decoded.faults : [decoded.fault]
