import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openProgress } from '../src/progress.ts'

beforeEach(() => vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => vi.useRealTimers())

/** A terminal that keeps what is written to it. */
function terminal(isTTY: boolean) {
  const written: string[] = []
  const stream = { isTTY, write: (text: string) => written.push(text) } as unknown as NodeJS.WriteStream
  return { written, progress: openProgress(stream) }
}

test('nothing is shown in the first second, then a bar with the time left, then nothing again', () => {
  const { written, progress } = terminal(true)
  progress.update(0.1, 'reading')
  vi.advanceTimersByTime(900)
  progress.update(0.2, 'reading')
  expect(written).toEqual([])
  vi.advanceTimersByTime(200)
  progress.update(0.25, 'reading · 5 rows')
  expect(written).toEqual(['\r\u001B[2K██████░░░░░░░░░░░░░░░░░░  25 % reading · 5 rows · 4 s left'])
  progress.end()
  expect(written.at(-1)).toBe('\r\u001B[2K')
})

test('it is not drawn more often than eyes can follow', () => {
  const { written, progress } = terminal(true)
  vi.advanceTimersByTime(2000)
  for (let at = 0; at < 100; at++) {
    progress.update(at / 100, 'reading')
    vi.advanceTimersByTime(10)
  }
  expect(written.length).toBeLessThanOrEqual(11)
})

test('where the size is not known there is no share', () => {
  const { written, progress } = terminal(true)
  vi.advanceTimersByTime(2000)
  progress.update(undefined, 'reading · 5 rows')
  expect(written).toEqual(['\r\u001B[2K… reading · 5 rows'])
})

test('where nobody is looking nothing is written', () => {
  const { written, progress } = terminal(false)
  vi.advanceTimersByTime(5000)
  progress.update(0.5, 'reading')
  progress.end()
  expect(written).toEqual([])
})
