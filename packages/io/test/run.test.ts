import { parseDefinition, type Definition, type Fact } from '@winnow/engine'
import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { describe, expect, test } from 'vitest'
import {
  Inputs,
  readCircles,
  runCircles,
  Spool,
  writeFact,
  type CircleWork,
  type LeadHistory,
  type LeadScore,
} from '../src/index.ts'
import { fileOf } from './importing.ts'

const UNTIL = Date.UTC(2026, 5, 1)

function definitionWith(extra: Record<string, unknown>): Definition {
  const parsed = parseDefinition({
    winnow: 1,
    name: 'Sample',
    attributes: { size: { type: 'number', about: 'account' }, town: { type: 'text' } },
    activities: { visit: { from: 'page' } },
    scores: {
      interest: {
        decay: { half_life: '7d' },
        groups: {
          all: {
            criteria: [
              { id: 'visits', each: 'visit', points: 10, ...extra },
              { id: 'size', table: 'size', bins: [{ below: 10, points: 1 }, { points: 5 }] },
            ],
          },
        },
      },
    },
    categories: { temperature: { levels: [{ hot: { when: { score: 'interest', at_least: 25 } } }, { cold: {} }] } },
    stages: [
      { id: 'lead' },
      { id: 'mql', enter: { category: 'temperature', is: 'hot' } },
      { id: 'customer', by: 'win' },
    ],
  })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues))
  return parsed.definition
}

const alone = definitionWith({})
const shared = definitionWith({ by: 'account' })

/** A log of leads in accounts of three, with visits, links, sizes and wins. */
function logOf(leads: number): Fact[] {
  const facts: unknown[] = []
  const iso = (minute: number) => new Date(Date.UTC(2026, 0, 1) + minute * 60_000).toISOString()
  for (let lead = 0; lead < leads; lead++) {
    const id = `lead${lead}`
    const account = `acc${Math.floor(lead / 3)}`
    facts.push({ kind: 'link', id: `${id}.l`, at: iso(lead), lead: id, account })
    if (lead % 3 === 0)
      facts.push({
        kind: 'account_attribute',
        id: `${account}.s`,
        at: iso(lead),
        account,
        name: 'size',
        value: lead % 20,
      })
    for (let visit = 0; visit < lead % 7; visit++) {
      facts.push({
        kind: 'activity',
        id: `${id}.v${visit}`,
        at: iso(lead * 3 + visit * 900),
        lead: id,
        type: 'page',
        properties: {},
      })
    }
    if (lead % 5 === 0)
      facts.push({ kind: 'decision', id: `${id}.w`, at: iso(lead * 3 + 9000), lead: id, decision: 'win' })
  }
  return facts.map((fact) => ({ ...(fact as Fact), at: Date.parse((fact as { at: string }).at) }))
}

async function gather(
  definition: Definition,
  facts: readonly Fact[],
  factsMax: number,
): Promise<{ circles: CircleWork[]; isOnDisk: boolean }> {
  const spool = new Spool(definition, { factsMax })
  for (let at = 0; at < facts.length; at += 700) await spool.add(facts.slice(at, at + 700))
  const circles: CircleWork[] = []
  for await (const circle of spool.circles()) circles.push(circle)
  const { isOnDisk } = spool
  await spool.dispose()
  return { circles, isOnDisk }
}

async function replayAll(
  definition: Definition,
  circles: readonly CircleWork[],
  threads: number,
): Promise<LeadHistory[]> {
  const histories: LeadHistory[] = []
  for await (const batch of runCircles(definition, { kind: 'replay', until: UNTIL }, circles, { threads }))
    histories.push(...batch)
  return histories.sort((a, b) => (a.lead < b.lead ? -1 : 1))
}

describe.each([
  { name: 'leads alone', definition: alone },
  { name: 'leads of an account together', definition: shared },
])('$name', ({ definition }) => {
  const facts = logOf(2500)

  test('threads and disk change nothing', async () => {
    const inMemory = await gather(definition, facts, 1_000_000)
    const onDisk = await gather(definition, facts, 4000)
    expect([inMemory.isOnDisk, onDisk.isOnDisk]).toEqual([false, true])
    const here = await replayAll(definition, inMemory.circles, 1)
    expect(here).toHaveLength(2500)
    expect(here.filter(({ wonAt }) => wonAt !== undefined)).toHaveLength(500)
    expect(here.filter(({ transitions }) => transitions.some(({ to }) => to === 'hot')).length).toBeGreaterThan(200)
    expect(await replayAll(definition, onDisk.circles, 2)).toEqual(here)
  })

  test('results keep the order of the circles', async () => {
    const { circles } = await gather(definition, facts, 1_000_000)
    const leads: string[] = []
    for await (const batch of runCircles(definition, { kind: 'replay', until: UNTIL }, circles, { threads: 2 }))
      leads.push(...batch.map(({ lead }) => lead))
    expect(leads).toEqual(circles.flatMap((circle) => circle.leads))
  })

  test('a score is the same whatever the way', async () => {
    const { circles } = await gather(definition, facts.slice(0, 3000), 500)
    const scores = async (threads: number) => {
      const all: LeadScore[] = []
      for await (const batch of runCircles(
        definition,
        { kind: 'score', asOf: Date.UTC(2026, 0, 8), withReasons: true },
        circles,
        { threads },
      ))
        all.push(...batch)
      return all.sort((a, b) => (a.assessment.lead < b.assessment.lead ? -1 : 1))
    }
    const here = await scores(1)
    expect(await scores(2)).toEqual(here)
    const hot = here.find(({ assessment }) => assessment.levels['temperature'] === 'hot')!
    expect(hot.account).toMatch(/^acc/)
    expect(hot.reasons[0]).toMatchObject({
      score: 'interest',
      criterion: 'visits',
      points: expect.any(Number),
      because: expect.stringContaining('visit'),
    })
    expect(hot.next!.transitions[0]).toMatchObject({ from: 'hot', to: 'cold', cause: 'time' })
  })
})

test('what was written to disk is removed, also when reading stops early', async () => {
  const left = () => readdirSync(tmpdir()).filter((name) => /^winnow-[A-Za-z0-9]{6}$/.test(name)).length
  const before = left()
  const spool = new Spool(alone, { factsMax: 100 })
  await spool.add(logOf(2000))
  expect(left()).toBe(before + 1)
  for await (const circle of spool.circles()) {
    expect(circle.leads).toHaveLength(1)
    break
  }
  await spool.dispose()
  expect(left()).toBe(before)
})

test.each([1, 2])('work stops when it is cancelled, with %i threads', async (threads) => {
  const controller = new AbortController()
  const endless = (function* () {
    for (let lead = 0; ; lead++) {
      yield {
        leads: [`l${lead}`],
        facts: [{ kind: 'activity', id: `${lead}`, at: 0, lead: `l${lead}`, type: 'page', properties: {} }],
      } as unknown as CircleWork
    }
  })()
  let leads = 0
  const run = async () => {
    for await (const batch of runCircles(alone, { kind: 'replay', until: UNTIL }, endless, {
      threads,
      signal: controller.signal,
    })) {
      leads += batch.length
      if (leads > 20_000) controller.abort()
    }
  }
  await expect(run()).rejects.toMatchObject({ code: 'input_cancelled' })
  expect(leads).toBeGreaterThan(20_000)
})

test('a list of leads is passed on row by row, anything else is gathered', async () => {
  const list = fileOf(`id,town\n${Array.from({ length: 100_000 }, (_, at) => `${at},Town ${at}`).join('\n')}\n`)
  const log = fileOf(logOf(50).map(writeFact).join('\n'), 'log.jsonl')
  const firstAfter = async (file: string) => {
    let seen = 0
    const inputs = new Inputs({ definition: alone, at: UNTIL })
    for await (const circle of readCircles(inputs, [file], {
      definition: alone,
      onFacts: (facts) => (seen += facts.length),
    })) {
      return { circle: circle.leads.length, rowsSeen: seen, rows: inputs.reports[0]!.rows }
    }
    return undefined
  }
  const fromList = await firstAfter(list)
  expect(fromList!.rowsSeen).toBeLessThan(100_000)
  expect(await firstAfter(log)).toMatchObject({ rows: logOf(50).length })
})
