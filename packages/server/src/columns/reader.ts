/** What is known of leads, read from the copy of the log: exactly what `live/log.ts` reads from the database. */
import { accountId, type Fact, type FactValue, type Instant, type LeadId } from '@winnow/engine'
import type { AccountMembers } from '../live/account-members.ts'
import { linkedAsNow, withoutOverruled } from '../live/log.ts'
import { Block, wordsOf, type Rows } from './block.ts'
import { ACCOUNTS, bucketOfId, type OpenCopy } from './folder.ts'

/** What a fact says, read once and shared by all facts that say it. */
type Said =
  | { readonly kind: 'activity'; readonly type: string; readonly properties: Readonly<Record<string, unknown>> }
  | { readonly kind: Exclude<Fact['kind'], 'activity'>; readonly isInferred: boolean; readonly body: Body }

interface Body {
  readonly name: string
  readonly value: FactValue | null
  readonly account: string | null
}

/** Buckets of which a good part is asked for are read whole; of others what is asked for. */
const GOOD_PART = 0.1
/** As long as they are this small together, all of them. */
const BYTES_KEPT = 192e6

export class CopyReader {
  private readonly blocks: readonly (readonly Block[])[]
  private readonly knownAt: Instant
  private readonly isSmall: boolean
  private readonly merged: AccountMembers
  /** Of accounts that others are part of: the others. */
  private readonly partsOf: ReadonlyMap<string, readonly string[]>

  /**
   * @param knownAt  what was received later is left out, as if it had never come
   * @param merged  accounts that are part of another, with the other
   */
  constructor({ buckets }: OpenCopy, knownAt: Instant, merged: AccountMembers) {
    this.knownAt = knownAt
    this.merged = merged
    this.partsOf = Map.groupBy(merged.keys(), (account) => merged.get(account)!)
    this.blocks = buckets.map(({ fd, blocks }) => blocks.map((place) => new Block(fd, place)))
    this.isSmall = this.blocks.flat().reduce((sum, { bytes }) => sum + bytes, 0) <= BYTES_KEPT
    if (this.isSmall) for (const block of this.blocks[ACCOUNTS]!) block.load()
  }

  /** Prepares for what these leads, and few others, are asked for. */
  begin(leads: readonly string[]): void {
    const asked = new Uint32Array(this.blocks.length)
    for (const lead of leads) asked[bucketOfId(lead)]! += 1
    for (const [place, blocks] of this.blocks.entries()) {
      for (const block of blocks) {
        if (asked[place]! > (this.isSmall ? 0 : block.owned * GOOD_PART)) block.load()
        else if (!this.isSmall) block.release()
      }
    }
  }

  /**
   * Everything that is known of leads that are looked at together, and of the accounts that they were ever linked to; facts of
   * accounts come with each of the leads. Where one lead stands alone its facts are in the total order, and called by their places; but
   * those of the latest instant by their ids, for what comes after them is told from them.
   * @param membersOf  of leads that others turned out to be: all that they are now, themselves among them
   */
  factsOf(leads: readonly LeadId[], membersOf: ReadonlyMap<string, readonly string[]>): Fact[] {
    const [lead] = leads
    if (lead !== undefined && leads.length === 1 && !membersOf.has(lead)) {
      const runs = this.runsOf(bucketOfId(lead), lead)
      if (runs.length === 0) return []
      if (runs.length === 1) {
        const facts = this.numbered(lead, runs[0]!)
        if (facts !== undefined) return facts
      }
    }
    return leads.flatMap((each) => this.named(each, membersOf.get(each) ?? [each]))
  }

  /**
   * Undefined where facts of several owners come together, which are told apart and put in order by what they are called; and where
   * one of them may overrule another.
   */
  private numbered(lead: LeadId, { block, rows }: Run): Fact[] | undefined {
    const facts: Fact[] = []
    const isAllKnown = block.latest <= this.knownAt
    const lastAt = rows.at(rows.count - 1)
    let [isSaid, isInferred] = [false, false]
    for (let row = 0; row < rows.count; row++) {
      const receivedAt = rows.receivedAt(row)
      if (!isAllKnown && receivedAt > this.knownAt) continue
      const said = block.saying(rows.saying(row), readSaid)
      if (said.kind === 'link') {
        isSaid ||= !said.isInferred
        isInferred ||= said.isInferred
        if ((isSaid && isInferred) || this.isAccountKnown(said.body.account)) return undefined
      }
      const at = rows.at(row)
      const id = at === lastAt ? block.id(rows, row) : nameOf(facts.length)
      facts.push(factOf(said, { id, at, lead, receivedAt }))
    }
    return isSaid || isInferred ? facts.map((fact) => linkedAsNow(fact, this.merged)) : facts
  }

  private named(lead: LeadId, members: readonly string[]): Fact[] {
    const facts: Fact[] = []
    const inferred = new Set<string>()
    const accounts = new Set<string>()
    for (const member of members) {
      for (const run of this.runsOf(bucketOfId(member), member)) {
        this.eachKnown(run, (said, base) => {
          const fact = factOf(said, { ...base, lead })
          facts.push(fact)
          if (fact.kind !== 'link') return
          if (fact.account !== null) accounts.add(this.nowOf(fact.account))
          if (said.kind !== 'activity' && said.isInferred) inferred.add(fact.id)
        })
      }
    }
    for (const account of accounts) facts.push(...this.factsOfAccount(account))
    const all = facts.map((fact) => linkedAsNow(fact, this.merged))
    return inferred.size === 0 ? all : withoutOverruled(all, inferred)
  }

  private factsOfAccount(account: string): Fact[] {
    const facts: Fact[] = []
    for (const run of this.runsOfAccount(account)) {
      this.eachKnown(run, (said, { id, at, receivedAt }) => {
        if (said.kind === 'activity') return
        const { name, value } = said.body
        facts.push({ kind: 'account_attribute', id, at, receivedAt, account: accountId(account), name, value })
      })
    }
    return facts
  }

  private eachKnown({ block, rows }: Run, visit: (said: Said, base: Omit<Base, 'lead'>) => void): void {
    for (let row = 0; row < rows.count; row++) {
      const receivedAt = rows.receivedAt(row)
      if (receivedAt > this.knownAt) continue
      visit(block.saying(rows.saying(row), readSaid), { id: block.id(rows, row), at: rows.at(row), receivedAt })
    }
  }

  private isAccountKnown(account: string | null): boolean {
    return account !== null && this.runsOfAccount(this.nowOf(account)).length > 0
  }

  private nowOf(account: string): string {
    return this.merged.get(account) ?? account
  }

  /** Of all that it is now. */
  private runsOfAccount(account: string): Run[] {
    return [account, ...(this.partsOf.get(account) ?? [])].flatMap((each) => this.runsOf(ACCOUNTS, each))
  }

  private runsOf(bucket: number, id: string): Run[] {
    const runs: Run[] = []
    const words = wordsOf(id)
    for (const block of this.blocks[bucket]!) {
      const owner = block.find(words)
      if (owner >= 0) runs.push({ block, rows: block.rowsOf(owner) })
    }
    return runs
  }
}

interface Run {
  readonly block: Block
  readonly rows: Rows
}

interface Base {
  readonly id: string
  readonly at: Instant
  readonly lead: LeadId
  readonly receivedAt: Instant
}

function readSaid(text: string): Said {
  const [kind, name, what] = JSON.parse(text) as [Fact['kind'] | 'inferred', string, object]
  if (kind === 'activity') return { kind, type: name, properties: what as Record<string, unknown> }
  return { kind: kind === 'inferred' ? 'link' : kind, isInferred: kind === 'inferred', body: what as Body }
}

function factOf(said: Said, { id, at, lead, receivedAt }: Base): Fact {
  if (said.kind === 'activity')
    return { kind: 'activity', id, at, lead, receivedAt, type: said.type, properties: said.properties }
  if (said.kind === 'attribute') {
    const { name, value } = said.body
    return { kind: 'attribute', id, at, lead, receivedAt, name, value }
  }
  return { ...said.body, kind: said.kind, id, at, lead, receivedAt } as Fact
}

const names: string[] = []
const nameOf = (place: number): string => (names[place] ??= String(place).padStart(8, '0'))
