/** Making a text the live version. */
import { parseDefinitionText, testDefinition, type Instant } from '@winnow/engine'
import type pg from 'pg'
import { tellChange } from '../changes/outbox.ts'
import { LOCKS } from '../db/locks.ts'
import { ServerError } from '../errors.ts'
import { joinAllAccounts, stopJoining } from '../live/account-circles.ts'
import { compileText } from '../live/plans.ts'
import type { Taking } from '../live/take.ts'
import { inTransaction } from '../live/transaction.ts'
import { readMode } from '../proposals/mode.ts'
import { withdrawOutdated } from '../proposals/store.ts'
import { LISTED, type VersionRow } from './versions.ts'

export interface Publication {
  readonly text: string
  /** The version that is live as far as the publisher knows; null for none. */
  readonly replaces: number | null
  readonly note: string
  readonly by?: string | null
  readonly rollsBackTo?: number | null
  /** Why it goes live against the capacity gate. */
  readonly gateReason?: string | null | undefined
  /** Looks, in the transaction that publishes, whether this was agreed on as it has to be. @throws ServerError where it was not */
  readonly agreed?: (client: pg.PoolClient) => Promise<SignedAs>
  /** Notes in the same transaction what the version came from. */
  readonly wentLive?: (client: pg.PoolClient, version: VersionRow) => Promise<void>
}

export type SignedAs = NonNullable<VersionRow['signed_as']>

/** Without signatures: the very first version, and where one person is enough. */
export const agreedAlone =
  (replaces: number | null) =>
  async (client: pg.PoolClient): Promise<SignedAs> => {
    if (replaces === null) return 'first'
    if ((await readMode(client)) === 'one_person') return 'alone'
    throw new ServerError('signatures_missing', 'a version goes live with the signatures of marketing and of sales')
  }

/**
 * From its commit on everything that comes in is judged by the new version; `Restating` brings everybody else to it.
 * @throws ServerError `definition_invalid`; `examples_failed`; `conflict` where another version is live, or somebody else is
 * publishing; what `agreed` throws
 */
export async function publish(
  { pool, now }: Pick<Taking, 'pool' | 'now'>,
  publication: Publication,
): Promise<VersionRow> {
  const { looksAtAccount } = compileText(publication.text)
  requireExamples(publication.text)
  const client = await pool.connect()
  try {
    const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1) as locked', [
      LOCKS.publishing,
    ])
    if (!rows[0]!.locked) throw new ServerError('conflict', 'somebody else is publishing at this moment')
    await requireLive(client, publication.replaces)
    if (looksAtAccount) await joinAllAccounts(pool)
    return await inTransaction(pool, (transaction) => goLive(transaction, publication, { looksAtAccount, now: now() }))
  } finally {
    await client.query('select pg_advisory_unlock($1)', [LOCKS.publishing]).catch(() => {})
    client.release()
  }
}

/** @throws ServerError `examples_failed` with their names */
export function requireExamples(text: string): void {
  const parsed = parseDefinitionText(text)
  if (!parsed.ok) return
  const failed = testDefinition(parsed.definition).filter(({ ok }) => !ok)
  if (failed.length === 0) return
  const names = failed.map(({ name }) => `“${name}”`).join(', ')
  throw new ServerError('examples_failed', `these examples do not come out as they say: ${names}`, {
    details: failed.map(({ name, mismatches, problems }) => ({ name, mismatches, problems })),
  })
}

async function requireLive(client: Pick<pg.ClientBase, 'query'>, replaces: number | null): Promise<void> {
  const { rows } = await client.query<{ version: number; is_same: boolean }>(
    `select version, coalesce(renews, version) = (select coalesce(renews, version) from definition_version where version = $1)
       as is_same
     from definition_version where status = 'live' for update`,
    [replaces],
  )
  const live = rows[0]?.version ?? null
  // Whoever looked at a version that was renewed meanwhile has seen the same text.
  if (live === replaces || rows[0]?.is_same) return
  throw new ServerError('conflict', live === null ? 'no version is live' : `version ${live} is live by now`, {
    at: '/replaces',
    details: { live, replaces },
  })
}

async function goLive(
  client: pg.PoolClient,
  { text, replaces, note, by = null, rollsBackTo = null, gateReason = null, agreed, wentLive }: Publication,
  { looksAtAccount, now }: { looksAtAccount: boolean; now: Instant },
): Promise<VersionRow> {
  await requireLive(client, replaces)
  const signedAs = (await agreed?.(client)) ?? null
  if (!looksAtAccount) await stopJoining(client)
  await client.query(`update definition_version set status = 'retired' where status = 'live'`)
  // Later than any before, whatever clocks do: what the ledger says of a version begins with its publication.
  const { rows } = await client.query<VersionRow>(
    `insert into definition_version
       (version, text, name, published_at, published_by, note, rolls_back_to, status, signed_as, gate_reason)
     select coalesce(max(version), 0) + 1, $1, $2,
       greatest(to_timestamp($3 / 1000.0), max(published_at) + interval '1 millisecond'), $4, $5, $6, 'live', $7, $8
     from definition_version
     returning ${LISTED.join(', ')}`,
    [text, nameOf(text), now, by, note, rollsBackTo, signedAs, gateReason],
  )
  const version = rows[0]!
  await tellChange(client, { topic: 'definition', at: now, body: { version: version.version, replaces } })
  await wentLive?.(client, version)
  await withdrawOutdated(client, version.version, now)
  return version
}

/**
 * Publishes the live text as a version of its own, because what it judges has become less. Nothing new was agreed on, so that
 * nothing is withdrawn; the caller's transaction holds `LOCKS.publishing`.
 * @returns undefined where no version is live
 */
export async function renewLive(
  client: Pick<pg.ClientBase, 'query'>,
  { note, now }: { note: string; now: Instant },
): Promise<number | undefined> {
  const { rows: ended } = await client.query<{ version: number }>(
    `update definition_version set status = 'retired' where status = 'live' returning version`,
  )
  if (ended[0] === undefined) return undefined
  const { rows } = await client.query<{ version: number }>(
    `insert into definition_version (version, text, name, published_at, note, status, signed_as, renews)
     select (select max(version) + 1 from definition_version), text, name,
       (select greatest(to_timestamp($2 / 1000.0), max(published_at) + interval '1 millisecond') from definition_version),
       $3, 'live', signed_as, coalesce(renews, version)
     from definition_version where version = $1 returning version`,
    [ended[0].version, now, note],
  )
  const { version } = rows[0]!
  await tellChange(client, { topic: 'definition', at: now, body: { version, replaces: ended[0].version } })
  return version
}

function nameOf(text: string): string {
  const parsed = parseDefinitionText(text)
  return parsed.ok ? parsed.definition.name : ''
}
