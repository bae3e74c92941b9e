import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestServer, type TestServer } from '../server.ts'
import { fuzz, FUZZ_SETTINGS, ROUTE_COUNT } from './fuzzing/fuzz.ts'

const REQUESTS = Number(process.env['WINNOW_REQUESTS'] ?? 1_200)
const SEED = Number(process.env['SEED'] ?? 1)
const AT = Date.parse('2026-03-02T09:00:00Z')

let server: TestServer
beforeAll(async () => {
  // A clock that stands still: nothing comes due by itself.
  server = await openTestServer({ settings: FUZZ_SETTINGS, now: () => AT })
})
afterAll(() => server.close())

test(`wrong requests over every route are refused and change nothing (seed ${SEED})`, async () => {
  const { failures, statuses, routes } = await fuzz(server, { seed: SEED, requests: REQUESTS })
  expect(failures).toEqual([])
  expect(routes).toBe(ROUTE_COUNT)
  // It would prove little if all were refused at the door.
  for (const status of [200, 400, 401, 404, 415, 422]) expect(statuses[status] ?? 0).toBeGreaterThan(0)
}, 300_000)
