/** Facts as they come about in a story, and as they are written to a file. */
import {
  accountId,
  compareFacts,
  formatInstant,
  leadId,
  type DecisionName,
  type Fact,
  type FactValue,
  type Instant,
} from '@winnow/engine'

export const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS

/** What can be known of somebody; what nobody knows is left out. */
export type Values = Readonly<Record<string, FactValue | undefined>>

/** Collects facts; ids count up, so that they are the same in every run. */
export class Log {
  readonly facts: Fact[] = []
  private readonly prefix: string
  private count = 0

  constructor(prefix: string) {
    this.prefix = prefix
  }

  private id(): string {
    this.count += 1
    return `${this.prefix}.${String(this.count).padStart(3, '0')}`
  }

  link(at: Instant, lead: string, account: string): void {
    this.facts.push({ id: this.id(), at, kind: 'link', lead: leadId(lead), account: accountId(account) })
  }

  attributes(at: Instant, lead: string, values: Values): void {
    for (const [name, value] of Object.entries(values)) {
      if (value !== undefined)
        this.facts.push({ id: this.id(), at, kind: 'attribute', lead: leadId(lead), name, value })
    }
  }

  accountAttributes(at: Instant, account: string, values: Values): void {
    for (const [name, value] of Object.entries(values)) {
      if (value === undefined) continue
      this.facts.push({ id: this.id(), at, kind: 'account_attribute', account: accountId(account), name, value })
    }
  }

  activity(
    at: Instant,
    lead: string,
    type: string,
    properties: Readonly<Record<string, string | number | boolean>> = {},
  ): void {
    this.facts.push({ id: this.id(), at, kind: 'activity', lead: leadId(lead), type, properties })
  }

  decision(
    at: Instant,
    lead: string,
    decision: DecisionName,
    more: { by: string; reason?: string; amount?: number },
  ): void {
    this.facts.push({ id: this.id(), at, kind: 'decision', lead: leadId(lead), decision, ...more })
  }
}

/** One fact a line, in the order of time. */
export function toJsonLines(facts: readonly Fact[]): string {
  const lines = [...facts].sort(compareFacts).map((fact) => {
    const { id, at, ...rest } = fact
    return JSON.stringify({ id, at: formatInstant(at).replace('.000Z', 'Z'), ...rest })
  })
  return `${lines.join('\n')}\n`
}

/** An instant during the working hours of a day, to the second. Weekends move to Monday. */
export function workingTime(day: Instant, chance: { between(low: number, high: number): number }): Instant {
  const midnight = Math.floor(day / DAY_MS) * DAY_MS
  const weekday = (Math.floor(midnight / DAY_MS) + 4) % 7 // 1 January 1970 was a Thursday
  const moved = weekday === 6 ? 2 : weekday === 0 ? 1 : 0
  return midnight + moved * DAY_MS + 7 * HOUR_MS + chance.between(0, 10 * 3600) * 1000
}

/** The day of an instant, as a date attribute holds it. */
export const dateOf = (instant: Instant): string => formatInstant(instant).slice(0, 10)
