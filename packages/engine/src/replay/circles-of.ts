/** Which facts of a log have to be looked at together. */
import type { AccountId, Fact, LeadId } from '../facts.ts'
import type { Plan } from '../plan/compile.ts'

/** The facts of a circle: those of its leads, and of every account that any of them has ever belonged to. */
export interface CircleFacts {
  readonly leads: readonly LeadId[]
  readonly facts: readonly Fact[]
}

/**
 * Parts a log into circles that can be replayed one by one. A circle is one lead, unless the definition looks at what an
 * account's other leads do: then all leads that were ever linked through accounts are one. The facts of an account are in
 * the circle of each of its leads. Circles come in the order of their first facts; repeated ids are left as they are.
 */
export function circlesOf(plan: Plan, facts: Iterable<Fact>): CircleFacts[] {
  const log = [...facts]
  const circles = new Circles()
  for (const fact of log) {
    if (fact.kind === 'account_attribute') continue
    circles.add(fact.lead)
    if (fact.kind === 'link' && fact.account !== null) circles.link(fact.lead, fact.account, plan.looksAtAccount)
  }
  return circles.share(log)
}

interface Member {
  readonly leads: LeadId[]
  readonly facts: Fact[]
}

/** Leads joined through accounts (disjoint sets). */
class Circles {
  private readonly parent = new Map<LeadId, LeadId>()
  private readonly linked = new Map<AccountId, Set<LeadId>>()

  add(lead: LeadId): void {
    if (!this.parent.has(lead)) this.parent.set(lead, lead)
  }

  link(lead: LeadId, account: AccountId, isShared: boolean): void {
    const leads = this.linked.get(account) ?? new Set<LeadId>()
    this.linked.set(account, leads)
    const [first] = leads
    if (isShared && first !== undefined) this.parent.set(this.rootOf(lead), this.rootOf(first))
    leads.add(lead)
  }

  private rootOf(lead: LeadId): LeadId {
    let root = lead
    while (this.parent.get(root) !== root) root = this.parent.get(root)!
    this.parent.set(lead, root)
    return root
  }

  share(log: readonly Fact[]): CircleFacts[] {
    const members = new Map<LeadId, Member>()
    for (const lead of this.parent.keys()) {
      const root = this.rootOf(lead)
      const member = members.get(root) ?? { leads: [], facts: [] }
      member.leads.push(lead)
      members.set(root, member)
    }
    for (const fact of log) {
      const leads = fact.kind === 'account_attribute' ? (this.linked.get(fact.account) ?? []) : [fact.lead]
      for (const root of new Set([...leads].map((lead) => this.rootOf(lead)))) members.get(root)!.facts.push(fact)
    }
    return [...members.values()]
  }
}
