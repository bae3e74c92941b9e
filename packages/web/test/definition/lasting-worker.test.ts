import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startEngine, type EngineWorker } from '../../src/features/definition/editor/lasting-worker.ts'
import { READY, type Answered, type Asked } from '../../src/features/definition/editor/protocol.ts'

/** A worker that does what the test says. */
class Acting implements EngineWorker {
  readonly asked: Asked[] = []
  isTerminated = false
  private readonly events = new EventTarget()
  addEventListener: EngineWorker['addEventListener'] = (type: string, listener: unknown) =>
    this.events.addEventListener(type, listener as EventListener)
  postMessage = (message: Asked) => void this.asked.push(message)
  terminate = () => void (this.isTerminated = true)
  say(data: Answered) {
    this.events.dispatchEvent(Object.assign(new Event('message'), { data }))
  }
  fail(type: 'error' | 'messageerror' = 'error') {
    this.events.dispatchEvent(new Event(type))
  }
}

let workers: Acting[]
const giveUp = vi.fn<() => void>()
const start = () =>
  startEngine({
    make: () => {
      workers.push(new Acting())
      return workers.at(-1)!
    },
    giveUp,
  })
const check = (text: string) => ({ ask: 'check', text, live: undefined }) as const
const SAMPLE = { ask: 'sample', live: undefined, sample: { asOf: '', total: 0, leads: [], facts: [] } } as const

beforeEach(() => {
  vi.useFakeTimers()
  workers = []
  giveUp.mockReset()
})
afterEach(() => vi.useRealTimers())

test.each(['error', 'messageerror'] as const)('after an %s it begins anew and is asked again', async (type) => {
  const engine = start()
  const answer = engine.ask<'check'>(check('a'))
  workers[0]!.fail(type)
  expect(workers[0]!.isTerminated).toBe(true)
  await vi.advanceTimersByTimeAsync(300)
  const [{ id }] = workers[1]!.asked as [Asked]
  workers[1]!.say({ id, answer: 'checked' })
  expect(await answer).toBe('checked')
  workers[0]!.fail(type) // what has ended says no more
  await vi.advanceTimersByTimeAsync(60_000)
  expect(workers).toHaveLength(2)
})

test('one that says nothing at all is not waited for, one that is there is', async () => {
  start()
  await vi.advanceTimersByTimeAsync(30_300)
  expect(workers).toHaveLength(2)
  workers[1]!.say({ id: READY })
  await vi.advanceTimersByTimeAsync(600_000)
  expect(workers).toHaveLength(2)
})

test('a new one knows the sample that the one before had', async () => {
  const engine = start()
  const sampled = engine.ask<'sample'>(SAMPLE)
  workers[0]!.say({ id: workers[0]!.asked[0]!.id, answer: null })
  await sampled
  void engine.ask<'check'>(check('a')).catch(() => {})
  workers[0]!.fail()
  await vi.advanceTimersByTimeAsync(300)
  expect(workers[1]!.asked.map(({ ask }) => ask)).toEqual(['sample', 'check'])
  engine.close()
})

test('what was asked and not answered yet is asked once', async () => {
  const engine = start()
  void engine.ask<'sample'>(SAMPLE).catch(() => {})
  workers[0]!.fail()
  await vi.advanceTimersByTimeAsync(300)
  expect(workers[1]!.asked.map(({ ask }) => ask)).toEqual(['sample'])
  engine.close()
})

test('it is given up after the fourth, and whoever waits hears of it', async () => {
  const engine = start()
  const answer = engine.ask<'check'>(check('a')).catch((error: Error) => error.message)
  for (let count = 1; count <= 4; count++) {
    expect(giveUp).not.toHaveBeenCalled()
    expect(workers).toHaveLength(count)
    workers.at(-1)!.fail()
    await vi.advanceTimersByTimeAsync(5_000)
  }
  expect(workers).toHaveLength(4)
  expect(giveUp).toHaveBeenCalledOnce()
  expect(await answer).toBe('the engine has ended')
  await expect(engine.ask<'check'>(check('b'))).rejects.toThrow('the engine has ended')
})

test('closed, it begins no more', async () => {
  const engine = start()
  workers[0]!.fail()
  engine.close()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(workers).toHaveLength(1)
  expect(giveUp).not.toHaveBeenCalled()
})
