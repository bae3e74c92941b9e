/** The copy of a test database's log in a folder of its own, read beside the database itself. */
import { compareFacts, leadId, type Fact } from '@winnow/engine'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readCompany, readGroups, readMerged, type GroupFacts } from '../../src/backtests/company.ts'
import { closeCopy } from '../../src/columns/folder.ts'
import { follow, openUpToDate } from '../../src/columns/follow.ts'
import { CopyReader } from '../../src/columns/reader.ts'
import { openDatabase } from '../../src/db/database.ts'
import { readMergedAccounts } from '../../src/live/account-members.ts'
import { copyingReader } from '../../src/live/log-copy.ts'
import type { TestDatabase } from '../database.ts'

export class Copying {
  readonly database: TestDatabase
  readonly folder: string

  constructor(database: TestDatabase, folder: string) {
    this.database = database
    this.folder = folder
  }

  static async open(database: TestDatabase): Promise<Copying> {
    return new Copying(database, join(await mkdtemp(join(tmpdir(), 'winnow-columns-')), 'columns'))
  }

  follow(): Promise<unknown> {
    return follow(this.database.url, this.folder, () => undefined)
  }

  /** Turns a bit near the end of each of its files. */
  async damage(): Promise<void> {
    for (const name of (await readdir(this.folder)).filter((each) => each.startsWith('bucket'))) {
      const path = join(this.folder, name)
      const bytes = await readFile(path)
      bytes[bytes.length - 9]! ^= 1
      await writeFile(path, bytes)
    }
  }

  async remove(): Promise<void> {
    await rm(join(this.folder, '..'), { recursive: true, force: true })
  }

  /** Everybody, in the groups in which they have to be looked at, as the copy has them once it is up to date. */
  async read(looksAtAccount: boolean, knownAt = Infinity): Promise<GroupFacts[]> {
    const { groups } = await readCompany(this.database, { excluded: 'without' }, looksAtAccount)
    const { pool } = this.database
    const [members, accounts] = [await readMerged(pool), await readMergedAccounts(pool)]
    const copy = await openUpToDate(this.database.url, this.folder)
    try {
      const reader = new CopyReader(copy, knownAt, accounts)
      reader.begin(groups.flat())
      return groups.map((group) => {
        const leads = group.map(leadId)
        return { leads, facts: reader.factsOf(leads, members) }
      })
    } finally {
      closeCopy(copy)
    }
  }

  /** The same from the database. */
  async readDatabase(looksAtAccount: boolean, knownAt = Infinity): Promise<GroupFacts[]> {
    const { database } = this
    const { groups } = await readCompany(database, { excluded: 'without' }, looksAtAccount)
    const copying = await openDatabase(database.url, { connectionsMax: 1, isPipelined: false })
    const client = await copying.pool.connect()
    try {
      return await readGroups(database.pool, copyingReader(client), { groups, knownAt })
    } finally {
      client.release()
      await copying.close()
    }
  }
}

/** Facts in the total order, without what they are called: a lead that stands alone has them by their places. */
export const unnamed = ({ leads, facts }: GroupFacts) => ({
  leads,
  facts: facts.toSorted(compareFacts).map(({ id: _, ...fact }: Fact) => fact),
})
