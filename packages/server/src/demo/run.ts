/** Loading the demo company as a job: by one server at a time, and begun again by another if that one dies. */
import { setTimeout as sleep } from 'node:timers/promises'
import { Loop } from '../live/loop.ts'
import type { Taking } from '../live/take.ts'
import { loadDemo, type Loading } from './load.ts'
import { claimDemo, endDemo, isAnyOutdated } from './store.ts'

export interface DemoLoading {
  readonly start: () => void
  /** One is wanted: nobody need find it. */
  readonly wake: () => void
  /** Settled when none runs; one that was running waits for another server, or for the next start. */
  readonly stop: () => Promise<void>
}

const LOOK_MS = 1000
const WAIT_MS = 200

export function createDemoLoading(taking: Taking): DemoLoading {
  const controller = new AbortController()
  const { signal } = controller
  const loop = new Loop(taking.log, {
    name: 'demo',
    run: async () => ((await runDemo(taking, { signal })) === undefined ? 0 : 1),
    restMs: LOOK_MS,
  })
  return {
    start: () => loop.start(),
    wake: loop.wake,
    stop: () => {
      controller.abort()
      return loop.stop()
    },
  }
}

/** Loads the demo that is wanted. @returns how it ended; undefined where none is wanted */
export async function runDemo(
  taking: Taking,
  loading: Loading,
): Promise<'loaded' | 'cancelled' | 'waiting' | 'failed' | undefined> {
  const row = await claimDemo(taking.pool, taking.now())
  if (row === undefined) return undefined
  const end = await settle(taking, row, loading)
  await endDemo(taking.pool, end, taking.now())
  return end
}

async function settle(
  taking: Taking,
  row: NonNullable<Awaited<ReturnType<typeof claimDemo>>>,
  loading: Loading,
): Promise<'loaded' | 'cancelled' | 'waiting' | 'failed'> {
  const { signal } = loading
  try {
    const isWhole = await loadDemo(taking, row, loading)
    // Leads of whom nothing more was heard wait for version 2 with everybody else that restating comes to.
    if (!isWhole) return signal.aborted ? 'waiting' : 'cancelled'
    while (!signal.aborted && (await isAnyOutdated(taking.pool))) await sleep(WAIT_MS)
    return 'loaded'
  } catch (error) {
    taking.log.error({ err: error }, 'the demo company could not be loaded')
    return 'failed'
  }
}
