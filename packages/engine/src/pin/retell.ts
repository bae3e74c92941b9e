/** The facts of a real lead, told again as an example may tell them: in order, without who it is. */
import type { Attribute, Definition, ExampleFact } from '../definition/language.ts'
import { own } from '../definition/walk.ts'
import { rankOf, type AccountId, type DecisionFact, type Fact, type FactValue, type LeadId } from '../facts.ts'
import { readProperty, sameValue, understand, type KnownValue } from '../plan/value-tests.ts'
import type { Plan } from '../plan/compile.ts'
import type { Instant } from '../time.ts'
import type { Reads, ValueReads } from './reads.ts'
import { attributeStandIn, dateText, propertyStandIn, StandIns } from './stand-ins.ts'

type WithoutWhen<F> = F extends ExampleFact ? Omit<F, 'at' | 'ago' | 'lead'> : never
/** What is said, without when and of whom. */
export type Saying = WithoutWhen<ExampleFact>

export interface Told {
  readonly at: Instant
  readonly rank: number
  /** Nobody named: the lead that it is about. */
  readonly lead: string | undefined
  readonly saying: Saying
}

export interface Retelling {
  readonly told: readonly Told[]
  /** Attributes and properties of which something else is said than there was. */
  readonly replaced: readonly string[]
  /** Facts that decide nothing. */
  readonly leftOut: number
}

/** @param facts  in the order of facts */
export function retell(
  plan: Plan,
  facts: readonly Fact[],
  how: { readonly lead: LeadId; readonly reads: Reads; readonly moved: (at: Instant) => Instant },
): Retelling {
  const teller = new Teller(plan, how)
  for (const fact of facts) teller.tell(fact)
  return teller.end()
}

interface Account {
  readonly name: string
  readonly leads: Set<LeadId>
  /** What is known of it while nobody belongs to it. */
  readonly pending: Map<string, Written>
}

type Written = KnownValue | null

/** Stages that a definition need not write, by the decision that leads there. */
const IMPLIED_BY: Readonly<Record<string, 'disqualify' | 'lose'>> = { disqualified: 'disqualify', lost: 'lose' }

class Teller {
  private readonly definition: Definition
  private readonly layout: Plan['layout']
  private readonly lead: LeadId
  private readonly reads: Reads
  private readonly moved: (at: Instant) => Instant
  private readonly told: Told[] = []
  private readonly names = new Map<LeadId, string | undefined>()
  private readonly born = new Map<LeadId, Instant>()
  private readonly accounts = new Map<AccountId, Account>()
  private readonly accountOf = new Map<LeadId, AccountId>()
  private readonly known = new Map<string, KnownValue>()
  private readonly ins = new Map<ValueReads, StandIns>()
  private readonly replaced = new Set<string>()
  /** It matters to whom the lead belongs. */
  private readonly looksAtCompany: boolean
  private leftOut = 0

  constructor(
    { definition, layout, looksAtAccount }: Plan,
    { lead, reads, moved }: { readonly lead: LeadId; readonly reads: Reads; readonly moved: (at: Instant) => Instant },
  ) {
    this.definition = definition
    this.layout = layout
    this.lead = lead
    this.reads = reads
    this.moved = moved
    this.looksAtCompany =
      looksAtAccount || [...reads.attributes.keys()].some((name) => definition.attributes?.[name]?.about === 'account')
    this.names.set(lead, undefined)
  }

  tell(fact: Fact): void {
    const before = this.told.length
    switch (fact.kind) {
      case 'link':
        this.link(fact)
        break
      case 'attribute':
        this.attribute(fact, fact.lead)
        break
      case 'account_attribute':
        this.accountAttribute(fact)
        break
      case 'activity':
        this.activity(fact)
        break
      case 'decision':
        this.decision(fact)
    }
    if (fact.kind !== 'account_attribute' && !this.born.has(fact.lead)) this.born.set(fact.lead, fact.at)
    if (this.told.length === before) this.leftOut += 1
  }

  end(): Retelling {
    const births = [...this.born].flatMap(([lead, at]): Told[] =>
      this.told.some((each) => each.lead === this.nameOf(lead) && each.at === at && this.isOwn(each))
        ? []
        : [this.birth(lead, at)],
    )
    const told = [...births, ...this.told].sort((a, b) => a.at - b.at || a.rank - b.rank)
    return { told, replaced: [...this.replaced].sort(), leftOut: this.leftOut }
  }

  private add(fact: Pick<Fact, 'at'> & { readonly kind: Fact['kind'] }, lead: LeadId, saying: Saying): void {
    this.told.push({ at: fact.at, rank: rankOf(fact as Fact), lead: this.nameOf(lead), saying })
  }

  private link({ at, kind, lead, account: id }: Extract<Fact, { kind: 'link' }>): void {
    if (!this.looksAtCompany) return
    const before = this.accountOf.get(lead)
    if (before !== undefined) this.accounts.get(before)!.leads.delete(lead)
    if (id === null) {
      this.accountOf.delete(lead)
      if (before !== undefined) this.add({ at, kind }, lead, { account: 'no company' })
      return
    }
    const account = this.account(id)
    const wasEmpty = account.leads.size === 0
    account.leads.add(lead)
    this.accountOf.set(lead, id)
    if (before !== id) this.add({ at, kind }, lead, { account: account.name })
    if (!wasEmpty) return
    for (const [name, value] of account.pending) this.say({ at, kind: 'account_attribute' }, lead, { name, value })
    account.pending.clear()
  }

  private accountAttribute(fact: Extract<Fact, { kind: 'account_attribute' }>): void {
    const account = this.account(fact.account)
    const [carrier] = account.leads
    const written = this.written({ ...fact, owner: fact.account, about: 'account' })
    if (written === undefined) return
    if (carrier === undefined) account.pending.set(fact.name, written)
    else this.say(fact, carrier, { name: fact.name, value: written })
  }

  private attribute(fact: Extract<Fact, { kind: 'attribute' }>, lead: LeadId): void {
    const written = this.written({ ...fact, owner: lead, about: 'lead' })
    if (written !== undefined) this.say(fact, lead, { name: fact.name, value: written })
  }

  /** @returns undefined where it decides nothing, or says again what is known */
  private written({
    name,
    value,
    owner,
    about,
  }: {
    readonly name: string
    readonly value: FactValue
    readonly owner: string
    readonly about: 'lead' | 'account'
  }): Written | undefined {
    const attribute = own<Attribute>(this.definition.attributes, name)
    const reads = this.reads.attributes.get(name)
    if (attribute === undefined || reads === undefined || (attribute.about ?? 'lead') !== about) return undefined
    const place = `${owner}\n${name}`
    const before = this.known.get(place)
    const now = understand(attribute, value)
    if (sameValue(before, now)) return undefined
    if (now === undefined) {
      this.known.delete(place)
      return null
    }
    this.known.set(place, now)
    const written = attributeStandIn(name, attribute, value, { ins: this.standIns(reads), moved: this.moved })
    if (attribute.type !== 'date' && !sameValue(written, now)) this.replaced.add(name)
    return written ?? null
  }

  private say(
    fact: { readonly at: Instant; readonly kind: 'attribute' | 'account_attribute' },
    lead: LeadId,
    { name, value }: { readonly name: string; readonly value: Written },
  ): void {
    this.add(fact, lead, value === null ? { forget: [name] } : { attributes: { [name]: value } })
  }

  private activity(fact: Extract<Fact, { kind: 'activity' }>): void {
    if (!this.reads.events.has(fact.type)) return
    const properties: Record<string, string | number | boolean> = {}
    for (const [name, reads] of this.reads.properties) {
      const value = readProperty(fact.properties, name)
      if (value === undefined) continue
      const written = propertyStandIn(value, reads, this.standIns(reads))
      if (written !== value) this.replaced.add(name)
      if (written !== undefined) properties[name] = written
    }
    const hasAny = Object.keys(properties).length > 0
    this.add(fact, fact.lead, { activity: fact.type, ...(hasAny && { properties }) })
  }

  private decision(fact: DecisionFact): void {
    const { decision, reason, override } = fact
    const isListed = this.definition.stages?.some(({ reasons }) => reason !== undefined && reasons?.includes(reason))
    const why = isListed === true ? { reason: reason! } : {}
    if (override === undefined) {
      if (decision !== 'override') this.add(fact, fact.lead, { decision, ...why })
    } else if ('stage' in override) {
      const isWritten = this.definition.stages?.some(({ id }) => id === override.stage) === true
      const implied = IMPLIED_BY[override.stage]
      if (isWritten) this.add(fact, fact.lead, { decision, stage: override.stage, ...why })
      else if (implied !== undefined) this.add(fact, fact.lead, { decision: implied, ...why })
    } else if (this.layout.categories.get(override.category)?.levels.includes(override.level) === true) {
      const { category, level, until } = override
      const ends = until === undefined ? {} : { until: dateText(this.moved(until)) }
      this.add(fact, fact.lead, { decision, category, level, ...ends, ...why })
    }
  }

  /** Says that the lead is there from now on, and nothing of it. */
  private birth(lead: LeadId, at: Instant): Told {
    const ofLead = Object.entries(this.definition.attributes ?? {}).find(([, { about = 'lead' }]) => about === 'lead')
    const saying: Saying = ofLead === undefined ? { activity: 'first_heard_of' } : { forget: [ofLead[0]] }
    return { at, rank: 1, lead: this.nameOf(lead), saying }
  }

  /** What is said of an account is carried by a lead, and says nothing of the lead itself. */
  private isOwn({ saying }: Told): boolean {
    const name =
      'attributes' in saying ? Object.keys(saying.attributes)[0] : 'forget' in saying ? saying.forget[0] : undefined
    return name === undefined || this.definition.attributes?.[name]?.about !== 'account'
  }

  private nameOf(lead: LeadId): string | undefined {
    if (lead === this.lead) return undefined
    const name = this.names.get(lead) ?? `colleague ${this.names.size}`
    this.names.set(lead, name)
    return name
  }

  private account(id: AccountId): Account {
    const known = this.accounts.get(id)
    if (known !== undefined) return known
    const account = {
      name: `company ${this.accounts.size + 1}`,
      leads: new Set<LeadId>(),
      pending: new Map<string, Written>(),
    }
    this.accounts.set(id, account)
    return account
  }

  private standIns(reads: ValueReads): StandIns {
    const known = this.ins.get(reads) ?? new StandIns(reads)
    this.ins.set(reads, known)
    return known
  }
}
