/** What people of a website do, as messages of the tracking specification. */
import { FLAGS, NUMBERS, PATHS, TEXTS, TYPES } from '../bulk/data.ts'
import { Random } from '../random.ts'
import type { Request } from '../server/http.ts'

const DAY_MS = 86_400_000
const HISTORY_DAYS = 120

export type Message = Readonly<Record<string, unknown>>

export class Events {
  private readonly random: Random
  private readonly leads: number
  private count = 0

  constructor(seed: number, leads: number) {
    this.random = new Random(seed)
    this.leads = leads
  }

  /** Somebody who is known does something now; one time in twenty something is learned about them. */
  now(): Message {
    const [lead, at] = [this.someone(), Date.now()]
    return this.random.chance(0.05) ? this.learned(lead, at) : this.done(lead, at)
  }

  someone(): number {
    return this.random.below(this.leads)
  }

  /** One lead after the other: what is known of them, then what they did in the last months. */
  *history(activities: number): Generator<Message> {
    const until = Date.now()
    for (let lead = 0; lead < this.leads; lead++) {
      const times = Float64Array.from(
        { length: activities },
        () => until - this.random.below(HISTORY_DAYS * DAY_MS),
      ).sort()
      yield this.all(lead, times[0]!)
      for (const at of times) yield this.done(lead, at)
    }
  }

  /** A change of one attribute. */
  learned(lead: number, at: number): Message {
    const name = this.random.pick(Object.keys(TEXTS) as (keyof typeof TEXTS)[])
    return { ...this.head('identify', lead, at), traits: { [name]: this.random.pick<string>(TEXTS[name]) } }
  }

  private all(lead: number, at: number): Message {
    const traits = Object.fromEntries([
      ...Object.entries(TEXTS).map(([name, values]) => [name, this.random.pick<string>(values)]),
      ...Object.entries(NUMBERS).map(([name, below]) => [name, this.random.below(below)]),
      ...FLAGS.map((name) => [name, this.random.chance(0.1)]),
    ]) as Message
    return {
      ...this.head('identify', lead, at),
      traits: { ...traits, email: `lead${lead}@company${lead % 5000}.example` },
    }
  }

  private done(lead: number, at: number): Message {
    const type = TYPES[this.random.early(TYPES.length)]!
    if (type === 'page') {
      const path = PATHS[this.random.early(PATHS.length)]!
      return { ...this.head('page', lead, at), properties: { path, title: path.slice(1) } }
    }
    return { ...this.head('track', lead, at), event: type, properties: { minutes: this.random.below(60) } }
  }

  private head(type: string, lead: number, at: number): Message {
    const messageId = `${(++this.count).toString(36)}-${this.random.below(2 ** 32).toString(36)}-${at.toString(36)}`
    return { type, messageId, userId: `u${lead}`, timestamp: new Date(at).toISOString() }
  }
}

export const single = (message: Message): Request => ({
  path: `/v1/${String(message['type'])}`,
  body: JSON.stringify(message),
})

export const batch = (messages: readonly Message[]): Request => ({
  path: '/v1/batch',
  body: JSON.stringify({ batch: messages }),
})

export function* batches(messages: Iterable<Message>, size: number): Generator<Request> {
  let open: Message[] = []
  for (const message of messages) {
    if (open.push(message) < size) continue
    yield batch(open)
    open = []
  }
  if (open.length > 0) yield batch(open)
}
