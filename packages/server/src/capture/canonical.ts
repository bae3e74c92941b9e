/** A message as text that does not change when a client sends it again. */
import { hash } from 'node:crypto'
import { isMap, type Json } from './names.ts'

/** What differs from one attempt to send a message to the next, and the key that opened the door. */
const OF_ATTEMPT = new Set(['sentAt', 'receivedAt', '_metadata', 'writeKey'])

/** Keys in order, so that queues which do not keep it change nothing. */
export function canonicalText(message: Json): string {
  return writeMap(message, OF_ATTEMPT)
}

export const digestOf = (text: string): Buffer => hash('sha256', text, 'buffer')

function writeMap(map: Json, without?: ReadonlySet<string>): string {
  let text = '{'
  for (const key of Object.keys(map).sort()) {
    if (without?.has(key)) continue
    if (text.length > 1) text += ','
    text += `${JSON.stringify(key)}:${write(map[key])}`
  }
  return `${text}}`
}

function write(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`
  return isMap(value) ? writeMap(value) : JSON.stringify(value)
}
