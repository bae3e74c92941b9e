/** A result that several threads work out is the one that one thread works out. */
import { leadId, measure, Measuring, parseDefinitionText, piecesOf, trace, type Fact } from '@winnow/engine'
import { expect, test } from 'vitest'
import { inSharedMemory } from '../../src/backtests/shared-memory.ts'
import { DAY, SMALL, T0 } from '../live/world.ts'

const OPTIONS = {
  from: T0,
  to: T0 + 40 * DAY,
  watermark: T0 + 60 * DAY,
  horizonDays: 10,
  known: 'received',
  seed: 3,
  splitBy: ['job'],
} as const

function* circles() {
  for (let index = 0; index < 60; index++) {
    const lead = leadId(`lead-${index}`)
    const at = T0 + (index % 20) * DAY
    const job = index % 2 === 0 ? 'boss' : 'clerk'
    const facts: Fact[] = [{ kind: 'attribute', id: 'a', at, lead, name: 'job', value: job }]
    for (let demo = 0; demo < index % 4; demo++)
      facts.push({ kind: 'activity', id: `d${demo}`, at: at + demo * DAY, lead, type: 'demo', properties: {} })
    if (index % 3 === 0)
      facts.push({ kind: 'decision', id: 'w', at: at + 5 * DAY, lead, decision: 'win', amount: index })
    yield { leads: [lead], facts }
  }
}

test('pieces of traces in shared memory, in any order, come to the whole', () => {
  const versions = [SMALL, SMALL.replace('at_least: 40', 'at_least: 55')].map((text, index) => {
    const parsed = parseDefinitionText(text)
    if (!parsed.ok) throw new Error('the definition has errors')
    return { name: `Version ${index}`, definition: parsed.definition }
  })
  const traces = trace(circles(), versions, OPTIONS)
  const whole = measure(traces, OPTIONS)
  expect(whole.wins).toBe(20)
  const shared = inSharedMemory(traces)
  expect(shared.firstAt.buffer).toBeInstanceOf(SharedArrayBuffer)
  const pieces = piecesOf(2).toReversed()
  const measured = pieces.map((piece) => structuredClone(new Measuring(shared, OPTIONS).piece(piece)))
  expect(new Measuring(shared, OPTIONS).join(measured)).toEqual(whole)
})
