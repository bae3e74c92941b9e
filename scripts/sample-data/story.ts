/**
 * A made-up company's year: visitors do things, and its salespeople decide about those whom the definition hands over.
 * The decisions follow what the engine says happened, so that the data and the definition tell one story.
 */
import { compileDefinition, replay, type Definition, type Fact, type Instant, type Plan } from '@winnow/engine'
import { Log, type Values } from './log.ts'
import { Chance } from './random.ts'

export interface Person {
  readonly lead: string
  readonly firstName: string
  readonly lastName: string
  readonly createdAt: Instant
  /** What the CRM knows on the day of the export, besides what people found out in talks. */
  readonly values: Values
}

export interface Company {
  readonly name: string
  /** Its account; absent where a person comes alone. */
  readonly domain?: string
  readonly values: Values
  readonly people: readonly Person[]
}

export interface Story {
  readonly seed: string
  readonly asOf: Instant
  readonly companies: (chance: Chance) => readonly Company[]
  /** What the people of a company do, without knowing what anybody decides. */
  readonly activities: (company: Company, log: Log, chance: Chance) => void
  /** What a salesperson does when a lead has come to a stage: facts at or after `since`. */
  readonly reaction: (entered: Entered, log: Log, chance: Chance) => void
}

export interface Entered {
  readonly lead: string
  readonly stage: string
  readonly since: Instant
}

export interface Told {
  readonly companies: readonly Company[]
  readonly facts: readonly Fact[]
}

export function tell(story: Story, definition: Definition): Told {
  const plan = compileDefinition(definition)
  const companies = story.companies(new Chance(`${story.seed} companies`))
  const facts = companies.flatMap((company) => factsOf(company, story, plan))
  return { companies, facts: facts.filter(({ at }) => at <= story.asOf) }
}

function factsOf(company: Company, story: Story, plan: Plan): readonly Fact[] {
  const { domain } = company
  const name = domain === undefined ? company.people[0]!.lead.split('@')[0]! : domain.split('.')[0]!
  const log = new Log(name)
  const born = Math.min(...company.people.map(({ createdAt }) => createdAt))
  if (domain !== undefined) log.accountAttributes(born, domain, company.values)
  for (const { lead, createdAt, values } of company.people) {
    if (domain !== undefined) log.link(createdAt, lead, domain)
    log.attributes(createdAt, lead, values)
  }
  story.activities(company, log, new Chance(`${story.seed} ${name}`))
  react(story, plan, log)
  return log.facts
}

/** Lets sales react to every stage that a lead of the company comes to, in the order of time. */
function react(story: Story, plan: Plan, log: Log): void {
  const seen = new Set<string>()
  for (;;) {
    const { transitions } = replay(plan, log.facts, { until: story.asOf })
    const next = transitions.find(({ kind, lead, to, at }) => kind === 'stage' && !seen.has(`${lead} ${to} ${at}`))
    if (!next) return
    const entered = { lead: next.lead, stage: next.to, since: next.at }
    const key = `${entered.lead} ${entered.stage} ${entered.since}`
    seen.add(key)
    story.reaction(entered, log, new Chance(`${story.seed} ${key}`))
  }
}
