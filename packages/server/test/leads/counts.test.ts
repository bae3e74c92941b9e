import { formatInstant } from '@winnow/engine'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { countLeads } from '../../src/leads/lead-counts.ts'
import { sampleLeads } from '../../src/leads/sample.ts'
import { createTestDatabase, type TestDatabase } from '../database.ts'
import { DAY, T0 } from '../live/world.ts'
import { Caller } from './calling.ts'

const LEADS = 600
let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  for (let index = 0; index < LEADS; index++) {
    const id = crypto.randomUUID()
    await database.db
      .insertInto('lead')
      .values({
        lead_id: id,
        circle_id: id,
        attributes: JSON.stringify({ job: index % 5 === 0 ? 'boss' : 'clerk' }),
        attribute_times: '{}',
        created_at: formatInstant(T0 - (index % 40) * DAY),
        stage: ['lead', 'mql', 'sal'][index % 3]!,
        levels: JSON.stringify({ temperature: index % 4 === 0 ? 'hot' : 'cold', grade: index % 2 === 0 ? 'A' : 'B' }),
        excluded_as: index % 60 === 59 ? 'test' : null,
      })
      .execute()
  }
})
afterAll(() => database.drop())

test('every stage and level of those that fit is counted', async () => {
  expect(await countLeads(database.db, { excluded: 'without' })).toEqual({
    total: 590,
    isEstimate: false,
    stages: { lead: 200, mql: 200, sal: 190 },
    levels: { temperature: { hot: 150, cold: 440 }, grade: { A: 300, B: 290 } },
  })
  const bosses = { name: 'job', operator: 'is', value: 'boss' } as const
  expect(await countLeads(database.db, { excluded: 'with', stages: ['mql'], attributes: [bosses] })).toMatchObject({
    total: 40,
    stages: { mql: 40 },
  })
  expect(await countLeads(database.db, { excluded: 'only', stages: ['mql'] })).toMatchObject({ total: 0, levels: {} })
})

test('of more than a bound a part is counted, and the answer says so', async () => {
  const counts = await countLeads(database.db, { excluded: 'without' }, 100)
  expect(counts.isEstimate).toBe(true)
  expect(counts.total).toBeGreaterThan(100)
  const { hot = 0, cold = 0 } = counts.levels['temperature']!
  expect(Math.abs(hot + cold - counts.total)).toBeLessThan(3)
})

test('a sample is of the size asked for, without doubles or excluded, and the same for the same seed', async () => {
  const { db } = database
  const one = await sampleLeads(db, { size: 100, seed: '1' })
  expect(one.total).toBe(590)
  expect(new Set(one.leads).size).toBe(100)
  expect(await sampleLeads(db, { size: 100, seed: '1' })).toEqual(one)
  const other = await sampleLeads(db, { size: 100, seed: '2' })
  expect(other.leads).not.toEqual(one.leads)
  expect((await sampleLeads(db, { size: 5_000, seed: '1' })).leads).toHaveLength(590)
  const { rows } = await database.pool.query('select from lead where excluded_as is not null and lead_id = any($1)', [
    one.leads,
  ])
  expect(rows).toEqual([])
})

test('through the API, with the filters of the list', async () => {
  const api = await Caller.open()
  await api.post('/api/leads', { attributes: { email: 'ada@x.example', job: 'boss' } })
  expect(await api.get('/api/leads/counts?attribute=job:is:boss')).toMatchObject({ total: 1, isEstimate: false })
  expect(await api.get('/api/leads/counts?attribute=job:is:clerk')).toMatchObject({ total: 0 })
  expect((await api.call('GET', '/api/leads/counts?sort=createdAt')).status).toBe(422)
  await api.close()
})
