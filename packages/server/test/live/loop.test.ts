/** What is done again and again. */
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Loop } from '../../src/live/loop.ts'

const log = pino({ level: 'silent' })
const NEVER_MS = 1_000_000

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const turns = async () => {
  for (let count = 0; count < 20; count++) await Promise.resolve()
}

test('it rests where there is nothing, and no longer than until it is woken', async () => {
  let rounds = 0
  const loop = new Loop(log, { name: 'test', run: async () => (rounds++ < 1 ? 1 : 0), restMs: NEVER_MS })
  loop.start()
  await turns()
  expect(rounds).toBe(2) // again at once after something, and then nothing
  loop.wake()
  await turns()
  expect(rounds).toBe(3)
  await vi.advanceTimersByTimeAsync(NEVER_MS)
  expect(rounds).toBe(4)
  await loop.stop()
})

test('woken while it looks, it looks again before it rests', async () => {
  let rounds = 0
  const looking = Promise.withResolvers<number>()
  const loop = new Loop(log, {
    name: 'test',
    run: () => (++rounds === 1 ? looking.promise : Promise.resolve(0)),
    restMs: NEVER_MS,
  })
  loop.start()
  loop.wake() // it may have looked past what has come
  looking.resolve(0)
  await turns()
  expect(rounds).toBe(2)
  await loop.stop()
})
