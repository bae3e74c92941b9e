/** Everything that is known at one instant, read anew from the plain list of facts. */
import type { NamedActivity, PropertyTests } from '../../src/definition/language.ts'
import type { Definition } from '../../src/definition/language.ts'
import {
  compareFacts,
  type AccountId,
  type ActivityFact,
  type Fact,
  type FactValue,
  type LeadId,
} from '../../src/facts.ts'
import { isSameValue, passesWhere, understand, type AttributeNow } from './values.ts'

/** The facts in their order, each id once: the first of the list is the one that was accepted. */
export function inOrder(facts: readonly Fact[]): readonly Fact[] {
  const accepted = new Map<string, Fact>()
  for (const fact of facts) if (!accepted.has(fact.id)) accepted.set(fact.id, fact)
  return [...accepted.values()].sort(compareFacts)
}

/** What an occurrence must be to count: one of these named activities, with these properties. */
export interface Fitting {
  readonly names: string | readonly string[]
  readonly where: PropertyTests | undefined
}

const NOTHING: AttributeNow = { value: undefined, changedAt: undefined }

export class Known {
  readonly definition: Definition
  /** Leads that exist, in the order of their first facts. */
  readonly leads: ReadonlySet<LeadId>
  readonly #links = new Map<LeadId, AccountId | null>()
  readonly #ofLeads = new Map<string, AttributeNow>()
  readonly #ofAccounts = new Map<string, AttributeNow>()
  readonly #activities: ActivityFact[] = []
  readonly #fitting = new Map<object, Map<string, readonly ActivityFact[]>>()

  /** @param facts in order, none after the instant that is looked at */
  constructor(definition: Definition, facts: readonly Fact[]) {
    this.definition = definition
    const leads = new Set<LeadId>()
    for (const fact of facts) {
      if (fact.kind !== 'account_attribute') leads.add(fact.lead)
      this.#learn(fact)
    }
    this.leads = leads
  }

  #learn(fact: Fact): void {
    switch (fact.kind) {
      case 'link':
        this.#links.set(fact.lead, fact.account)
        return
      case 'attribute':
        return this.#learnAttribute(this.#ofLeads, { about: 'lead', owner: fact.lead }, fact)
      case 'account_attribute':
        return this.#learnAttribute(this.#ofAccounts, { about: 'account', owner: fact.account }, fact)
      case 'activity':
        this.#activities.push(fact)
        return
      case 'decision':
    }
  }

  #learnAttribute(
    store: Map<string, AttributeNow>,
    whose: { readonly about: 'lead' | 'account'; readonly owner: string },
    fact: { readonly name: string; readonly value: FactValue; readonly at: number },
  ): void {
    const attribute = own(this.definition.attributes, fact.name)
    if (attribute === undefined || (attribute.about ?? 'lead') !== whose.about) return
    const key = keyOf(whose.owner, fact.name)
    const before = store.get(key) ?? NOTHING
    const value = understand(attribute, fact.value)
    store.set(key, { value, changedAt: isSameValue(value, before.value) ? before.changedAt : fact.at })
  }

  /** The account that the lead is linked to. */
  accountOf(lead: LeadId): AccountId | undefined {
    return this.#links.get(lead) ?? undefined
  }

  leadsOf(account: AccountId): readonly LeadId[] {
    return [...this.#links].filter(([, linked]) => linked === account).map(([lead]) => lead)
  }

  /** The lead itself and the leads that are linked to its account. */
  circleOf(lead: LeadId): readonly LeadId[] {
    const account = this.accountOf(lead)
    return account === undefined ? [lead] : this.leadsOf(account)
  }

  attribute(name: string, lead: LeadId): AttributeNow {
    if (this.definition.attributes![name].about !== 'account') return this.#ofLeads.get(keyOf(lead, name)) ?? NOTHING
    const account = this.accountOf(lead)
    return (account !== undefined && this.#ofAccounts.get(keyOf(account, name))) || NOTHING
  }

  /** Every owner's value of an attribute. */
  everywhere(name: string): readonly AttributeNow[] {
    return [...this.#ofLeads, ...this.#ofAccounts]
      .filter(([key]) => key.endsWith(keyOf('', name)))
      .map(([, attribute]) => attribute)
  }

  /**
   * The fitting occurrences of these leads (of all, if none are named), in order.
   * @param asker the test or criterion that asks, under which the answer is remembered
   */
  occurrences(asker: object, fitting: Fitting, leads?: readonly LeadId[]): readonly ActivityFact[] {
    const answers = this.#fitting.get(asker) ?? new Map<string, readonly ActivityFact[]>()
    this.#fitting.set(asker, answers)
    const key = leads === undefined ? '' : leads.length === 1 ? leads[0] : leads.join('\n')
    let answer = answers.get(key)
    if (answer === undefined) {
      answer = this.#activities.filter(
        (fact) => (leads === undefined || leads.includes(fact.lead)) && fits(this.definition, fitting, fact),
      )
      answers.set(key, answer)
    }
    return answer
  }
}

const keyOf = (owner: string, name: string) => `${owner}\n${name}`

function own<T>(map: { readonly [name: string]: T } | undefined, name: string): T | undefined {
  return map && Object.hasOwn(map, name) ? map[name] : undefined
}

/** Whether an event is one of the named activities and has the properties asked for. */
function fits(definition: Definition, { names, where }: Fitting, fact: ActivityFact): boolean {
  const listed = typeof names === 'string' ? [names] : names
  return listed.some((name) => isNamed(definition.activities![name], fact)) && passesWhere(where, fact.properties)
}

function isNamed(activity: NamedActivity, fact: ActivityFact): boolean {
  const types = typeof activity.from === 'string' ? [activity.from] : activity.from
  return types.includes(fact.type) && passesWhere(activity.where, fact.properties)
}
