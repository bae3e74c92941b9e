/** Backtests on several threads are those of one, and stop when told to. */
import {
  FactTableBuilder,
  leadId,
  measure,
  parseDefinitionText,
  trace,
  type BacktestOptions,
  type Fact,
} from '@winnow/engine'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { traceCircles, traceTable } from '../src/index.ts'

const DAY_MS = 86_400_000
const BEGIN = Date.UTC(2026, 0, 5)
const LEADS = 2500

const parsed = parseDefinitionText(
  readFileSync(new URL('../../../examples/starter.yaml', import.meta.url), 'utf8').split('\nexamples:')[0]!,
)
if (!parsed.ok) throw new Error('examples/starter.yaml is not valid')
const versions = [{ name: 'starter', definition: parsed.definition }]

const options: BacktestOptions = {
  from: BEGIN,
  to: BEGIN + 60 * DAY_MS,
  watermark: BEGIN + 90 * DAY_MS,
  horizonDays: 30,
  known: 'received',
  seed: 1,
  replicates: 50,
}

function factsOf(index: number): Fact[] {
  const lead = leadId(`lead-${index}`)
  const at = BEGIN + (index % 50) * DAY_MS + index
  const base = (place: number, hours: number) => ({
    id: `${index}/${place}`,
    lead,
    at: at + hours * 3_600_000,
    receivedAt: at + (hours + (index % 7 === 0 ? 30 : 0)) * 3_600_000,
  })
  const facts: Fact[] = [
    { ...base(0, 0), kind: 'activity', type: 'page', properties: { path: '/pricing' } },
    { ...base(1, 1), kind: 'activity', type: 'form_submitted', properties: { form: 'demo' } },
    { ...base(2, 2), kind: 'attribute', name: 'job_level', value: index % 3 === 0 ? 'executive' : 'manager' },
  ]
  if (index % 5 === 0) facts.push({ ...base(3, 100), kind: 'decision', decision: 'win', amount: index })
  return facts
}

const circles = Array.from({ length: LEADS }, (_, index) => ({
  leads: [leadId(`lead-${index}`)],
  facts: factsOf(index),
}))

function tableOf() {
  const builder = new FactTableBuilder()
  for (const { facts } of circles) builder.add(facts)
  return { leads: circles.map(({ leads }) => String(leads[0])), table: builder.close() }
}

describe('a backtest', () => {
  test('of columns on two threads says what one of circles says', { timeout: 60_000 }, async () => {
    const plain = measure(trace(circles, versions, options), options)
    expect(plain.wins).toBe(LEADS / 5)
    const told: number[] = []
    const traces = await traceTable(versions, tableOf(), options, {
      threads: 2,
      onProgress: (leads) => told.push(leads),
    })
    expect(measure(traces, options)).toEqual(plain)
    expect(told.at(-1)).toBe(LEADS)
    expect(measure(await traceCircles(versions, circles, options), options)).toEqual(plain)
  })

  test('stops when it is told to', { timeout: 60_000 }, async () => {
    const signal = AbortSignal.abort()
    await expect(traceTable(versions, tableOf(), options, { threads: 2, signal })).rejects.toThrow('cancelled')
    await expect(traceCircles(versions, circles, options, { signal })).rejects.toThrow('cancelled')
  })
})
