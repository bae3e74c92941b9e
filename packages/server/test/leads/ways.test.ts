/** A list is the same whichever way it is come by: along a sorted index, or found first and sorted then. */
import fc from 'fast-check'
import { formatInstant } from '@winnow/engine'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listLeads, placeOf, type LeadFilter, type ListedRow, type Sorting } from '../../src/leads/lead-list.ts'
import { createTestDatabase, type TestDatabase } from '../database.ts'
import { DAY, T0 } from '../live/world.ts'

const LEADS = 300
let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  const { db } = database
  const at = (days: number) => formatInstant(T0 + days * DAY)
  for (let index = 0; index < LEADS; index++) {
    const id = crypto.randomUUID()
    const next = index % 3 === 0 ? at(index % 11) : null
    await db
      .insertInto('lead')
      .values({
        lead_id: id,
        circle_id: id,
        email: `p${index}@x.example`,
        name: index % 4 === 0 ? 'Mara Mill' : `Ada ${index}`,
        attributes: JSON.stringify({ job: index % 5 === 0 ? 'boss' : 'clerk', size: index % 50 }),
        attribute_times: '{}',
        first_touch: index % 6 === 0 ? JSON.stringify({ at: T0, source: 'fair' }) : null,
        created_at: at(-(index % 40)),
        stage: index % 10 === 0 ? null : ['lead', 'mql', 'sal'][index % 3]!,
        stage_since: index % 10 === 0 ? null : at(-(index % 13)),
        levels: JSON.stringify({ temperature: index % 8 === 0 ? 'hot' : 'cold' }),
        sla_due_at: index % 9 === 0 ? at(index % 4) : null,
        expected_value: index % 2 === 0 ? index % 17 : null,
        next_change_at: next,
        excluded_as: index % 60 === 59 ? 'test' : null,
      })
      .execute()
    await db.insertInto('circle').values({ circle_id: id, version: 1, state: null, due_at: next }).execute()
  }
})
afterAll(() => database.drop())

const WAYS = [
  { foundMax: 10_000, lookedAtMax: 0 },
  { foundMax: 5, lookedAtMax: 0 },
  { foundMax: 5, lookedAtMax: 40 },
  { foundMax: 10_000, lookedAtMax: 400 },
] as const

async function whole(filter: LeadFilter, sorting: Sorting, bounds: (typeof WAYS)[number], limit: number) {
  const seen: string[] = []
  for (let last: ListedRow | undefined, isFirst = true; isFirst || last !== undefined; isFirst = false) {
    const after = last && placeOf(last, sorting)
    const rows = await listLeads(database.db, filter, { sorting, after, limit }, bounds)
    seen.push(...rows.map(({ lead_id }) => lead_id))
    last = rows.length === limit ? rows.at(-1) : undefined
  }
  return seen
}

const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
const filters = fc
  .record({
    stages: optional(fc.subarray(['lead', 'mql', 'sal'], { minLength: 1 })),
    levels: optional(fc.constantFrom('hot', 'cold').map((level) => [{ category: 'temperature', anyOf: [level] }])),
    attributes: optional(
      fc.constantFrom(
        [{ name: 'job', operator: 'is', value: 'boss' } as const],
        [{ name: 'size', operator: 'at_least', value: '30' } as const],
        [{ name: 'size', operator: 'known', value: 'false' } as const],
      ),
    ),
    words: optional(fc.constantFrom(['mara'], ['ada', '1'], ['nobody'])),
    source: optional(fc.constantFrom('fair', 'nowhere')),
    excluded: fc.constantFrom('without' as const, 'only' as const, 'with' as const),
  })
  .map(
    (all) =>
      Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as unknown as LeadFilter,
  )
const sortings = fc.record({
  by: fc.constantFrom(
    'createdAt' as const,
    'stageSince' as const,
    'slaDueAt' as const,
    'nextChangeAt' as const,
    'expectedValue' as const,
  ),
  order: fc.constantFrom('asc' as const, 'desc' as const),
})

test('every way gives the same pages', async () => {
  await database.pool.query('analyze lead')
  await fc.assert(
    fc.asyncProperty(filters, sortings, fc.integer({ min: 3, max: 60 }), async (filter, sorting, limit) => {
      const [first, ...others] = await Promise.all(WAYS.map((way) => whole(filter, sorting, way, limit)))
      expect(new Set(first).size).toBe(first!.length)
      for (const other of others) expect(other).toEqual(first)
    }),
    {
      numRuns: 60,
      // Where some with a value are behind those that are looked at, and those without one would fill the page.
      examples: [
        [
          { levels: [{ category: 'temperature', anyOf: ['hot'] }], excluded: 'without' },
          { by: 'stageSince', order: 'asc' },
          3,
        ],
        [
          { levels: [{ category: 'temperature', anyOf: ['hot'] }], excluded: 'without' },
          { by: 'slaDueAt', order: 'desc' },
          4,
        ],
      ],
    },
  )
})
