/** A running heart for tests: a database of its own, a clock that the test moves, definitions, messages. */
import type { Instant } from '@winnow/engine'
import { pino } from 'pino'
import { Batcher } from '../../src/live/batcher.ts'
import { publish } from '../../src/definitions/publish.ts'
import { assessDue, Restating } from '../../src/live/due.ts'
import type { Intake, LeadName, Saying, Taken } from '../../src/live/intake.ts'
import { Partitions } from '../../src/live/log.ts'
import { Plans } from '../../src/live/plans.ts'
import { takeBatch, type Taking } from '../../src/live/take.ts'
import { KeptOut } from '../../src/erasure/kept-out.ts'
import { createTestDatabase, type TestDatabase } from '../database.ts'

export const T0 = Date.parse('2026-03-02T09:00:00Z')
export const HOUR = 3_600_000
export const DAY = 24 * HOUR

type WithoutId<T> = T extends unknown ? Omit<T, 'id' | 'at'> & { at?: Instant } : never
export type Said = WithoutId<Saying>

export interface LeadNow {
  lead_id: string
  stage: string | null
  levels: Record<string, string> | null
  scores: Record<string, number> | null
  attributes: Record<string, unknown>
  merged_into: string | null
  version: number | null
  account_id: string | null
  next_change_at: number | null
  first_touch: unknown
}

export interface LedgerLine {
  at: Instant
  name: string
  from_value: string | null
  to_value: string
  cause: string
  version: number
}

export class World {
  now = T0
  readonly database: TestDatabase
  readonly taking: Taking
  readonly batcher: Batcher
  private count = 0

  constructor(database: TestDatabase) {
    this.database = database
    this.taking = {
      pool: database.pool,
      plans: new Plans(),
      partitions: new Partitions(),
      now: () => this.now,
      newId: () => crypto.randomUUID(),
      keptOut: new KeptOut(),
      log: pino({ level: 'silent' }),
    }
    this.batcher = new Batcher((messages) => takeBatch(this.taking, messages))
  }

  static async open(): Promise<World> {
    return new World(await createTestDatabase())
  }

  /** Publishes a definition at the clock, in place of the one that is live. */
  async publish(text: string): Promise<number> {
    const { pool } = this.database
    const live = await pool.query<{ version: number }>("select version from definition_version where status = 'live'")
    const { version } = await publish(this.taking, { text, replaces: live.rows[0]?.version ?? null, note: 'test' })
    return version
  }

  intake(names: readonly LeadName[], says: readonly Said[], more: Partial<Intake> = {}): Intake {
    const messageId = more.messageId ?? `m${++this.count}`
    return {
      messageId,
      digest: Buffer.from(JSON.stringify({ names, says })),
      receivedAt: this.now,
      names,
      says: says.map((saying, index) => ({ at: this.now, ...saying, id: `${messageId}/${index}` })),
      body: { names, says },
      ...more,
    }
  }

  async say(names: readonly LeadName[], ...says: readonly Said[]): Promise<Taken> {
    return (await this.batcher.take([this.intake(names, says)]))[0]!
  }

  /** Lets time pass and does what has come due. */
  async goTo(at: Instant): Promise<number> {
    this.now = at
    let count = 0
    for (let done = 1; done > 0; count += done) done = await assessDue(this.taking, 100)
    return count
  }

  async restate(): Promise<number> {
    const restating = new Restating(this.taking)
    let count = 0
    for (let done = 1; done > 0; count += done) done = await restating.some(100)
    return count
  }

  async lead(id: string): Promise<LeadNow> {
    const { rows } = await this.database.pool.query<LeadNow>('select * from lead where lead_id = $1', [id])
    return rows[0]!
  }

  async ledger(lead: string): Promise<LedgerLine[]> {
    const { rows } = await this.database.pool.query<LedgerLine>(
      `select at, name, from_value, to_value, cause, version from transition
       where lead_id = $1 and superseded_at is null order by at, version, place`,
      [lead],
    )
    return rows
  }
}

export const email = (value: string): LeadName => ({ kind: 'email', value })
export const user = (value: string): LeadName => ({ kind: 'user', value })
export const anonymous = (value: string): LeadName => ({ kind: 'anonymous', value })

/** Small enough to work out by hand: a demo is 60 points that halve each week; 40 are hot, 20 warm. */
export const SMALL = `
winnow: 1
name: small
attributes:
  job: { type: choice, of: [boss, clerk] }
  budget: { type: number, answers: budget, question: What budget? }
activities:
  demo_requested: { from: demo }
  pricing_viewed: { from: page, where: { path: { starts_with: /pricing } } }
scores:
  fit:
    range: [0, 100]
    groups:
      person: { criteria: [ { id: boss, when: { attribute: job, is: boss }, points: 50 } ] }
  engagement:
    range: [0, 100]
    groups:
      intent:
        criteria:
          - { id: demo, each: demo_requested, points: 60, decay: { half_life: 7d } }
          - { id: pricing, each: pricing_viewed, points: 10, decay: { half_life: 7d } }
categories:
  temperature:
    levels:
      - hot: { when: { score: engagement, at_least: 40 } }
      - warm: { when: { score: engagement, at_least: 20 } }
      - cold: {}
stages:
  - { id: lead }
  - { id: mql, label: MQL, owner: marketing, enter: { category: temperature, is: hot } }
  - { id: sal, label: SAL, owner: sales, by: accept, sla: 4h }
  - { id: customer, by: win }
`
