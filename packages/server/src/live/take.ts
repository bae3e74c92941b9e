/**
 * Taking messages in: one transaction for a batch of them, with everything that they bring about. What is acknowledged is
 * durable, assessed, in the ledger and in the outbox; what fails leaves nothing behind.
 */
import { accountId, leadId, type Fact, type Instant } from '@winnow/engine'
import type pg from 'pg'
import type { Logger } from 'pino'
import { binaries, texts } from '../db/arrays.ts'
import { heardOf, recordHeard, setObjecting, type Heard } from '../consent/heard.ts'
import { LOCKS } from '../db/locks.ts'
import type { FirstTouch } from '../db/tables.ts'
import type { KeptOut } from '../erasure/kept-out.ts'
import { readAccountMembers, type AccountMembers } from './account-members.ts'
import { certainOnes, mergeAccounts, mergesOf } from './account-merges.ts'
import { joinCircles, joinsAccounts, joinsOf } from './account-circles.ts'
import { assessCircles, type CircleWork } from './assess-circles.ts'
import { lockCircles, lockExisting, makeCircles, readLeads, writeCircles, writeLeads } from './circles.ts'
import type { CircleRow, LeadNews, LeadRow, ProfileColumns, SeenColumns } from './circles.ts'
import type { Intake, LeadName, Taken } from './intake.ts'
import { appendFacts, INFERRED, linkedAsNow, readHorizon, type LoggedFact, type Partitions } from './log.ts'
import {
  firstEmails,
  nameKey,
  NameTaken,
  readNames,
  resolveNames,
  writeMerge,
  writeNames,
  type Merge,
} from './names.ts'
import type { LivePlan, Plans } from './plans.ts'
import { earlier, mergedProfile, newProfile, profileColumns, saidEmail, withFacts, type Profile } from './profile.ts'
import { inTransaction, JUDGING, type Last } from './transaction.ts'

export interface Taking {
  readonly pool: pg.Pool
  readonly plans: Plans
  readonly partitions: Partitions
  readonly now: () => Instant
  readonly newId: () => string
  readonly keptOut: KeptOut
  /** Folder of the copy of the log, where there is one. */
  readonly columns?: string | undefined
  readonly log: Logger
}

const ATTEMPTS_MAX = 8
/** Accounts with more leads than this are brought up to date by the timers, a few at a time. */
export const LEADS_AT_ONCE_MAX = 100

/**
 * Merges and accounts touch leads before it is known which circles to lock, so that two transactions can be in each other's way
 * time and again. Whoever begins again does so alone: it comes to its end, and nobody else pays for it.
 */
const BESIDE = `${JUDGING}; select pg_advisory_xact_lock_shared(${LOCKS.taking})`
/** Nobody takes anything in until it ends. */
export const ALONE = `${JUDGING}; select pg_advisory_xact_lock(${LOCKS.taking})`

/** @returns one answer for each message, in their order */
export async function takeBatch(taking: Taking, messages: readonly Intake[]): Promise<Taken[]> {
  await taking.partitions.prepare(taking.pool, activityInstants(messages))
  for (let attempt = 1; ; attempt++) {
    try {
      return await inTransaction(
        taking.pool,
        (client, last) => takeOnce(client, taking, messages, { last, isAlone: attempt > 1 }),
        attempt > 1 ? ALONE : BESIDE,
      )
    } catch (error) {
      if (!mayPass(error) || attempt === ATTEMPTS_MAX) throw error
    }
  }
}

function* activityInstants(messages: readonly Intake[]): Generator<Instant> {
  for (const { says } of messages) for (const { kind, at } of says) if (kind === 'activity') yield at
}

/** Two transactions were in each other's way: the next attempt sees what the other has done. */
const mayPass = (error: unknown) =>
  error instanceof NameTaken ||
  error instanceof Forgotten ||
  ['40001', '40P01', '23503'].includes((error as { code?: string }).code ?? '')

/** Activities were forgotten since somebody last looked. */
class Forgotten extends Error {}

async function takeOnce(
  client: pg.PoolClient,
  taking: Taking,
  messages: readonly Intake[],
  { last, isAlone }: { last: Last; isAlone: boolean },
): Promise<Taken[]> {
  const now = taking.now()
  const { horizon } = taking.partitions
  const [remembered, known, live, horizonNow] = await Promise.all([
    remember(client, messages, { horizon, now }),
    readNames(client, messages),
    taking.plans.live(client),
    readHorizon(client),
  ])
  if (horizonNow !== horizon) {
    taking.partitions.horizon = horizonNow
    throw new Forgotten('begin again')
  }
  const barred = await barredAmong(client, taking, messages, known)
  const states = remembered.map((state, index) => (barred.has(messages[index]!) ? 'kept_out' : state))
  await writeConflicts(client, ofState(messages, states, 'conflicting'), now)
  const fresh = ofState(messages, states, 'stored')
  const accountsAreOne = await certainOnes(client, fresh)
  const resolved = await resolveNames(client, fresh, { known, newId: taking.newId, now, accountsAreOne })
  const accountMerges = await mergesOf(client, accountsAreOne, resolved)
  const mustBeAlone = accountMerges.some(({ isNew }) => !isNew)
  if (mustBeAlone && !isAlone) throw new NameTaken('accounts become one while nobody else takes anything')
  await forget(client, [
    ...fresh.filter((_, index) => resolved.leads[index] === undefined),
    ...ofState(messages, remembered, 'stored').filter((message) => barred.has(message)),
  ])
  await writeNames(client, resolved, now)
  const news = newsOf(fresh, resolved.leads, resolved.accounts)
  const isMoved = accountMerges.length > 0
  const moved = isMoved ? await mergeAccounts(client, accountMerges, now) : []
  const accountRoots = isMoved
    ? await readAccountMembers(client, [...resolved.accounts.values()])
    : resolved.accountRoots
  const accounts = await updateAccounts(client, news.ofAccounts, accountRoots)
  await holdLinked(client, news, { accountRoots, held: resolved.accountsMade.union(accounts) })
  const { merges, emails } = resolved
  await spread(client, taking, {
    live,
    news,
    merges,
    circles: mustBeAlone ? new Map() : resolved.circles,
    emails,
    created: new Set(resolved.created),
    accounts,
    accountRoots,
    moved: moved.length <= LEADS_AT_ONCE_MAX ? moved : [],
    now,
    last,
  })
  return answers(client, taking, messages, { states, leads: resolved.leads, now })
}

const ofState = (messages: readonly Intake[], states: readonly Taken['status'][], state: Taken['status']) =>
  messages.filter((_, index) => states[index] === state)

// --- Each message once -----------------------------------------------------------------------------------------------

/**
 * Notes the ids of messages; of several with one id the first counts, in this batch and for ever.
 * @param horizon  what tells of activities of before is not taken, unless it has been: then it is a repeat
 */
async function remember(
  client: pg.PoolClient,
  messages: readonly Intake[],
  { horizon, now }: { horizon: Instant; now: Instant },
): Promise<Exclude<Taken['status'], 'unknown_lead' | 'kept_out'>[]> {
  const firsts = new Map<string, number>()
  const tooOld = new Set<string>()
  messages.forEach(({ messageId, says }, index) => {
    if (says.some(({ kind, at }) => kind === 'activity' && at < horizon)) tooOld.add(messageId)
    else if (!firsts.has(messageId)) firsts.set(messageId, index)
  })
  const firstDigest = (id: string) => messages[firsts.get(id)!]!.digest
  const ids = [...firsts.keys()].sort()
  const { rows } = await client.query<{ message_id: string }>({
    name: 'remember-messages',
    text: `insert into message (message_id, digest, received_at)
      select message_id, digest, to_timestamp($3 / 1000.0) from unnest($1::text[], $2::bytea[]) as x(message_id, digest)
      on conflict do nothing returning message_id`,
    values: [texts(ids), binaries(ids.map(firstDigest)), now],
  })
  const stored = new Set(rows.map(({ message_id }) => message_id))
  const digests = await digestsOf(
    client,
    [...new Set([...ids, ...tooOld])].filter((id) => !stored.has(id)),
  )
  return messages.map(({ messageId, digest }, index) => {
    if (stored.has(messageId) && firsts.get(messageId) === index) return 'stored'
    if (!digests.has(messageId) && !firsts.has(messageId)) return 'too_old'
    const known = digests.get(messageId) ?? firstDigest(messageId)
    return Buffer.compare(known, digest) === 0 ? 'repeated' : 'conflicting'
  })
}

async function writeConflicts(client: pg.PoolClient, conflicts: readonly Intake[], now: Instant): Promise<void> {
  for (const { messageId, body } of conflicts) {
    await client.query(
      'insert into message_conflict (message_id, received_at, body) values ($1, to_timestamp($2 / 1000.0), $3)',
      [messageId, now, JSON.stringify(body)],
    )
  }
}

/** Messages with a name of somebody who was erased and is not to be known again; a name that is known is not one of those. */
async function barredAmong(
  client: pg.PoolClient,
  { keptOut }: Taking,
  messages: readonly Intake[],
  known: Awaited<ReturnType<typeof readNames>>,
): Promise<ReadonlySet<Intake>> {
  const isKnown = new Set(known.map(nameKey))
  const isNew = (name: LeadName) => name.kind !== 'lead' && !isKnown.has(nameKey(name))
  const barred = await keptOut.among(
    client,
    messages.flatMap(({ names }) => names.filter(isNew)),
  )
  if (barred.size === 0) return NONE
  return new Set(messages.filter(({ names }) => names.some((name) => barred.has(nameKey(name)))))
}

const NONE: ReadonlySet<Intake> = new Set()

async function digestsOf(client: pg.PoolClient, ids: readonly string[]): Promise<Map<string, Buffer>> {
  if (ids.length === 0) return new Map()
  const { rows } = await client.query<{ message_id: string; digest: Buffer }>({
    name: 'read-digests',
    text: 'select message_id, digest from message where message_id = any($1::text[])',
    values: [ids],
  })
  return new Map(rows.map(({ message_id, digest }) => [message_id, digest]))
}

async function forget(client: pg.PoolClient, messages: readonly Intake[]): Promise<void> {
  if (messages.length === 0) return
  await client.query('delete from message where message_id = any($1::text[])', [
    messages.map(({ messageId }) => messageId),
  ])
}

async function answers(
  client: pg.PoolClient,
  taking: Taking,
  messages: readonly Intake[],
  {
    states,
    leads,
    now,
  }: { states: readonly Taken['status'][]; leads: readonly (string | null | undefined)[]; now: Instant },
): Promise<Taken[]> {
  // Whom they are about is all that is asked: what they say of accounts must make none.
  const isRepeat = (status: Taken['status']) => status === 'repeated' || status === 'conflicting'
  const repeats = messages.filter((_, index) => isRepeat(states[index]!)).map((message) => ({ ...message, says: [] }))
  // Names of repeats are known by now; whatever is not stays unsaid.
  const { newId } = taking
  const known =
    repeats.length > 0
      ? await resolveNames(client, repeats, {
          known: await readNames(client, repeats),
          newId,
          now,
          accountsAreOne: [],
        })
      : undefined
  const created = new Set(known?.created)
  let fresh = 0
  let repeat = 0
  return states.map((status): Taken => {
    if (status === 'kept_out' || status === 'too_old') return { status, leadId: null }
    if (status !== 'stored') {
      const lead = known!.leads[repeat++] ?? null
      return { status, leadId: lead !== null && created.has(lead) ? null : lead }
    }
    const lead = leads[fresh++]
    return lead === undefined ? { status: 'unknown_lead', leadId: null } : { status, leadId: lead }
  })
}

// --- What messages say -----------------------------------------------------------------------------------------------

interface News {
  /** By the lead that it is about now. */
  readonly ofLeads: ReadonlyMap<string, { readonly facts: LoggedFact[]; touch: FirstTouch | undefined }>
  readonly ofAccounts: readonly LoggedFact[]
  /** Leads that are kept and not assessed from now on, and why. */
  readonly excluded: ReadonlyMap<string, string>
  /** What sources say that leads allow. */
  readonly consents: readonly Heard[]
}

function newsOf(
  messages: readonly Intake[],
  leads: readonly (string | null | undefined)[],
  accounts: ReadonlyMap<string, string>,
): News {
  const ofLeads = new Map<string, { facts: LoggedFact[]; touch: FirstTouch | undefined }>()
  const ofAccounts: LoggedFact[] = []
  const excluded = new Map<string, string>()
  const consents: Heard[] = []
  messages.forEach((message, index) => {
    const lead = leads[index]
    if (lead === undefined) return
    const own = lead === null ? undefined : (ofLeads.get(lead) ?? { facts: [], touch: undefined })
    if (lead !== null && message.consent !== undefined) consents.push(...heardOf(lead, message.consent))
    if (lead !== null && message.excludedAs !== undefined && !excluded.has(lead)) excluded.set(lead, message.excludedAs)
    if (own) {
      ofLeads.set(lead!, own)
      own.touch = earlier(own.touch ?? null, message.touch) ?? undefined
    }
    for (const saying of message.says) {
      const fact = factOf(saying, { lead, accounts, receivedAt: message.receivedAt })
      if (fact === undefined) continue
      const flags = isInferred(saying) ? [...(saying.flags ?? []), INFERRED] : saying.flags
      ;(fact.kind === 'account_attribute' ? ofAccounts : own!.facts).push({ fact, flags })
    }
  })
  return { ofLeads, ofAccounts, excluded, consents }
}

/** Nobody has said it: it follows from an e-mail address, and gives way to what somebody says. */
const isInferred = (saying: Intake['says'][number]): boolean =>
  saying.kind === 'link' && saying.account?.kind === 'domain' && !saying.isSaid

function factOf(
  saying: Intake['says'][number],
  context: { lead: string | null; accounts: ReadonlyMap<string, string>; receivedAt: Instant },
): Fact | undefined {
  const { id, at } = saying
  const base = { id, at, receivedAt: saying.receivedAt ?? context.receivedAt }
  if (saying.kind === 'account_attribute') {
    const account = accountId(context.accounts.get(nameKey(saying.account))!)
    return { ...base, kind: saying.kind, account, name: saying.name, value: saying.value }
  }
  if (context.lead === null) return undefined
  const lead = leadId(context.lead)
  switch (saying.kind) {
    case 'attribute':
      return { ...base, kind: saying.kind, lead, name: saying.name, value: saying.value }
    case 'activity':
      return { ...base, kind: saying.kind, lead, type: saying.type, properties: saying.properties }
    case 'link': {
      const account = saying.account === null ? null : accountId(context.accounts.get(nameKey(saying.account))!)
      return { ...base, kind: saying.kind, lead, account }
    }
    case 'decision': {
      const { decision, by, reason, amount, override } = saying
      return {
        ...base,
        kind: saying.kind,
        lead,
        decision,
        ...(by !== undefined && { by }),
        ...(reason !== undefined && { reason }),
        ...(amount !== undefined && { amount }),
        ...(override !== undefined && { override }),
      }
    }
  }
}

interface AccountRow {
  account_id: string
  circle_id: string
  attributes: Record<string, never>
  attribute_times: Record<string, readonly [number, string]>
}

/** Writes what was learned of accounts, and appends it to the log. @returns the accounts, as they are now */
async function updateAccounts(
  client: pg.PoolClient,
  facts: readonly LoggedFact[],
  roots: AccountMembers,
): Promise<ReadonlySet<string>> {
  const byAccount = Map.groupBy(facts, ({ fact }) =>
    fact.kind === 'account_attribute' ? (roots.get(fact.account) ?? fact.account) : '',
  )
  if (byAccount.size === 0) return new Set()
  const { rows } = await client.query<AccountRow>(
    `select account_id, circle_id, attributes, attribute_times from account where account_id = any($1::uuid[])
     order by account_id for update`,
    [[...byAccount.keys()]],
  )
  for (const row of rows) {
    const asLead = byAccount
      .get(row.account_id)!
      .map(({ fact }) => ({ fact: { ...fact, kind: 'attribute', lead: leadId('') } as Fact }))
    const { attributes, attribute_times } = withFacts({ ...newProfile(0), ...row }, asLead, undefined)
    await client.query('update account set attributes = $2, attribute_times = $3 where account_id = $1', [
      row.account_id,
      JSON.stringify(attributes),
      JSON.stringify(attribute_times),
    ])
  }
  await appendFacts(client, facts, facts[0]!.fact.receivedAt!)
  return new Set(rows.map(({ account_id }) => account_id))
}

/**
 * Holds accounts that leads are linked to until the commit: whoever learns something of one meanwhile waits, and then knows the leads;
 * and what was learned before is in the log that the leads are judged by.
 * @param held  accounts that need no holding any more
 */
async function holdLinked(
  client: pg.PoolClient,
  { ofLeads }: News,
  { accountRoots, held }: { accountRoots: AccountMembers; held: ReadonlySet<string> },
): Promise<void> {
  const linked = new Set(
    [...ofLeads.values()].flatMap(({ facts }) =>
      facts.flatMap(({ fact }) =>
        fact.kind === 'link' && fact.account !== null ? [accountRoots.get(fact.account) ?? fact.account] : [],
      ),
    ),
  ).difference(held)
  if (linked.size === 0) return
  await client.query({
    name: 'hold-accounts',
    text: 'select from account where account_id = any($1::uuid[]) order by account_id for key share',
    values: [[...linked]],
  })
}

// --- What it brings about --------------------------------------------------------------------------------------------

interface Spreading {
  readonly live: LivePlan | undefined
  readonly news: News
  readonly merges: readonly Merge[]
  /** Of leads that were there before. */
  readonly circles: ReadonlyMap<string, string>
  readonly created: ReadonlySet<string>
  /** New e-mail addresses by which leads are known. */
  readonly emails: ReadonlyMap<string, string>
  /** Accounts of which something was learned, as they are now. */
  readonly accounts: ReadonlySet<string>
  /** Of accounts that are part of another: the other. */
  readonly accountRoots: AccountMembers
  /** Leads whose accounts have become one, where they are few. */
  readonly moved: readonly string[]
  readonly now: Instant
  readonly last: Last
}

/** Everybody concerned, read under the locks of their circles. */
interface Concerned {
  readonly circles: ReadonlyMap<string, CircleRow>
  readonly leads: readonly LeadRow[]
  /** Leads of which more has become known than what they did; only these were read with their attributes. */
  readonly known: ReadonlySet<string>
  /** Circles whose leads have changed: their state is no use. */
  readonly changed: ReadonlySet<string>
}

async function spread(client: pg.PoolClient, taking: Taking, spreading: Spreading): Promise<void> {
  const { live, news, merges, now, last } = spreading
  const concerned = await gather(client, spreading)
  const merged = await readMerged(client, merges)
  const facts = [...news.ofLeads.values()].flatMap((own) => own.facts)
  // The database is busy with the facts while we assess, and then with some circles while we assess the next.
  last(Promise.all([writeTouches(client, news), appendFacts(client, facts, now)]))
  const sent: Promise<unknown>[] = []
  for (const [place, circles] of inParts(workOf(concerned, spreading)).entries()) {
    if (place > 0) await breath()
    const assessed = live && (await assessCircles(client, live, { circles, now, log: taking.log }))
    const leads = circles.flatMap((circle) => circle.leads)
    const shown = await shownOf(client, { leads, known: concerned.known, merged }, spreading)
    last(writeLeads(client, { ...shown, assessed: assessed?.columns ?? new Map() }))
    if (assessed === undefined) continue
    last(assessed.written)
    sent.push(assessed.sent)
  }
  await Promise.all(sent)
}

/** So many circles are assessed without looking up. */
const AT_ONCE = 64

const inParts = <T>(all: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(all.length / AT_ONCE) }, (_, place) =>
    all.slice(place * AT_ONCE, (place + 1) * AT_ONCE),
  )

/** What has been written is sent meanwhile, and answers are heard. */
const breath = () => new Promise<void>((resolve) => setImmediate(resolve))

/** What is shown of leads besides their assessment, with what was learned of them. */
async function shownOf(
  client: pg.PoolClient,
  {
    leads,
    known,
    merged,
  }: { leads: readonly LeadRow[]; known: ReadonlySet<string>; merged: ReadonlyMap<string, LeadRow[]> },
  spreading: Spreading,
): Promise<Pick<LeadNews, 'profiles' | 'seen'>> {
  const { news, created, accountRoots } = spreading
  const learned = new Map<string, { readonly row: LeadRow; readonly profile: Profile }>()
  const seen = new Map<string, SeenColumns>()
  for (const row of leads) {
    const own = news.ofLeads.get(row.lead_id)
    const others = merged.get(row.lead_id) ?? []
    if (own === undefined && others.length === 0) continue
    const before = created.has(row.lead_id) ? { ...row, created_at: Infinity } : row
    const joined = others.reduce<Profile>(mergedProfile, before)
    const profile = withFacts(joined, asNow(own?.facts ?? [], accountRoots), own?.touch)
    const created_at = Number.isFinite(profile.created_at) ? profile.created_at : row.created_at
    if (known.has(row.lead_id)) learned.set(row.lead_id, { row, profile: { ...profile, created_at } })
    else {
      const { first_touch, last_activity_at } = profile
      seen.set(row.lead_id, { first_touch, created_at, last_activity_at })
    }
  }
  return { profiles: await profilesOf(client, learned, spreading), seen }
}

const asNow = (facts: readonly LoggedFact[], accountRoots: AccountMembers): readonly LoggedFact[] =>
  accountRoots.size === 0 ? facts : facts.map((each) => ({ ...each, fact: linkedAsNow(each.fact, accountRoots) }))

/** Names are looked up only where an address was said before and is no longer, or where two leads have become one. */
async function profilesOf(
  client: pg.PoolClient,
  known: ReadonlyMap<string, { readonly row: LeadRow; readonly profile: Profile }>,
  { emails, merges }: Spreading,
): Promise<Map<string, ProfileColumns>> {
  const merged = new Set(merges.map(({ into }) => into))
  const unsure = [...known].flatMap(([lead, { row, profile }]) =>
    saidEmail(profile) === undefined && (merged.has(lead) || saidEmail(row) !== undefined) ? [lead] : [],
  )
  const found = await firstEmails(client, unsure)
  const nameOf = (lead: string, { email }: LeadRow) => {
    const fresh = emails.get(lead)
    return email === null || (fresh !== undefined && fresh < email) ? fresh : email
  }
  return new Map(
    [...known].map(([lead, { row, profile }]) => [
      lead,
      profileColumns(profile, row.circle_id, found.get(lead) ?? nameOf(lead, row)),
    ]),
  )
}

/** Locks and reads every circle that the news is about, after joining those that have become one. */
async function gather(client: pg.PoolClient, spreading: Spreading): Promise<Concerned> {
  const { news, merges, accounts, created, emails, moved, now } = spreading
  const touched = [...news.ofLeads.keys(), ...merges.flatMap(({ lead, into }) => [lead, into])]
  const colleagues = [...(await leadsOfAccounts(client, accounts, now)), ...moved]
  const circleOf = await circlesOfLeads(client, [...touched, ...colleagues], spreading)
  const pairs = merges.map(({ lead, into }): [string, string] => [circleOf.get(lead)!, circleOf.get(into)!])
  pairs.push(...(await accountPairs(client, news, circleOf)))
  const joins = joinsOf(pairs)
  const ids = new Set([...circleOf.values(), ...pairs.flat()])
  const known = new Set([...learnedOf(news), ...merges.map(({ into }) => into), ...emails.keys()])
  const isPlain = pairs.length === 0 && news.excluded.size === 0
  const plain = isPlain ? await lockAndRead(client, { ids: [...ids], created, known }) : undefined
  const circles = plain?.circles ?? (await lockCircles(client, [...ids]))
  if (pairs.length > 0) await requireSame(client, { circleOf, news, pairs, merges })
  for (const merge of merges) await writeMerge(client, merge, now)
  await joinCircles(client, joins)
  const reconsidered = await hear(client, news, now)
  await exclude(client, news.excluded)
  const left = [...ids].filter((id) => !joins.has(id))
  const leads = (reconsidered.size === 0 ? plain?.leads : undefined) ?? (await readLeads(client, left, [...known]))
  const found = new Set(leads.map(({ lead_id }) => lead_id))
  // Between finding out who is concerned and holding the locks, somebody else may have merged or moved one of them.
  if (![...news.ofLeads.keys()].every((lead) => found.has(lead))) throw new NameTaken('a lead has moved meanwhile')
  const objecting = leads.flatMap(({ lead_id, circle_id }) => (reconsidered.has(lead_id) ? [circle_id] : []))
  // Two leads of one circle that turn out to be one: no circle ends, and still its state is of other leads.
  const merged = merges.map(({ into }) => circleOf.get(into)!).map((id) => joins.get(id) ?? id)
  return { circles, leads, known, changed: new Set([...joins.values(), ...merged, ...objecting]) }
}

/** Whoever objects is not assessed from this very transaction on. */
async function hear(client: pg.PoolClient, { consents }: News, now: Instant): Promise<ReadonlySet<string>> {
  if (consents.length === 0) return NOBODY
  const scoring = await recordHeard(client, consents, now)
  return scoring.size === 0 ? NOBODY : setObjecting(client, scoring)
}

const NOBODY: ReadonlySet<string> = new Set()

/** Leads of which somebody has said something. */
const learnedOf = ({ ofLeads }: News) =>
  [...ofLeads].flatMap(([lead, { facts }]) =>
    facts.some(({ fact }) => fact.kind === 'attribute' || fact.kind === 'link') ? [lead] : [],
  )

/**
 * All in one go, where nothing is joined.
 * @param created  new leads, whose circles are called as they are
 * @returns undefined where a circle was not there: lock and read one after the other then
 */
async function lockAndRead(
  client: pg.PoolClient,
  { ids, created, known }: { ids: readonly string[]; created: ReadonlySet<string>; known: ReadonlySet<string> },
): Promise<{ circles: Map<string, CircleRow>; leads: LeadRow[] } | undefined> {
  const [, circles, leads] = await Promise.all([
    makeCircles(client, [...created]),
    lockExisting(client, ids),
    readLeads(client, ids, [...known]),
  ])
  return circles.size === ids.length ? { circles, leads } : undefined
}

/** What is about to be joined must, now that it is locked, still be what it was. @throws NameTaken */
async function requireSame(
  client: pg.PoolClient,
  {
    circleOf,
    news,
    pairs,
    merges,
  }: {
    circleOf: ReadonlyMap<string, string>
    news: News
    pairs: readonly [string, string][]
    merges: readonly Merge[]
  },
): Promise<void> {
  const now = await readCircles(client, [...circleOf.keys()])
  const pairsNow = await accountPairs(client, news, now)
  const isSame =
    [...circleOf].every(([lead, circle]) => now.get(lead) === circle) &&
    JSON.stringify(pairs.slice(merges.length)) === JSON.stringify(pairsNow)
  const { rows } = await client.query('select from lead where lead_id = any($1::uuid[]) and merged_into is not null', [
    merges.flatMap(({ lead, into }) => [lead, into]),
  ])
  if (!isSame || rows.length > 0) throw new NameTaken('a lead has moved meanwhile')
}

/** Leads of accounts of which something was learned; of large accounts they are left to the timers. */
async function leadsOfAccounts(client: pg.PoolClient, accounts: ReadonlySet<string>, now: Instant): Promise<string[]> {
  const leads: string[] = []
  for (const account of accounts) {
    const { rows } = await client.query<{ lead_id: string }>({
      name: 'read-account-leads',
      text: 'select lead_id from lead where account_id = $1 and merged_into is null limit $2',
      values: [account, LEADS_AT_ONCE_MAX + 1],
    })
    if (rows.length <= LEADS_AT_ONCE_MAX) leads.push(...rows.map(({ lead_id }) => lead_id))
    else await lookAgain(client, account, now)
  }
  return leads
}

/** Locks its circles in the same order as everybody else does. */
async function lookAgain(client: pg.PoolClient, account: string, now: Instant): Promise<void> {
  const { rows } = await client.query<{ circle_id: string }>(
    'select distinct circle_id from lead where account_id = $1 and merged_into is null',
    [account],
  )
  const ids = rows.map(({ circle_id }) => circle_id)
  const circles = await lockCircles(client, ids)
  await writeCircles(
    client,
    [...circles.values()].map(({ circle_id, version }) => ({ circleId: circle_id, version, state: null, dueAt: now })),
  )
}

async function circlesOfLeads(
  client: pg.PoolClient,
  all: readonly string[],
  { circles, created }: Pick<Spreading, 'circles' | 'created'>,
): Promise<Map<string, string>> {
  const found = new Map(
    all.flatMap((lead) => {
      const circle = created.has(lead) ? lead : circles.get(lead)
      return circle === undefined ? [] : [[lead, circle]]
    }),
  )
  for (const [lead, circle] of await readCircles(
    client,
    all.filter((each) => !found.has(each)),
  )) {
    found.set(lead, circle)
  }
  return found
}

async function readCircles(client: pg.PoolClient, leads: readonly string[]): Promise<Map<string, string>> {
  if (leads.length === 0) return new Map()
  const { rows } = await client.query<{ lead_id: string; circle_id: string }>({
    name: 'read-circles-of-leads',
    text: 'select lead_id, circle_id from lead where lead_id = any($1::uuid[])',
    values: [leads],
  })
  return new Map(rows.map(({ lead_id, circle_id }) => [lead_id, circle_id]))
}

/** A lead that joins an account joins its circle, where the definition looks at accounts. */
async function accountPairs(
  client: pg.PoolClient,
  { ofLeads }: News,
  circleOf: ReadonlyMap<string, string>,
): Promise<[string, string][]> {
  const links = [...ofLeads].flatMap(([lead, { facts }]) =>
    facts.flatMap(({ fact }) =>
      fact.kind === 'link' && fact.account !== null ? [{ lead, account: fact.account }] : [],
    ),
  )
  if (links.length === 0 || !(await joinsAccounts(client))) return []
  const { rows } = await client.query<{ account_id: string; circle_id: string }>(
    `select a.account_id, now.circle_id from account a
     join account now on now.account_id = coalesce(a.merged_into, a.account_id) where a.account_id = any($1::uuid[])`,
    [links.map(({ account }) => account)],
  )
  const circles = new Map(rows.map(({ account_id, circle_id }) => [account_id, circle_id]))
  return links.map(({ lead, account }) => [circleOf.get(lead)!, circles.get(account)!])
}

/** Leads that messages say are none to be assessed; what was decided about one before stays. */
async function exclude(client: pg.PoolClient, excluded: ReadonlyMap<string, string>): Promise<void> {
  if (excluded.size === 0) return
  await client.query({
    name: 'exclude-leads',
    text: `update lead set excluded_as = x.excluded_as from unnest($1::uuid[], $2::text[]) as x(lead_id, excluded_as)
      where lead.lead_id = x.lead_id and lead.excluded_as is null and not lead.is_kept`,
    values: [[...excluded.keys()], [...excluded.values()]],
  })
}

/** Rows of leads that are now part of others, by the others. */
async function readMerged(client: pg.PoolClient, merges: readonly Merge[]): Promise<Map<string, LeadRow[]>> {
  if (merges.length === 0) return new Map()
  const { rows } = await client.query<LeadRow & { merged_into: string }>(
    'select * from lead where lead_id = any($1::uuid[])',
    [merges.map(({ lead }) => lead)],
  )
  return Map.groupBy(rows, ({ merged_into }) => merged_into)
}

async function writeTouches(client: pg.PoolClient, { ofLeads }: News): Promise<void> {
  const touches = [...ofLeads].flatMap(([lead_id, { touch }]) =>
    touch ? [{ lead_id, at: touch.at, body: touch }] : [],
  )
  if (touches.length === 0) return
  await client.query({
    name: 'write-touches',
    text: `insert into touch (lead_id, at, body)
      select lead_id, to_timestamp(at / 1000.0), body
      from json_to_recordset($1::json) as x(lead_id uuid, at double precision, body jsonb)
      on conflict (lead_id) do update set at = excluded.at, body = excluded.body
      where (excluded.at, excluded.body::text) < (touch.at, touch.body::text)`,
    values: [JSON.stringify(touches)],
  })
}

/** A circle with its leads as they are shown. */
type ShownWork = CircleWork & { readonly leads: readonly LeadRow[] }

function workOf({ circles, leads, changed }: Concerned, { news, accounts, created }: Spreading): ShownWork[] {
  const byCircle = Map.groupBy(leads, ({ circle_id }) => circle_id)
  return [...byCircle].map(([id, members]): ShownWork => {
    const facts = members.flatMap(({ lead_id }) => news.ofLeads.get(lead_id)?.facts ?? []).map(({ fact }) => fact)
    const isLinked = facts.some(({ kind }) => kind === 'link')
    return {
      row: circles.get(id)!,
      leads: members,
      facts,
      isAnew: changed.has(id) || members.some(({ account_id }) => account_id !== null && accounts.has(account_id)),
      // What is known of an account lies in the log.
      isNew: members.every(({ lead_id }) => created.has(lead_id)) && !isLinked && !changed.has(id),
    }
  })
}
