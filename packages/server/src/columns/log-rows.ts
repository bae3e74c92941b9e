/** The log as PostgreSQL's binary `COPY` sends it, row by row: the owner, two instants, the id of the fact, a name and what it says. */
import type pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { CopiedPieces, instantAt } from '../db/copied.ts'
import type { Row } from './rows.ts'

export type OwnerKind = 'lead' | 'account'

/** What is read: everything, or what transactions have added that a snapshot does not hold, or what is known of some leads and accounts. */
export type Part =
  | { readonly kind: 'all' }
  | { readonly kind: 'since'; readonly snapshot: string }
  | { readonly kind: 'of'; readonly ids: readonly string[] }

const SNAPSHOT = /^(\d+):\d+:[\d,]*$/
const UUID = /^[0-9a-f-]{36}$/

/** `COPY` takes no parameters: what is written into the statement has been given by the database, and is looked at again. */
function whereOf(part: Part, columns: readonly string[]): string {
  switch (part.kind) {
    case 'all':
      return 'true'
    case 'since': {
      const [, from] = SNAPSHOT.exec(part.snapshot) ?? []
      if (from === undefined) throw new TypeError('a snapshot is none')
      return `transaction_id >= ${from} and not pg_visible_in_snapshot(transaction_id::text::xid8, '${part.snapshot}')`
    }
    case 'of': {
      if (!part.ids.every((id) => UUID.test(id))) throw new TypeError('an id is no UUID')
      return columns.map((column) => `${column} = any('{${part.ids.join(',')}}'::uuid[])`).join(' or ')
    }
  }
}

const queriesOf = (part: Part): readonly (readonly [OwnerKind, string])[] => [
  [
    'lead',
    `select lead_id, at, received_at, fact_id, type, properties, 'activity' as kind from activity
     where ${whereOf(part, ['lead_id'])}`,
  ],
  [
    'lead',
    `select lead_id, at, received_at, fact_id, '', body, case when 'inferred' = any(flags) then 'inferred' else kind end
     from fact where lead_id is not null and fact_id not like 'carry/%' and (${whereOf(part, ['lead_id'])})`,
  ],
  [
    'account',
    `select account_id, at, received_at, fact_id, '', body, kind
     from fact where lead_id is null and (${whereOf(part, ['account_id'])})`,
  ],
]

/** @param take  gets every row, and is waited for after each piece that comes from the database */
export async function readRows(
  client: pg.ClientBase,
  part: Part,
  take: { readonly row: (row: Row, kind: OwnerKind) => void; readonly breath: () => Promise<void> },
): Promise<void> {
  for (const [kind, query] of queriesOf(part)) {
    const rows = new CopiedPieces((bytes, begin) => take.row(rowAt(bytes, begin), kind))
    for await (const piece of client.query(copyTo(`copy (${query}) to stdout (format binary)`))) {
      rows.take(piece as Buffer)
      await take.breath()
    }
  }
}

const OWNER_BYTES = 16
const INSTANT_BYTES = 8

/** Seven fields, each behind its length. */
function rowAt(bytes: Buffer, begin: number): Row {
  const owner = begin + 2 + 4
  const at = owner + OWNER_BYTES + 4
  const receivedAt = at + INSTANT_BYTES + 4
  const id = receivedAt + INSTANT_BYTES + 4
  const idEnd = id + bytes.readInt32BE(id - 4)
  const name = idEnd + 4
  const nameEnd = name + bytes.readInt32BE(idEnd)
  const what = nameEnd + 4
  const whatEnd = what + bytes.readInt32BE(nameEnd)
  const kind = bytes.toString('latin1', whatEnd + 4, whatEnd + 4 + bytes.readInt32BE(whatEnd))
  // Before the text of a `jsonb` comes the version of its form.
  const saying = `["${kind}",${JSON.stringify(bytes.toString('utf8', name, nameEnd))},${bytes.toString('utf8', what + 1, whatEnd)}]`
  return {
    owner: bytes.toString('latin1', owner, owner + OWNER_BYTES),
    at: instantAt(bytes, at),
    receivedAt: instantAt(bytes, receivedAt),
    id: bytes.toString('utf8', id, idEnd),
    saying,
  }
}
