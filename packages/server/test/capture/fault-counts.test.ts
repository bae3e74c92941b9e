/** Whoever asks to have counts written waits for those that are on their way. */
import { expect, test } from 'vitest'
import { FaultCounts } from '../../src/capture/fault-counts.ts'
import type { CaptureStore, FaultCount } from '../../src/capture/store.ts'

const NOW = Date.UTC(2026, 2, 2)
const FAULT = { code: 'field_missing', message: 'an event has a name', hint: '', at: '' } as const

/** Writes when it is let, and fails when it is told to. */
function slowStore() {
  const written: FaultCount[] = []
  const waiting: ((error?: Error) => void)[] = []
  const addFaults = async (counts: readonly FaultCount[]) => {
    if (counts.length === 0) return
    const error = await new Promise<Error | undefined>((resolve) => waiting.push(resolve))
    if (error) throw error
    written.push(...counts)
  }
  return { store: { addFaults } as unknown as CaptureStore, written, waiting }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

test('a write that has begun is part of the next one', async () => {
  const { store, written, waiting } = slowStore()
  const counts = new FaultCounts(store)
  counts.add('source', [FAULT], NOW)
  let isWritten = false
  const asked = counts.write().then(() => (isWritten = true))
  await turn()
  expect([isWritten, waiting.length]).toEqual([false, 1])
  waiting[0]!()
  await asked
  expect(written).toMatchObject([{ sourceId: 'source', count: 1 }])
})

test('what could not be written is counted with the next', async () => {
  const { store, written, waiting } = slowStore()
  const counts = new FaultCounts(store)
  counts.add('source', [FAULT], NOW)
  await turn()
  counts.add('source', [FAULT], NOW)
  waiting[0]!(new Error('the database is away'))
  const asked = counts.write()
  await turn()
  waiting[1]!()
  await asked
  expect(written).toMatchObject([{ count: 2 }])
})
