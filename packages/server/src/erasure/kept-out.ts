/** Names of people who were erased and are not to be known again. Only keyed digests of them are there. */
import { createHmac } from 'node:crypto'
import type pg from 'pg'
import { binaries } from '../db/arrays.ts'
import type { LeadName } from '../live/intake.ts'
import { nameKey } from '../live/names.ts'

type Querying = Pick<pg.ClientBase, 'query'>

export class KeptOut {
  private key: Buffer | undefined

  /** @returns the keys, as `nameKey` makes them, of those that are kept out */
  async among(client: Querying, names: readonly LeadName[]): Promise<ReadonlySet<string>> {
    const byDigest = new Map<string, string>()
    for (const name of names) byDigest.set((await this.digest(client, name)).toString('hex'), nameKey(name))
    if (byDigest.size === 0) return NOBODY
    const { rows } = await client.query<{ digest: Buffer }>({
      name: 'read-kept-out',
      text: 'select digest from kept_out where digest = any($1::bytea[])',
      values: [binaries([...byDigest.keys()].map((hex) => Buffer.from(hex, 'hex')))],
    })
    return new Set(rows.map(({ digest }) => byDigest.get(digest.toString('hex'))!))
  }

  /** @returns how many of them were not kept out before */
  async add(client: Querying, names: readonly LeadName[], erasure: string): Promise<number> {
    const digests = await Promise.all(names.map((name) => this.digest(client, name)))
    const { rowCount } = await client.query(
      'insert into kept_out (digest, erasure_id) select unnest($1::bytea[]), $2 on conflict do nothing',
      [digests, erasure],
    )
    return rowCount ?? 0
  }

  /** @returns false where it was not kept out */
  async lift(client: Querying, name: LeadName): Promise<boolean> {
    const { rowCount } = await client.query('delete from kept_out where digest = $1', [await this.digest(client, name)])
    return rowCount === 1
  }

  private async digest(client: Querying, name: LeadName): Promise<Buffer> {
    this.key ??= await readKey(client) // kept only once it was there: the database may be away the first time
    return createHmac('sha256', this.key).update(nameKey(name)).digest()
  }
}

const NOBODY: ReadonlySet<string> = new Set()

async function readKey(client: Querying): Promise<Buffer> {
  const { rows } = await client.query<{ value: string }>("select value from secret where name = 'kept_out'")
  return Buffer.from(rows[0]!.value, 'hex')
}
