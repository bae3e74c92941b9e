/** What a request of a tracking client holds: one message, or a batch of them with what it says for all. */
import { BATCH_MESSAGES_MAX, type MessageType } from '@winnow/contract'
import type { Instant } from '@winnow/engine'
import type { JsonFault } from '@winnow/io'
import { ServerError } from '../errors.ts'
import { readTime } from './clock.ts'
import { decodeMessage, type Decoded, type Reception } from './decode.ts'
import { isMap, type Json } from './names.ts'
import { MessageRefusal, pointerStep, type MessageFault } from './refusal.ts'

export interface Body {
  readonly value: unknown
  /** Values in it that may not be where they are. */
  readonly faults: readonly JsonFault[]
}

/** What is known of a request beside its body. */
export type Origin = Pick<Reception, 'sourceId' | 'receivedAt' | 'address' | 'rules'>

export function decodeSingle(type: MessageType, { value, faults }: Body, origin: Origin): Decoded {
  const [fault] = faults
  if (fault !== undefined) return refused(value, messageFault(fault))
  return decodeAt(value, '', (sentAt) => decodeMessage(value, type, { ...origin, ...clock(sentAt) }, ''))
}

/**
 * @param isHistory  timestamps are taken as they are, whenever the batch was sent
 * @throws ServerError `request_invalid`, `body_too_large`, `body_malformed` where nothing of it can be used
 */
export function decodeBatch({ value, faults }: Body, origin: Origin, isHistory: boolean): Decoded[] {
  const { messages, sentAt, context } = openBatch(value)
  const spoiled = faultsByMessage(faults)
  return messages.map((message, index) => {
    const pointer = `/batch/${index}`
    const fault = spoiled.get(index)
    if (fault !== undefined) return refused(message, fault)
    return decodeAt(message, pointer, (own) => {
      const reception = { ...origin, ...(isHistory ? {} : clock(sentAt ?? own)), ...(context && { context }) }
      return decodeMessage(message, undefined, reception, pointer)
    })
  })
}

const clock = (sentAt: Instant | undefined) => (sentAt === undefined ? {} : { sentAt })

/** `decode` gets when the message itself says that it was sent. */
function decodeAt(message: unknown, pointer: string, decode: (sentAt: Instant | undefined) => Decoded): Decoded {
  try {
    return decode(isMap(message) ? readTime(message['sentAt'], `${pointer}/sentAt`) : undefined)
  } catch (error) {
    if (error instanceof MessageRefusal) return refused(message, error.fault)
    throw error
  }
}

function refused(message: unknown, fault: MessageFault): Decoded {
  const id = isMap(message) ? message['messageId'] : undefined
  return { kind: 'refused', fault, ...(typeof id === 'string' && { messageId: id.slice(0, 100) }) }
}

interface Batch {
  readonly messages: readonly unknown[]
  readonly sentAt: Instant | undefined
  readonly context: Json | undefined
}

function openBatch(body: unknown): Batch {
  const messages = isMap(body) ? body['batch'] : undefined
  if (!isMap(body) || !Array.isArray(messages))
    throw new ServerError('request_invalid', '`batch` must be a list of messages', { at: '/batch' })
  if (messages.length > BATCH_MESSAGES_MAX)
    throw new ServerError(
      'body_too_large',
      `a batch has at most ${BATCH_MESSAGES_MAX} messages, this one ${messages.length}`,
      { at: '/batch' },
    )
  const context = body['context'] ?? undefined
  if (context !== undefined && !isMap(context))
    throw new ServerError('request_invalid', '`context` must be a JSON object', { at: '/context' })
  return { messages, context, sentAt: sentAtOf(body) }
}

function sentAtOf(body: Json): Instant | undefined {
  try {
    return readTime(body['sentAt'], '/sentAt')
  } catch (error) {
    if (!(error instanceof MessageRefusal)) throw error
    throw new ServerError('request_invalid', error.message, { at: error.fault.at })
  }
}

/** The first fault of each message that has one; a fault beside the messages spoils all of them. */
function faultsByMessage(faults: readonly JsonFault[]): ReadonlyMap<number, MessageFault> {
  const found = new Map<number, MessageFault>()
  for (const fault of faults) {
    const [field, index] = fault.path
    const { code, at, message } = messageFault(fault)
    if (field !== 'batch' || typeof index !== 'number')
      throw new ServerError('body_malformed', message, { at, details: { reason: code } })
    if (!found.has(index)) found.set(index, { code, at, message })
  }
  return found
}

const messageFault = ({ code, path, reason }: JsonFault): MessageFault => ({
  code,
  at: path.map(pointerStep).join(''),
  message: reason,
})
