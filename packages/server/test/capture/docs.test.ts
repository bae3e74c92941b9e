/** The page on tracking says what is so. */
import { readFileSync } from 'node:fs'
import { BATCH_MESSAGES_MAX, captureSettings } from '@winnow/contract'
import { describe, expect, test } from 'vitest'
import { decodeMessage } from '../../src/capture/decode.ts'
import { MESSAGE_HINTS } from '../../src/capture/refusal.ts'
import { compileRules } from '../../src/capture/rules.ts'
import { NOW } from './capturing.ts'

const page = readFileSync(new URL('../../../../docs/tracking.md', import.meta.url), 'utf8')
const EXAMPLE = /<!-- example -->\n```json\n(.*)\n```\n```json\n([\s\S]*?)\n```/g
const examples = [...page.matchAll(EXAMPLE)].map(([, message, says]) => ({
  message: message!,
  says: says!.split('\n'),
}))
const rules = compileRules(captureSettings.parse({}))

describe('the page on tracking', () => {
  test.each(examples)('$message', ({ message, says }) => {
    const reception = { sourceId: 's', receivedAt: NOW, address: '', rules }
    const decoded = decodeMessage(JSON.parse(message), undefined, reception, '')
    if (decoded.kind !== 'understood') throw new Error(decoded.fault.message)
    const said = decoded.intake.says.map(({ id: _id, at: _at, flags: _flags, ...rest }) => rest)
    expect(said).toEqual(says.map((line) => JSON.parse(line) as unknown))
    expect(decoded.faults).toEqual([])
  })

  test('has an example of whatever becomes something', () => {
    const types = examples.map(({ message }) => (JSON.parse(message) as { type: string }).type)
    expect(new Set(types)).toEqual(new Set(['track', 'page', 'identify', 'group']))
  })

  test('lists every code with what to do', () => {
    const table = page.slice(page.indexOf('| code |'), page.indexOf('Codes that begin'))
    const rows = [...table.matchAll(/^\| `(\w+)` \| (.+) \|$/gm)].map(([, code, hint]) => [code, hint])
    expect(Object.fromEntries(rows)).toEqual(MESSAGE_HINTS)
  })

  test('states the limits', () => {
    const { namesMax } = captureSettings.parse({})
    const whole = (count: number) => count.toLocaleString('en-US')
    expect(page).toContain(`| messages of a batch | ${whole(BATCH_MESSAGES_MAX)} |`)
    expect(page).toContain(
      `${whole(namesMax.event)} events, ${whole(namesMax.property)} properties, ${namesMax.trait} traits`,
    )
  })
})
