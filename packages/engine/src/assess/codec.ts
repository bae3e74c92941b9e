/** A circle as bytes: what the definition can still need of its facts, and nothing else. */
import { accountId, leadId, type DecisionFact } from '../facts.ts'
import type { AttributePlan } from '../plan/builder.ts'
import type { Plan } from '../plan/compile.ts'
import type { TallyPlan } from '../plan/feeds.ts'
import type { AccountState, Circle, LeadState } from '../plan/state.ts'
import { emptyTally, type Tally } from '../plan/tally.ts'
import type { KnownValue } from '../plan/value-tests.ts'
import { malformed, Reader, Writer } from './bytes.ts'
import { forgetCells, openCircle, requireAccount, requireLead } from './circle.ts'

/**
 * The circle's state at its clock; a look ahead is not part of it, nor are evidence and log.
 * @returns some hundred bytes a lead; only the same definition can read them
 */
export function writeCircle(plan: Plan, circle: Circle): Uint8Array {
  const writer = new Writer(circle.clock)
  const { at, isSettled } = circle.base?.progress ?? circle.progress
  writer.whole(plan.fingerprint)
  writer.float(circle.clock)
  writer.byte(circle.lastRank)
  writer.text(circle.lastId)
  writer.number(at)
  writer.byte(isSettled ? 1 : 0)
  const accounts = [...circle.accounts.values()]
  writer.whole(accounts.length)
  for (const account of accounts) writeAccount(plan, writer, account)
  writer.whole(circle.everyone.length)
  circle.everyone.forEach((lead, index) =>
    writeLead(plan, writer, lead, {
      account: lead.account === undefined ? 0 : accounts.indexOf(lead.account) + 1,
      latch: circle.base?.latches[index] ?? lead.latch,
    }),
  )
  const heard = circle.everyone.filter((lead) => lead.heardAt === circle.clock)
  writer.whole(heard.length)
  for (const lead of heard) writer.whole(circle.everyone.indexOf(lead))
  writer.text(circle.pending.length > 0 ? JSON.stringify(circle.pending) : '')
  return writer.done()
}

/**
 * @throws WinnowError `state_malformed` when another definition wrote the bytes, or they are damaged: rebuild from facts
 */
export function readCircle(plan: Plan, bytes: Uint8Array): Circle {
  const reader = new Reader(bytes)
  const circle = openCircle()
  if (reader.whole() !== plan.fingerprint) throw malformed()
  reader.clock = circle.clock = reader.float()
  circle.lastRank = reader.byte()
  circle.lastId = reader.text()
  circle.progress = { at: reader.number(), isSettled: reader.byte() === 1 }
  for (let count = reader.count(); count > 0; count--) {
    readKnown(plan, reader, requireAccount(plan, circle, accountId(reader.text())))
  }
  const accounts = [...circle.accounts.values()]
  for (let count = reader.count(); count > 0; count--) readLead(plan, reader, circle, accounts)
  for (let count = reader.count(); count > 0; count--) {
    const lead = circle.everyone[reader.whole()]
    if (lead === undefined) throw malformed()
    lead.heardAt = circle.clock
  }
  const pending = reader.text()
  if (pending !== '') circle.pending = JSON.parse(pending) as DecisionFact[]
  if (!reader.isDone) throw malformed()
  return circle
}

function writeAccount(plan: Plan, writer: Writer, account: AccountState): void {
  writer.text(account.id)
  writeKnown(plan, writer, account)
}

function writeLead(
  plan: Plan,
  writer: Writer,
  lead: LeadState,
  own: { account: number; latch: readonly number[] },
): void {
  writer.text(lead.id)
  writer.whole(own.account)
  for (const value of own.latch) writer.number(value)
  writeKnown(plan, writer, lead)
}

function readLead(plan: Plan, reader: Reader, circle: Circle, accounts: readonly AccountState[]): void {
  const lead = requireLead(plan, circle, leadId(reader.text()))
  lead.account = accounts[reader.whole() - 1]
  lead.account?.members.push(lead)
  forgetCells(lead)
  for (let place = 0; place < lead.latch.length; place++) lead.latch[place] = reader.number()
  readKnown(plan, reader, lead)
}

// --- What is known of a lead or an account ---------------------------------------------------------------------------

function writeKnown(plan: Plan, writer: Writer, known: LeadState | AccountState): void {
  const attributes = [...plan.attributes.values()].filter(({ slot }) => known.changedAt[slot] > -Infinity)
  writer.whole(attributes.length)
  for (const attribute of attributes) writeAttribute(writer, attribute, known)
  const tallies = plan.tallies.filter(({ slot }) => known.tallies[slot] !== undefined)
  writer.whole(tallies.length)
  for (const tally of tallies) {
    writer.whole(tally.slot)
    writeTally(writer, tally, known.tallies[tally.slot]!)
  }
}

function readKnown(plan: Plan, reader: Reader, known: LeadState | AccountState): void {
  const attributes = [...plan.attributes.values()]
  for (let count = reader.count(); count > 0; count--) {
    const attribute = attributes[reader.whole()]
    if (attribute === undefined) throw malformed()
    readAttribute(reader, attribute, known)
  }
  for (let count = reader.count(); count > 0; count--) {
    const tally = plan.tallies[reader.whole()]
    if (tally === undefined) throw malformed()
    known.tallies[tally.slot] = readTally(reader, tally)
  }
}

function writeAttribute(
  writer: Writer,
  { slot, attribute, isDated }: AttributePlan,
  known: LeadState | AccountState,
): void {
  writer.whole(slot)
  // Without a test of when it changed, that it did is enough.
  writer.number(isDated ? known.changedAt[slot] : 0)
  const value = known.values[slot]
  writer.byte(value === undefined ? 0 : 1)
  if (value === undefined) return
  if (attribute.type === 'choice') writer.whole(attribute.of!.indexOf(value as string))
  else if (typeof value === 'number') writer.number(value)
  else if (typeof value === 'boolean') writer.byte(value ? 1 : 0)
  else if (typeof value === 'string') writer.text(value)
  else {
    writer.whole(value.length)
    for (const each of value) writer.whole(attribute.of!.indexOf(each))
  }
}

function readAttribute(reader: Reader, { slot, attribute }: AttributePlan, known: LeadState | AccountState): void {
  known.changedAt[slot] = reader.number()
  known.values[slot] = reader.byte() === 0 ? undefined : readValue(reader, attribute)
}

function readValue(reader: Reader, attribute: AttributePlan['attribute']): KnownValue {
  const choice = () => {
    const value = attribute.of?.[reader.whole()]
    if (value === undefined) throw malformed()
    return value
  }
  switch (attribute.type) {
    case 'choice':
      return choice()
    case 'choices':
      return Array.from({ length: reader.count() }, choice)
    case 'boolean':
      return reader.byte() === 1
    case 'text':
      return reader.text()
    case 'number':
    case 'date':
      return reader.number()
  }
}

// --- Tallies ---------------------------------------------------------------------------------------------------------

function writeTally(writer: Writer, { parts }: TallyPlan, tally: Tally): void {
  const { isList, hasSum, hasValues, isLimited } = parts
  writer.whole(tally.n)
  writer.number(tally.last)
  if (hasSum) {
    writer.whole(tally.numeric)
    writer.number(tally.sum)
  }
  if (isList) writer.instants(tally.times)
  if (hasValues) for (const value of tally.values) writer.number(value)
  if (isLimited) writer.instants(tally.counted)
}

function readTally(reader: Reader, { parts }: TallyPlan): Tally {
  const { isList, hasSum, hasValues, isLimited } = parts
  const tally = emptyTally(parts, false)
  tally.n = reader.whole()
  tally.last = reader.number()
  if (hasSum) {
    tally.numeric = reader.whole()
    tally.sum = reader.number()
  }
  if (isList) tally.times = reader.instants()
  if (hasValues) tally.values = tally.times.map(() => reader.number())
  if (isLimited) tally.counted = reader.instants()
  return tally
}
