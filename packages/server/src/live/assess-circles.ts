/** Assesses circles inside a transaction that holds their locks: state, ledger, outbox and what lists show. */
import type { Fact, Instant } from '@winnow/engine'
import type pg from 'pg'
import type { Logger } from 'pino'
import { rebuildCircle, resumeCircle, type CircleOutcome, type LeadOutcome, type Standing } from './assess-circle.ts'
import {
  NOT_ASSESSED,
  readMembers,
  writeCircles,
  type AssessedColumns,
  type CircleRow,
  type CircleWrite,
  type LeadRow,
} from './circles.ts'
import { NOTHING_NEW, placed, reconcile, standingsBefore, writeLedger, type Account } from './ledger.ts'
import { appendFacts, readLog, type Logs } from './log.ts'
import type { LivePlan } from './plans.ts'

type Querying = Pick<pg.ClientBase, 'query'>

/** A circle to look at, whose lock is held. */
export interface CircleWork {
  readonly row: CircleRow
  /** Its leads that stand for themselves; those that are excluded are not assessed. */
  readonly leads: readonly Pick<LeadRow, 'lead_id' | 'excluded_as' | 'assessed_at'>[]
  /** Facts that its state does not hold yet; they are in the log already. */
  readonly facts: readonly Fact[]
  /** Its state is no use: leads were merged, or it has never had one. */
  readonly isAnew: boolean
  /** `facts` is its whole log: nothing need be read. */
  readonly isNew: boolean
}

/** A circle that could not be assessed is looked at again after this long. */
const AGAIN_MS = 60_000

export interface Assessed {
  /** What each lead's columns should say; leads of a circle that could not be assessed are left out and keep theirs. */
  readonly columns: ReadonlyMap<string, AssessedColumns>
  /** Settled when every statement is on its way. */
  readonly sent: Promise<unknown>
  /** Settled when state, ledger and outbox are written. */
  readonly written: Promise<unknown>
}

/** Wait for `sent` before the commit is sent, and for `written` to know that all is well. */
export async function assessCircles(
  client: Querying,
  live: LivePlan,
  { circles, now, log }: { circles: readonly CircleWork[]; now: Instant; log: Logger },
): Promise<Assessed> {
  const outcomes = new Map<CircleWork, CircleOutcome | Error>()
  const rebuilding: CircleWork[] = []
  for (const work of circles) {
    const outcome = work.isAnew || work.isNew ? 'rebuild' : tryResume(live, work, now)
    if (outcome === 'rebuild') rebuilding.push(work)
    else outcomes.set(work, outcome)
  }
  for (const [work, outcome] of await rebuild(client, live, rebuilding, now)) outcomes.set(work, outcome)
  return writeOutcomes(client, live, { outcomes, now, log })
}

function tryResume(live: LivePlan, { row, leads, facts }: CircleWork, now: Instant): CircleOutcome | 'rebuild' | Error {
  if (row.version !== live.version || row.state === null) return 'rebuild'
  return attempt(() => resumeCircle(live, row.state!, { facts, leads: assessed(leads), now: notBefore(leads, now) }))
}

/** A clock that is set back, or runs behind that of another server, takes back nothing that has come to pass. */
const notBefore = (leads: CircleWork['leads'], now: Instant): Instant =>
  leads.reduce((latest, { assessed_at }) => Math.max(latest, assessed_at ?? -Infinity), now)

const assessed = (leads: CircleWork['leads']) =>
  leads.flatMap(({ lead_id, excluded_as }) => (excluded_as === null ? [lead_id] : []))

/** A bug in the engine must not keep others from being stored. */
function attempt<T>(run: () => T): T | Error {
  try {
    return run()
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

async function rebuild(
  client: Querying,
  live: LivePlan,
  circles: readonly CircleWork[],
  now: Instant,
): Promise<Map<CircleWork, CircleOutcome | Error>> {
  const history = await readHistory(client, live, circles)
  return new Map(circles.map((work) => [work, rebuildOne(live, work, { history, now })]))
}

/** What circles are made anew from. */
export interface History {
  readonly logs: Logs
  readonly standings: ReadonlyMap<string, Standing>
}

/** @param readFacts  of leads, each as a fact of the one that it is now */
export async function readHistory(
  client: Querying,
  live: LivePlan,
  circles: readonly CircleWork[],
  readFacts: (client: Querying, rootOf: ReadonlyMap<string, string>) => Promise<Logs> = readLog,
): Promise<History> {
  const leads = circles.filter(({ isNew }) => !isNew).flatMap((work) => assessed(work.leads))
  if (leads.length === 0) return { logs: new Map(), standings: new Map() }
  const logs = await readFacts(client, await readMembers(client, leads))
  return { logs, standings: await standingsBefore(client, leads, live) }
}

export function rebuildOne(
  live: LivePlan,
  work: CircleWork,
  { history, now }: { history: History; now: Instant },
): CircleOutcome | Error {
  const leads = assessed(work.leads)
  const facts = work.isNew ? work.facts : onlyOnce(leads.flatMap((lead) => history.logs.get(lead) ?? []))
  const before = new Map(
    leads.flatMap((lead) => {
      const standing = history.standings.get(lead)
      return standing === undefined ? [] : [[lead, standing] as const]
    }),
  )
  return attempt(() => rebuildCircle(live, { facts, leads, now: notBefore(work.leads, now), before }))
}

/** A fact of an account is in the log of each of its leads. */
function onlyOnce(facts: readonly Fact[]): readonly Fact[] {
  if (!facts.some(({ kind }) => kind === 'account_attribute')) return facts
  return [...new Map(facts.map((fact) => [fact.id, fact])).values()]
}

export function writeOutcomes(
  client: Querying,
  live: LivePlan,
  { outcomes, now, log }: { outcomes: ReadonlyMap<CircleWork, CircleOutcome | Error>; now: Instant; log: Logger },
): Assessed {
  const columns = new Map<string, AssessedColumns>()
  const writes: CircleWrite[] = []
  const known: Account[] = []
  const unknown: Account[] = []
  const carried: Fact[] = []
  for (const [{ row, leads, isNew }, outcome] of outcomes) {
    for (const { lead_id, excluded_as } of leads) if (excluded_as !== null) columns.set(lead_id, NOT_ASSESSED)
    if (outcome instanceof Error) {
      log.error({ err: outcome, circle: row.circle_id }, 'a circle could not be assessed')
      writes.push({ circleId: row.circle_id, version: row.version, state: null, dueAt: now + AGAIN_MS })
      continue
    }
    const { state, dueAt, from, transitions } = outcome
    writes.push({ circleId: row.circle_id, version: live.version, state, dueAt: dueAt ?? null })
    ;(isNew ? unknown : known).push({ leads: [...outcome.leads.keys()], from, transitions })
    carried.push(...outcome.carried)
    for (const [lead, each] of outcome.leads) columns.set(lead, columnsOf(live, each))
  }
  const ledger = settleLedger(client, live, { known, unknown, now })
  const written = Promise.all([
    ledger.then((settled) => settled.written),
    appendFacts(
      client,
      carried.map((fact) => ({ fact })),
      now,
    ),
    writeCircles(client, writes),
  ])
  written.catch(() => {}) // where another statement has failed before, nobody waits for this one
  return { columns, sent: ledger, written }
}

/** @returns when what has to be written is known, and on its way */
async function settleLedger(
  client: Querying,
  live: LivePlan,
  { known, unknown, now }: { known: readonly Account[]; unknown: readonly Account[]; now: Instant },
): Promise<{ written: Promise<void> }> {
  const found = known.length > 0 ? await reconcile(client, known, live) : NOTHING_NEW
  const all = { ...found, added: [...found.added, ...unknown.flatMap(({ transitions }) => placed(transitions))] }
  const written = writeLedger(client, all, { version: live.version, now })
  written.catch(() => {}) // told by whoever waits for all of them
  return { written }
}

function columnsOf({ version }: LivePlan, { assessment, nextChangeAt }: LeadOutcome): AssessedColumns {
  const { asOf, stage, levels, scores, value } = assessment
  return {
    version,
    assessed_at: asOf,
    stage: stage.id,
    stage_since: stage.since,
    sla_due_at: stage.sla?.dueAt ?? null,
    levels,
    scores,
    expected_value: value?.expected ?? null,
    next_change_at: nextChangeAt ?? null,
  }
}
