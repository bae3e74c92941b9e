import fc from 'fast-check'
import { accountId, leadId, type Fact } from '@winnow/engine'
import { describe, expect, test } from 'vitest'
import { parseStrictJson, readFactLines, writeFact, type Refusal } from '../src/index.ts'
import { chunked } from './reading.ts'

async function readLines(text: string | Uint8Array, size = 64 * 1024, isArray = false) {
  const facts: Fact[] = []
  const refusals: Refusal[] = []
  for await (const batch of readFactLines(chunked(Buffer.from(text), size), { isArray })) {
    facts.push(...batch.facts.map(({ fact }) => fact))
    refusals.push(...batch.refusals)
  }
  return { facts, refusals }
}

const GOOD =
  '{"kind":"activity","id":"e1","at":"2026-03-01T10:00:00Z","lead":"ada","type":"page","properties":{"path":"/pricing"}}'

describe('facts', () => {
  test('each kind is read', async () => {
    const { facts, refusals } = await readLines(
      [
        GOOD,
        '{"kind":"attribute","id":"a1","at":"2026-03-01","receivedAt":"2026-03-02T00:00:00Z","lead":"ada","name":"size","value":12}',
        '',
        '{"kind":"account_attribute","id":"a2","at":"2026-03-01T00:00:00+01:00","account":"acme","name":"tags","value":["x"]}',
        '{"kind":"link","id":"l1","at":"2026-03-01","lead":"ada","account":null}',
        '{"kind":"decision","id":"d1","at":"2026-03-01","lead":"ada","decision":"win","amount":1200.5,"reason":"price","by":"kim"}',
        '{"kind":"decision","id":"d2","at":"2026-03-01","lead":"ada","decision":"override","override":{"category":"temperature","level":"hot","until":"2026-04-01"}}',
      ].join('\n'),
    )
    expect(refusals).toEqual([])
    const at = Date.UTC(2026, 2, 1)
    expect(facts).toEqual([
      { kind: 'activity', id: 'e1', at: at + 36_000_000, lead: 'ada', type: 'page', properties: { path: '/pricing' } },
      { kind: 'attribute', id: 'a1', at, receivedAt: at + 86_400_000, lead: 'ada', name: 'size', value: 12 },
      { kind: 'account_attribute', id: 'a2', at: at - 3_600_000, account: 'acme', name: 'tags', value: ['x'] },
      { kind: 'link', id: 'l1', at, lead: 'ada', account: null },
      { kind: 'decision', id: 'd1', at, lead: 'ada', decision: 'win', by: 'kim', reason: 'price', amount: 1200.5 },
      {
        kind: 'decision',
        id: 'd2',
        at,
        lead: 'ada',
        decision: 'override',
        override: { category: 'temperature', level: 'hot', until: Date.UTC(2026, 3, 1) },
      },
    ])
  })

  test.each([
    { name: 'not JSON', line: 'hello', code: 'json_malformed' },
    { name: 'two values', line: '{} {}', code: 'json_malformed' },
    { name: 'cut short', line: '{"kind":"activ', code: 'json_malformed' },
    { name: 'a list', line: '[]', code: 'fact_malformed', reason: 'JSON object' },
    {
      name: 'unknown kind',
      line: GOOD.replace('"activity"', '"activty"'),
      code: 'fact_malformed',
      place: 'kind',
      reason: 'did you mean `activity`',
    },
    {
      name: 'unknown key',
      line: GOOD.replace('"type"', '"typ"'),
      code: 'fact_malformed',
      place: 'typ',
      reason: 'did you mean `type`',
    },
    { name: 'no id', line: GOOD.replace('"id":"e1",', ''), code: 'fact_malformed', place: 'id', reason: 'missing' },
    { name: 'empty id', line: GOOD.replace('"e1"', '""'), code: 'fact_malformed', place: 'id' },
    {
      name: 'a number for an id',
      line: GOOD.replace('"e1"', '1'),
      code: 'fact_malformed',
      place: 'id',
      reason: 'must be text',
    },
    {
      name: 'no zone',
      line: GOOD.replace('10:00:00Z', '10:00:00'),
      code: 'fact_malformed',
      place: 'at',
      reason: 'offset',
    },
    { name: 'a day that does not exist', line: GOOD.replace('03-01', '02-30'), code: 'fact_malformed', place: 'at' },
    { name: 'a leap second', line: GOOD.replace('10:00:00', '23:59:60'), code: 'fact_malformed', place: 'at' },
    {
      name: 'a number for an instant',
      line: GOOD.replace('"2026-03-01T10:00:00Z"', '1'),
      code: 'fact_malformed',
      place: 'at',
    },
    {
      name: 'a nested value',
      line: '{"kind":"attribute","id":"a","at":"2026-03-01","lead":"x","name":"n","value":{}}',
      code: 'fact_malformed',
      place: 'value',
    },
    {
      name: 'a list of numbers',
      line: '{"kind":"attribute","id":"a","at":"2026-03-01","lead":"x","name":"n","value":[1]}',
      code: 'fact_malformed',
      place: 'value',
    },
    {
      name: 'no value',
      line: '{"kind":"attribute","id":"a","at":"2026-03-01","lead":"x","name":"n"}',
      code: 'fact_malformed',
      place: 'value',
    },
    {
      name: 'an override of nothing',
      line: '{"kind":"decision","id":"d","at":"2026-03-01","lead":"x","decision":"override"}',
      code: 'fact_malformed',
      place: 'override',
    },
    {
      name: 'duplicate key',
      line: GOOD.replace('"path":"/pricing"', '"path":1,"path":2'),
      code: 'json_key_duplicate',
      place: 'properties',
    },
    {
      name: 'escaped duplicate key',
      line: GOOD.replace('"path":"/pricing"', '"path":1,"p\\u0061th":2'),
      code: 'json_key_duplicate',
    },
    { name: '__proto__', line: GOOD.replace('"path"', '"__proto__"'), code: 'json_key_forbidden' },
    {
      name: 'escaped __proto__',
      line: GOOD.replace('"path"', String.raw`"\u005f_proto__"`),
      code: 'json_key_forbidden',
    },
    { name: 'constructor', line: GOOD.replace('"path"', '"constructor"'), code: 'json_key_forbidden' },
    { name: 'a key of 10 kB', line: GOOD.replace('path', 'k'.repeat(10_000)), code: 'json_key_too_long' },
    {
      name: 'half a surrogate pair',
      line: GOOD.replace('/pricing', String.raw`\ud83d`),
      code: 'text_malformed',
      place: 'properties.path',
    },
    { name: 'NUL', line: GOOD.replace('/pricing', String.raw`a\u0000b`), code: 'text_nul' },
    { name: '1e400', line: GOOD.replace('"/pricing"', '1e400'), code: 'json_number_unsafe' },
    { name: '9007199254740993', line: GOOD.replace('"/pricing"', '9007199254740993'), code: 'json_number_unsafe' },
    { name: 'NaN', line: GOOD.replace('"/pricing"', 'NaN'), code: 'json_malformed' },
    { name: 'a leading zero', line: GOOD.replace('"/pricing"', '007'), code: 'json_malformed' },
    { name: 'depth 33', line: GOOD.replace('"/pricing"', '['.repeat(31) + ']'.repeat(31)), code: 'json_too_deep' },
    { name: 'depth 100,000', line: '['.repeat(100_000), code: 'json_too_deep' },
    { name: 'more than 1 MiB', line: GOOD.replace('/pricing', 'x'.repeat(1024 * 1024)), code: 'line_too_long' },
    { name: 'more than 1 MiB in bytes', line: GOOD.replace('/pricing', 'é'.repeat(600 * 1024)), code: 'line_too_long' },
  ])('refused with line, code and reason, the next line read: $name', async ({ line, ...expected }) => {
    const { facts, refusals } = await readLines(`\n${line}\n${GOOD}\n`)
    expect(facts.map(({ id }) => id)).toEqual(['e1'])
    expect(refusals).toHaveLength(1)
    expect(refusals[0]).toMatchObject({
      line: 2,
      code: expected.code,
      ...('place' in expected ? { place: expected.place } : {}),
    })
    if ('reason' in expected) expect(refusals[0]!.reason).toContain(expected.reason)
    expect(refusals[0]!.row.length).toBeLessThan(70_000)
  })

  test('bytes that are not UTF-8 are refused, not guessed', async () => {
    const bad = Buffer.from(GOOD.replace('/pricing', 'caf\xe9'), 'latin1')
    const { facts, refusals } = await readLines(Buffer.concat([bad, Buffer.from(`\n${GOOD}\n`)]))
    expect(facts).toHaveLength(1)
    expect(refusals).toMatchObject([{ line: 1, code: 'text_malformed', place: 'properties.path' }])
  })

  test('depth 32, a long text and odd text are kept exactly', async () => {
    const text = 'e\u0301'.repeat(5000) + '\u202E😀'
    const line = GOOD.replace('"/pricing"', JSON.stringify(text)).replace(
      '"path"',
      '"deep":' + '['.repeat(30) + ']'.repeat(30) + ',"path"',
    )
    const { facts, refusals } = await readLines(line)
    expect(refusals).toEqual([])
    expect(facts[0]).toMatchObject({ properties: { path: text } })
  })
})

const json = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown)

test('what JSON.parse reads, the strict reader reads the same, blanks or not', () => {
  fc.assert(
    fc.property(json, fc.boolean(), (value, isSpaced) => {
      const text = JSON.stringify(value, null, isSpaced ? 2 : 0)
      const result = parseStrictJson(text)
      if (result.ok) expect(JSON.stringify(result.value)).toBe(JSON.stringify(JSON.parse(text)))
      else expect(['json_number_unsafe', 'text_nul', 'text_malformed', 'json_key_forbidden']).toContain(result.code)
    }),
    { numRuns: 2000 },
  )
})

test('what JSON.parse refuses, the strict reader refuses', () => {
  fc.assert(
    fc.property(
      json,
      fc.nat(),
      fc.constantFrom('', '"', ',', '}', '[', '\\', '-', '.', '0', 'e'),
      (value, at, char) => {
        const good = JSON.stringify(value)
        const cut = at % (good.length + 1)
        const text = good.slice(0, cut) + char + good.slice(cut + 1)
        const result = parseStrictJson(text)
        if (result.ok) expect(JSON.stringify(result.value)).toBe(JSON.stringify(JSON.parse(text))) // −0 is read as 0
      },
    ),
    { numRuns: 3000 },
  )
})

const name = fc.stringMatching(/^[a-zA-Zé ]{1,12}$/)
const key = name.filter((each) => !['constructor', 'prototype'].includes(each))
const at = fc.integer({ min: Date.UTC(1990, 0), max: Date.UTC(2090, 0) })
const base = fc
  .record({ id: name, at })
  .chain((common) => fc.option(at).map((receivedAt) => (receivedAt === null ? common : { ...common, receivedAt })))
const value = fc.oneof(name, fc.integer(), fc.boolean(), fc.constant(null), fc.array(name))
const anyFact: fc.Arbitrary<Fact> = fc.oneof(
  fc.tuple(base, name, fc.option(name)).map(([common, lead, account]): Fact => ({
    kind: 'link',
    ...common,
    lead: leadId(lead),
    account: account === null ? null : accountId(account),
  })),
  fc.tuple(base, name, name, value).map(([common, lead, key, known]): Fact => ({
    kind: 'attribute',
    ...common,
    lead: leadId(lead),
    name: key,
    value: known,
  })),
  fc.tuple(base, name, name, value).map(([common, account, key, known]): Fact => ({
    kind: 'account_attribute',
    ...common,
    account: accountId(account),
    name: key,
    value: known,
  })),
  fc.tuple(base, name, name, fc.dictionary(key, value)).map(([common, lead, type, properties]): Fact => ({
    kind: 'activity',
    ...common,
    lead: leadId(lead),
    type,
    properties: { ...properties },
  })),
  fc.tuple(base, name, at).map(([common, lead, until]): Fact => ({
    kind: 'decision',
    ...common,
    lead: leadId(lead),
    decision: 'override',
    override: { category: 'c', level: 'hot', until },
  })),
)

test('a written fact is read back, in pieces of any size', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyFact, { maxLength: 6 }), fc.integer({ min: 1, max: 50 }), async (facts, size) => {
      const read = await readLines(facts.map((fact) => `${writeFact(fact)}\n`).join(''), size)
      expect(read).toEqual({ facts, refusals: [] })
    }),
    { numRuns: 500 },
  )
})

describe('a JSON array', () => {
  const facts = [
    JSON.parse(GOOD) as unknown,
    {
      kind: 'activity',
      id: 'e2',
      at: '2026-03-01',
      lead: 'a',
      type: 'x',
      properties: { a: '},{ "\\ [', b: { c: [1] } },
    },
    { kind: 'attribute', id: 'e3', at: '2026-03-01', lead: 'a', name: 'tags', value: ['é', '}'] },
  ]
  const lines = facts.map((fact) => `${JSON.stringify(fact)}\n`).join('')

  test.each([undefined, 1, 2, '\t'])('is read like lines, however it is indented: %j', async (indent) => {
    const expected = await readLines(lines)
    expect(expected.facts).toHaveLength(3)
    const text = JSON.stringify(facts, null, indent)
    for (const size of [1, 2, 7, 64, 65_536]) expect(await readLines(text, size, true)).toEqual(expected)
    expect(await readLines(`\uFEFF\n${text}\n\n`, 5, true)).toEqual(expected)
  })

  test('items that are no facts are refused with their line, and the rest goes on', async () => {
    const text = `[\n  ${GOOD},\n  5,\n  {"a": \n1},\n  oops,\n [1, 2],\n  ${GOOD.replace('e1', 'e2')}\n]`
    const { facts, refusals } = await readLines(text, 3, true)
    expect(facts.map(({ id }) => id)).toEqual(['e1', 'e2'])
    expect(refusals.map(({ line, code }) => [line, code])).toEqual([
      [3, 'fact_malformed'],
      [4, 'fact_malformed'],
      [6, 'json_malformed'],
      [7, 'json_malformed'],
    ])
  })

  test('one that ends in the middle gives what is whole', async () => {
    const { facts, refusals } = await readLines(`[${GOOD},${GOOD.slice(0, 40)}`, 9, true)
    expect(facts).toHaveLength(1)
    expect(refusals.map(({ code }) => code)).toEqual(['json_malformed'])
  })

  test('an item longer than a line may be is refused', async () => {
    const { facts, refusals } = await readLines(`[{"a":"${'x'.repeat(1024 * 1024)}"},${GOOD}]`, 65_536, true)
    expect(facts).toHaveLength(1)
    expect(refusals.map(({ code }) => code)).toEqual(['line_too_long'])
  })

  test('an empty one is no fact', async () => {
    expect(await readLines('[]', 1, true)).toEqual({ facts: [], refusals: [] })
  })
})
