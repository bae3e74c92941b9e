/**
 * The cases as they lie in `cases/`, ready for any runner: engine, browser, command line, HTTP. It reads no file itself;
 * whoever runs it says how JSON is read.
 */
import {
  accountId,
  leadId,
  parseInstant,
  type DecisionFact,
  type Fact,
  type FactValue,
  type LeadId,
} from '@winnow/engine'

/** One file in `cases/` for each; a test keeps this list and the folder equal. */
export const AREAS = [
  'logic',
  'attributes',
  'activities',
  'criteria',
  'decay',
  'scores',
  'personas',
  'categories',
  'stages',
  'accounts',
  'order',
  'time',
  'value',
] as const

export interface ExpectedTransition {
  readonly at: string
  readonly name: string
  /** `null` at the first settling, and for a breached service level. */
  readonly from: string | null
  readonly to: string
}

/** What must come out. What is silent is not looked at. */
export interface Expected {
  readonly scores?: Readonly<Record<string, number>>
  /** Points by criterion. */
  readonly points?: Readonly<Record<string, number>>
  readonly levels?: Readonly<Record<string, string>>
  readonly stage?: string
  readonly personas?: readonly string[]
  /** All of this lead up to `asOf`, in their order. */
  readonly transitions?: readonly ExpectedTransition[]
  /** The first instant after `asOf` at which a level or stage changes by time alone, or a service level is breached. */
  readonly nextChange?: string | null
  /** Money; `null` where the definition says nothing of this lead's. */
  readonly value?: ExpectedWorth | null
}

export interface ExpectedWorth {
  readonly probability: number
  readonly amount: number
  readonly expected: number
}

export interface ConformanceCase {
  readonly area: string
  readonly name: string
  readonly definition: unknown
  /** As given, in the order given, which is not always the order of time. */
  readonly facts: readonly Fact[]
  readonly lead: LeadId
  readonly asOf: number
  readonly expect: Expected
}

/** Facts as the fact log writes them (docs/facts.md): the same fields, instants as text. */
export type LoggedFact = Readonly<Record<string, unknown>> & { readonly kind: Fact['kind']; readonly at: string }

interface WrittenCase {
  readonly name: string
  readonly definition: { readonly $ref?: string }
  readonly facts: readonly LoggedFact[]
  readonly lead: string
  readonly asOf: string
  readonly expect: Expected
}

/**
 * @param readJson  JSON at a path relative to this folder, such as `cases/decay.json`
 */
export function loadCases(readJson: (path: string) => unknown, areas: readonly string[] = AREAS): ConformanceCase[] {
  return areas.flatMap((area) =>
    (readJson(`cases/${area}.json`) as readonly WrittenCase[]).map((written) => ({
      area,
      name: written.name,
      definition: written.definition.$ref === undefined ? written.definition : readJson(written.definition.$ref),
      facts: written.facts.map(readLoggedFact),
      lead: leadId(written.lead),
      asOf: parseInstant(written.asOf),
      expect: written.expect,
    })),
  )
}

/** A fact of a case; unlike the door for strangers' files it trusts what it reads. */
export function readLoggedFact(logged: LoggedFact): Fact {
  const base = { id: logged['id'] as string, at: parseInstant(logged.at) }
  const lead = leadId(logged['lead'] as string)
  switch (logged.kind) {
    case 'link': {
      const account = logged['account'] as string | null
      return { kind: 'link', ...base, lead, account: account === null ? null : accountId(account) }
    }
    case 'attribute':
      return { kind: 'attribute', ...base, lead, ...namedValue(logged) }
    case 'account_attribute':
      return {
        kind: 'account_attribute',
        ...base,
        account: accountId(logged['account'] as string),
        ...namedValue(logged),
      }
    case 'activity':
      return {
        kind: 'activity',
        ...base,
        lead,
        type: logged['type'] as string,
        properties: logged['properties'] as Record<string, unknown>,
      }
    case 'decision':
      return { kind: 'decision', ...base, lead, ...decided(logged) }
  }
}

const namedValue = (logged: LoggedFact) => ({ name: logged['name'] as string, value: logged['value'] as FactValue })

type Override =
  | { readonly category: string; readonly level: string; readonly until?: string }
  | { readonly stage: string }

function decided(logged: LoggedFact): Pick<DecisionFact, 'decision' | 'override'> {
  const decision = logged['decision'] as DecisionFact['decision']
  const override = logged['override'] as Override | undefined
  if (override === undefined) return { decision }
  if ('stage' in override) return { decision, override }
  const { until, ...forced } = override
  return { decision, override: until === undefined ? forced : { ...forced, until: parseInstant(until) } }
}
