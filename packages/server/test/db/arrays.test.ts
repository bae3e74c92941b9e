/** What is sent in binary arrives as what it was. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { binaries, instants, jsons, numbers, texts, truths, uuids, wholes } from '../../src/db/arrays.ts'
import { createTestDatabase, type TestDatabase } from '../database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase('template0')
})
afterAll(() => database.drop())

async function sent(type: string, array: Buffer): Promise<unknown[]> {
  const { rows } = await database.pool.query<{ value: unknown }>(`select value from unnest($1::${type}[]) as value`, [
    array,
  ])
  return rows.map(({ value }) => value)
}

const IDS = ['00000000-0000-0000-0000-000000000000', 'ffffffff-0123-4567-89ab-cdefabcdef98', crypto.randomUUID()]

test.each([
  { type: 'uuid', array: uuids, values: [...IDS, null] },
  { type: 'text', array: texts, values: ['', 'a', null, 'José 🙂 \\ "{,}"', 'x'.repeat(300_000), '漢字'] },
  { type: 'jsonb', array: jsons, values: ['{"a": [1, "\\"é🙂"]}', null, 'null', '"x"'] },
  {
    type: 'bytea',
    array: binaries,
    values: [Buffer.from([]), null, Buffer.from([0, 255, 10]), Buffer.alloc(300_000, 7)],
  },
  { type: 'integer', array: wholes, values: [0, -1, null, 2 ** 31 - 1, -(2 ** 31)] },
  { type: 'double precision', array: numbers, values: [0, -0.5, null, 1e300, 5e-324] },
  { type: 'boolean', array: truths, values: [true, false, null] },
  {
    type: 'timestamptz',
    array: instants,
    values: [0, -1, 946_684_799_999, 946_684_800_000, 1_795_000_000_123, null, 9_000_000_000_000_000 / 1000],
  },
])('$type', async ({ type, array, values }) => {
  const found = await sent(type, (array as (all: readonly unknown[]) => Buffer)(values))
  const read = type === 'jsonb' ? values.map((text) => (text === null ? null : JSON.parse(text as string))) : values
  expect(found).toEqual(read)
})

test('instants at both ends of time, and beyond what microseconds are counted to', async () => {
  const far = [Date.UTC(270_000, 0, 1), Date.UTC(-3000, 0, 1)]
  const { rows } = await database.pool.query<{ text: string }>(
    "select (value at time zone 'UTC')::text as text from unnest($1::timestamptz[]) as value",
    [instants([Infinity, -Infinity, ...far])],
  )
  expect(rows.map(({ text }) => text)).toEqual([
    'infinity',
    '-infinity',
    '270000-01-01 00:00:00',
    '3001-01-01 00:00:00 BC',
  ])
})

test('what is no instant is not sent', () => {
  expect(() => instants([NaN])).toThrow('an instant is no number')
})

test('an empty array is empty', async () => {
  expect(await sent('uuid', uuids([]))).toEqual([])
})

test.each(['', 'x', IDS[0]!.replaceAll('-', ''), `${IDS[0]!}0`, IDS[1]!.replace('f', 'g'), 'é'.repeat(36)])(
  'what is no id is not sent: %j',
  (id) => {
    expect(() => uuids([id])).toThrow('an id is no UUID')
  },
)
