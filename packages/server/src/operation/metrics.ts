/** What an operator watches, in Prometheus' format. Nothing here names a lead. */
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'
import type pg from 'pg'
import type { Instant } from '@winnow/engine'
import type { BatchObserved } from '../live/batcher.ts'

export interface Metrics {
  readonly observeRequest: (route: string, status: number, ms: number) => void
  /** One transaction that took messages in. */
  readonly observeBatch: (batch: BatchObserved) => void
  readonly observeDue: (circles: number, ms: number) => void
  readonly text: () => Promise<string>
  readonly contentType: string
}

export interface MetricsSources {
  readonly pool: pg.Pool
  readonly depth: () => number
  readonly now: () => Instant
}

const SECONDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5]

export function createMetrics({ pool, depth, now }: MetricsSources): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const requests = new Histogram({
    name: 'winnow_request_seconds',
    help: 'Time from a request to the end of its reply',
    labelNames: ['route', 'status'],
    buckets: SECONDS,
    registers,
  })
  const messages = new Counter({ name: 'winnow_messages_total', help: 'Messages stored and assessed', registers })
  const batches = new Histogram({
    name: 'winnow_take_seconds',
    help: 'Time of a transaction that stores and assesses messages',
    buckets: SECONDS,
    registers,
  })
  const lag = new Gauge({
    name: 'winnow_take_lag_seconds',
    help: 'How long the oldest message of the latest transaction had waited',
    registers,
  })
  const due = new Counter({
    name: 'winnow_timers_total',
    help: 'Circles looked at because their time had come',
    registers,
  })
  const dueSeconds = new Histogram({
    name: 'winnow_timers_seconds',
    help: 'Time of a transaction that looks at circles that are due',
    buckets: SECONDS,
    registers,
  })
  registry.registerMetric(
    new Gauge({
      name: 'winnow_waiting_messages',
      help: 'Messages that wait for a transaction',
      registers: [],
      collect() {
        this.set(depth())
      },
    }),
  )
  registry.registerMetric(
    new Gauge({
      name: 'winnow_timers_lag_seconds',
      help: 'How late the oldest timer is that has not been looked at',
      registers: [],
      async collect() {
        this.set(await timersLag(pool, now()))
      },
    }),
  )
  registry.registerMetric(
    new Gauge({
      name: 'winnow_database_connections',
      help: 'Connections to the database',
      labelNames: ['state'],
      registers: [],
      collect() {
        this.set({ state: 'idle' }, pool.idleCount)
        this.set({ state: 'busy' }, pool.totalCount - pool.idleCount)
        this.set({ state: 'waiting' }, pool.waitingCount)
      },
    }),
  )
  return {
    observeRequest: (route, status, ms) => requests.observe({ route, status }, ms / 1000),
    observeBatch: ({ messages: count, ms, oldestMs }) => {
      messages.inc(count)
      batches.observe(ms / 1000)
      lag.set(oldestMs / 1000)
    },
    observeDue: (circles, ms) => {
      due.inc(circles)
      dueSeconds.observe(ms / 1000)
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  }
}

async function timersLag(pool: pg.Pool, now: Instant): Promise<number> {
  const { rows } = await pool.query<{ due_at: Instant | null }>('select min(due_at) as due_at from circle')
  const dueAt = rows[0]?.due_at ?? now
  return Math.max(0, now - dueAt) / 1000
}
