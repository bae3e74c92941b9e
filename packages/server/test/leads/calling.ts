/** A server whose clock the test moves, and somebody who may do everything to call it. */
import type { Instant } from '@winnow/engine'
import { assessDue, Restating } from '../../src/live/due.ts'
import { Partitions } from '../../src/live/log.ts'
import { Plans } from '../../src/live/plans.ts'
import type { Taking } from '../../src/live/take.ts'
import { writeMode } from '../../src/proposals/mode.ts'
import { pino } from 'pino'
import { T0 } from '../live/world.ts'
import { KeptOut } from '../../src/erasure/kept-out.ts'
import { openTestServer, signedInAs, type Headers, type TestServer } from '../server.ts'

interface Answer {
  readonly status: number
  // oxlint-disable-next-line typescript/no-explicit-any -- what a client sees: JSON
  readonly body: any
}

export class Caller {
  now = T0
  readonly server: TestServer
  readonly taking: Taking
  headers: Headers = {}

  private constructor(server: TestServer) {
    this.server = server
    this.taking = {
      pool: server.database.pool,
      plans: new Plans(),
      partitions: new Partitions(),
      now: () => this.now,
      newId: () => crypto.randomUUID(),
      keptOut: new KeptOut(),
      log: pino({ level: 'silent' }),
    }
  }

  static async open(settings: Readonly<Record<string, string>> = {}): Promise<Caller> {
    const clock = { now: (): Instant => T0 }
    const server = await openTestServer({
      now: () => clock.now(),
      settings: { WINNOW_RATE_READ: '100000/s', WINNOW_RATE_WRITE: '100000/s', ...settings },
    })
    const caller = new Caller(server)
    caller.headers = await signedInAs(server, 'admin')
    // What is signed has tests of its own; in the others one person publishes.
    await writeMode(server.database.pool, 'one_person')
    clock.now = () => caller.now
    return caller
  }

  async call(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    url: string,
    payload?: object,
    more: Headers = {},
  ): Promise<Answer> {
    const reply = await this.server.app.inject({
      method,
      url,
      headers: { ...this.headers, ...more },
      ...(payload !== undefined && { payload }),
    })
    return { status: reply.statusCode, body: reply.body === '' ? undefined : reply.json() }
  }

  /** The body of a call that has to succeed. */
  async get(url: string) {
    return this.done(await this.call('GET', url))
  }

  async post(url: string, payload: object) {
    return this.done(await this.call('POST', url, payload))
  }

  async patch(url: string, payload: object) {
    return this.done(await this.call('PATCH', url, payload))
  }

  private done({ status, body }: Answer) {
    if (status >= 400) throw new Error(`${status}: ${JSON.stringify(body)}`)
    return body
  }

  async publish(text: string): Promise<number> {
    const { items } = await this.get('/api/definitions/versions')
    const draft = await this.post('/api/definitions/drafts', { name: 'draft', text })
    const { version } = await this.post(`/api/definitions/drafts/${draft.id}/publish`, {
      revision: 1,
      replaces: items[0]?.version ?? null,
      note: 'test',
    })
    return version
  }

  /** Brings everybody to the live version and to the clock, as the loops of the server do. */
  async settle(): Promise<void> {
    const restating = new Restating(this.taking)
    for (let done = 1; done > 0;) done = await restating.some(100)
    for (let done = 1; done > 0;) done = await assessDue(this.taking, 100)
  }

  close(): Promise<void> {
    return this.server.close()
  }
}
