/** The log of leads, read from its copy by whoever brings them to another version. */
import { leadId } from '@winnow/engine'
import type pg from 'pg'
import { readMergedAccounts, type AccountMembers } from '../live/account-members.ts'
import { readCarried, type Logs } from '../live/log.ts'
import { countAdded, isOfOtherLog } from './behind.ts'
import { closeCopy, openCopy, readManifest, type Manifest, type OpenCopy } from './folder.ts'
import { follow } from './follow.ts'
import { CopyReader } from './reader.ts'

/** A copy that more than this part of the log is missing from takes longer to bring up to date than it saves. */
const MISSING_PART_MAX = 0.25

/** The copy of the log as it was at a moment. */
export class LogCopy {
  /** What had been committed by then. */
  readonly snapshot: string
  private readonly opened: OpenCopy
  private readonly reader: CopyReader

  constructor(opened: OpenCopy, snapshot: string, merged: AccountMembers) {
    this.opened = opened
    this.snapshot = snapshot
    this.reader = new CopyReader(opened, Infinity, merged)
  }

  /**
   * Like `readLog`; but what facts are called see `CopyReader.factsOf`, and they are only read when they are asked for: most of them
   * need not live longer than it takes to judge their lead.
   * @param rootOf  leads of which the log has got nothing since
   * @throws CopyDamaged also when they are asked for
   */
  async read(client: Pick<pg.ClientBase, 'query'>, rootOf: ReadonlyMap<string, string>): Promise<Logs> {
    const leads = [...rootOf.keys()]
    const carried = await readCarried(client, rootOf)
    const members = Map.groupBy(leads, (lead) => rootOf.get(lead)!)
    // What was carried has to find its place among what else was decided at its instant, by the ids of all.
    const named = new Map([...members].filter(([root, own]) => own.length > 1 || own[0] !== root || carried.has(root)))
    this.reader.begin(leads)
    const factsOf = (root: string) => [...this.reader.factsOf([leadId(root)], named), ...(carried.get(root) ?? [])]
    return { get: (root) => (members.has(root) ? factsOf(root) : undefined) }
  }

  close(): void {
    closeCopy(this.opened)
  }
}

/** Opens the copy as the log is now, if it is not far behind. @see follow */
export async function openIfNear(url: string, folder: string, pool: pg.Pool): Promise<LogCopy | undefined> {
  const manifest = await readManifest(folder)
  if (manifest === undefined || (await isOfOtherLog(pool, manifest.log))) return undefined
  const most = Math.floor(rowsOf(manifest) * MISSING_PART_MAX)
  if ((await countAdded(pool, manifest.snapshot, most + 1)) > most) return undefined
  const { opened, snapshot } = await follow(url, folder, (now) => ({
    opened: openCopy(folder, now),
    snapshot: now.snapshot,
  }))
  try {
    // Whose accounts become one later is written later, and is not read from the copy.
    return new LogCopy(opened, snapshot, await readMergedAccounts(pool))
  } catch (error) {
    closeCopy(opened)
    throw error
  }
}

const rowsOf = ({ buckets }: Manifest) =>
  buckets.flatMap(({ blocks }) => blocks).reduce((sum, { rows }) => sum + rows, 0)
