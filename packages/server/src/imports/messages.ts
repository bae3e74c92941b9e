/** Facts as files tell them → messages: who is meant by the file's ids, and what is said of them. */
import { createHash } from 'node:crypto'
import type { Fact, Instant } from '@winnow/engine'
import { domainOf, normaliseEmail } from '../capture/email.ts'
import type { AccountName, Intake, LeadName, Saying } from '../live/intake.ts'

export interface MessageOptions {
  /** Facts come from rows of a table: those made from one row share the beginning of their ids, up to the first dot. */
  readonly isOfRows: boolean
  readonly receivedAt: Instant
  /** The company that an e-mail address names, if any. */
  readonly companyDomain: (email: string) => string | undefined
}

/** Facts of one row are one message; a fact of a log is a message of its own. */
export function messagesOf(facts: readonly Fact[], options: MessageOptions): Intake[] {
  const groups: Fact[][] = []
  for (const fact of facts) {
    const group = groups.at(-1)
    if (options.isOfRows && group !== undefined && rowOf(group[0]!) === rowOf(fact)) group.push(fact)
    else groups.push([fact])
  }
  return groups.map((group) =>
    messageOf(group, { ...options, messageId: `import:${options.isOfRows ? rowOf(group[0]!) : group[0]!.id}` }),
  )
}

const rowOf = ({ id }: Fact) => id.split('.', 1)[0]!

/** What a group of facts says of one lead, or of an account, as one message. */
export function messageOf(
  group: readonly Fact[],
  {
    messageId,
    receivedAt,
    companyDomain,
  }: Pick<MessageOptions, 'receivedAt' | 'companyDomain'> & { readonly messageId: string },
): Intake {
  const first = group[0]!
  const says = group.map((fact) => sayingOf(fact, receivedAt))
  const lead = group.find((fact) => fact.kind !== 'account_attribute')
  const names = lead === undefined ? [] : namesOf(lead.lead, group)
  const isLinked = group.some(({ kind }) => kind === 'link')
  const email = names.find(({ kind }) => kind === 'email')
  const domain = email && !isLinked ? companyDomain(email.value) : undefined
  if (domain !== undefined) {
    const account = { kind: 'domain', value: domain } as const
    says.push({ id: `${messageId}/domain`, at: first.at, kind: 'link', account })
  }
  const digest = createHash('sha256').update(JSON.stringify(group)).digest()
  return { messageId, digest, receivedAt, names, says, body: group }
}

/** An id that is an e-mail address is one; everything else is how the file's source calls a person it knows. */
function namesOf(lead: string, group: readonly Fact[]): LeadName[] {
  const own = normaliseEmail(lead)
  const names: LeadName[] = [own === undefined ? { kind: 'user', value: lead } : { kind: 'email', value: own }]
  for (const fact of group) {
    if (fact.kind !== 'attribute' || fact.name !== 'email' || typeof fact.value !== 'string') continue
    const email = normaliseEmail(fact.value)
    if (email !== undefined && email !== own) names.push({ kind: 'email', value: email })
  }
  return names
}

const DOMAIN = /^[^\s@/:]+\.[a-z]{2,}$/i

function accountName(id: string): AccountName {
  return DOMAIN.test(id) ? { kind: 'domain', value: domainOf(id.toLowerCase()) } : { kind: 'group', value: id }
}

function sayingOf(fact: Fact, receivedAt: Instant): Saying {
  const base = {
    id: fact.id,
    at: Math.min(fact.at, receivedAt),
    ...(fact.at > receivedAt && { flags: ['future'] as const }),
  }
  switch (fact.kind) {
    case 'link':
      return { ...base, kind: fact.kind, account: fact.account === null ? null : accountName(fact.account) }
    case 'attribute':
      return { ...base, kind: fact.kind, name: fact.name, value: fact.value }
    case 'account_attribute':
      return { ...base, kind: fact.kind, account: accountName(fact.account), name: fact.name, value: fact.value }
    case 'activity':
      return { ...base, kind: fact.kind, type: fact.type, properties: fact.properties }
    case 'decision': {
      const { decision, by, reason, amount, override } = fact
      return {
        ...base,
        kind: fact.kind,
        decision,
        ...(by !== undefined && { by }),
        ...(reason !== undefined && { reason }),
        ...(amount !== undefined && { amount }),
        ...(override !== undefined && { override }),
      }
    }
  }
}
