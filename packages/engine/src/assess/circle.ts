/** Circles: making one, its leads and accounts, and copies. */
import type { AccountId, LeadId } from '../facts.ts'
import type { Plan } from '../plan/compile.ts'
import { freshLead, type AccountState, type Circle, type LeadState } from '../plan/state.ts'
import type { Tally } from '../plan/tally.ts'

export interface CircleOptions {
  /** Keep the ids of the facts behind every result, for explanations; takes memory with every fact. */
  readonly withEvidence?: boolean
  /** Keep the activities, so that links between leads and accounts can change without reading the log again. */
  readonly withLog?: boolean
}

export function openCircle({ withEvidence = false, withLog = false }: CircleOptions = {}): Circle {
  return {
    leads: new Map(),
    everyone: [],
    accounts: new Map(),
    clock: -Infinity,
    lastRank: 0,
    lastId: '',
    progress: { at: -Infinity, isSettled: true },
    pending: [],
    base: undefined,
    log: withLog ? [] : undefined,
    withEvidence,
  }
}

/** A lead that nobody has said anything about. Whoever fills it with what is known of another forgets its cells, see `forgetCells`. */
export const newLead = ({ fresh }: Plan, id: LeadId, withEvidence: boolean): LeadState =>
  freshLead(fresh, id, withEvidence)

/** Nothing that was worked out is believed any more. */
export function forgetCells({ until }: LeadState): void {
  until.fill(-Infinity)
}

function newAccount({ fresh }: Plan, id: AccountId, withEvidence: boolean): AccountState {
  return {
    id,
    members: [],
    values: fresh.values.slice(),
    changedAt: fresh.changedAt.slice(),
    tallies: fresh.tallies.slice(),
    evidence: withEvidence ? [] : undefined,
  }
}

export function leadOf({ everyone, leads }: Circle, id: LeadId): LeadState | undefined {
  // Most circles are one lead.
  return everyone.length > 0 && everyone[0].id === id ? everyone[0] : leads.get(id)
}

export function requireLead(plan: Plan, circle: Circle, id: LeadId): LeadState {
  let lead = leadOf(circle, id)
  if (lead === undefined) {
    lead = newLead(plan, id, circle.withEvidence)
    circle.leads.set(id, lead)
    circle.everyone.push(lead)
  }
  return lead
}

export function requireAccount(plan: Plan, circle: Circle, id: AccountId): AccountState {
  let account = circle.accounts.get(id)
  if (account === undefined) {
    account = newAccount(plan, id, circle.withEvidence)
    circle.accounts.set(id, account)
  }
  return account
}

/** A circle of its own with the same history; what happens to one does not touch the other. */
export function copyCircle(plan: Plan, circle: Circle): Circle {
  const accounts = new Map<AccountId, AccountState>()
  for (const [id, account] of circle.accounts) accounts.set(id, { ...copyKnown(account), id, members: [] })
  const leads = new Map<LeadId, LeadState>()
  circle.everyone.forEach((lead, index) => {
    const { id, heardAt } = lead
    const account = lead.account && accounts.get(lead.account.id)
    const latch = (circle.base?.latches[index] ?? lead.latch).slice()
    const copy = { ...newLead(plan, id, false), ...copyKnown(lead), id, account, latch, heardAt }
    forgetCells(copy)
    account?.members.push(copy)
    leads.set(id, copy)
  })
  return {
    ...circle,
    leads,
    everyone: [...leads.values()],
    accounts,
    progress: { ...(circle.base?.progress ?? circle.progress) },
    pending: [...circle.pending],
    base: undefined,
    log: circle.log && [...circle.log],
  }
}

function copyKnown({ values, changedAt, tallies, evidence }: LeadState | AccountState) {
  return {
    values: [...values],
    changedAt: [...changedAt],
    tallies: tallies.map((tally) => tally && copyTally(tally)),
    evidence: evidence && [...evidence],
  }
}

const copyTally = (tally: Tally): Tally => ({
  ...tally,
  times: [...tally.times],
  values: [...tally.values],
  counted: [...tally.counted],
  evidence: tally.evidence && [...tally.evidence],
})
