/**
 * What leads did, read in the order in which it lies in the database: where a backtest is about most of the company, one pass over
 * everything costs a fraction of finding each lead's own. Leads have to come in the order of their ids.
 */
import { leadId, type Fact, type Instant, type LeadId } from '@winnow/engine'
import type pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { CopiedPieces, instantAt } from '../db/copied.ts'

/** By lead, in no order. */
export interface WholeLog {
  readonly factsOf: (lead: string) => Fact[]
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * @param leads  in the order of their ids
 * @param knownAt  what was received later is left out
 */
export async function readWholeLog(
  client: pg.ClientBase,
  leads: readonly string[],
  knownAt: Instant,
): Promise<WholeLog> {
  const [first, last] = [leads[0]!, leads.at(-1)!]
  if (!UUID.test(first) || !UUID.test(last)) throw new TypeError('an id is no UUID')
  const rows = new Rows(leads, knownAt)
  const query = `select lead_id, at, received_at, fact_id, type, properties from activity where lead_id between '${first}' and '${last}'`
  const pieces = new CopiedPieces((bytes, begin, end) => rows.read(bytes, begin, end))
  for await (const piece of client.query(copyTo(`copy (${query}) to stdout (format binary)`)))
    pieces.take(piece as Buffer)
  return rows.close()
}

/** So many different things are remembered as they were read the first time: most are said again and again. */
const SAYINGS_MAX = 200_000

interface Saying {
  readonly type: string
  readonly properties: Record<string, unknown>
}

class Rows {
  private readonly leads: readonly string[]
  private readonly knownAt: Instant
  private readonly placeOf = new Map<string, number>()
  private readonly sayings = new Map<string, Saying>()
  private readonly place: number[] = []
  private readonly at: Instant[] = []
  private readonly receivedAt: Instant[] = []
  private readonly ids: string[] = []
  private readonly saying: Saying[] = []

  constructor(leads: readonly string[], knownAt: Instant) {
    this.leads = leads
    this.knownAt = knownAt
    for (const [place, lead] of leads.entries())
      this.placeOf.set(Buffer.from(lead.replaceAll('-', ''), 'hex').toString('latin1'), place)
  }

  /** Six fields: lead, at, received at, id, type, properties. */
  read(bytes: Buffer, begin: number, end: number): void {
    const lead = begin + 2 + 4
    const place = this.placeOf.get(bytes.toString('latin1', lead, lead + 16))
    if (place === undefined) return
    const at = instantAt(bytes, lead + 16 + 4)
    const receivedAt = instantAt(bytes, lead + 16 + 12 + 4)
    if (receivedAt > this.knownAt) return
    const id = lead + 16 + 12 + 12 + 4
    const type = id + bytes.readInt32BE(id - 4)
    this.place.push(place)
    this.at.push(at)
    this.receivedAt.push(receivedAt)
    this.ids.push(bytes.toString('utf8', id, type))
    this.saying.push(this.sayingAt(bytes, type, end))
  }

  private sayingAt(bytes: Buffer, begin: number, end: number): Saying {
    const key = bytes.toString('latin1', begin, end)
    const known = this.sayings.get(key)
    if (known !== undefined) return known
    const properties = begin + 4 + bytes.readInt32BE(begin)
    const saying = {
      type: bytes.toString('utf8', begin + 4, properties),
      // Behind the length comes the version of the form.
      properties: JSON.parse(bytes.toString('utf8', properties + 5, end)) as Record<string, unknown>,
    }
    if (this.sayings.size < SAYINGS_MAX) this.sayings.set(key, saying)
    return saying
  }

  close(): WholeLog {
    const { leads, place, at, receivedAt, ids, saying } = this
    const offsets = new Uint32Array(leads.length + 1)
    for (const each of place) offsets[each + 1]! += 1
    for (let index = 1; index < offsets.length; index++) offsets[index]! += offsets[index - 1]!
    const order = new Uint32Array(place.length)
    const next = offsets.slice()
    for (const [index, each] of place.entries()) order[next[each]!++] = index
    const places = new Map(leads.map((lead, index) => [lead, index]))
    return {
      factsOf: (lead) => {
        const row = places.get(lead)
        if (row === undefined) return []
        const own: LeadId = leadId(lead)
        return Array.from(order.subarray(offsets[row], offsets[row + 1]), (index): Fact => {
          const { type, properties } = saying[index]!
          return {
            kind: 'activity',
            id: ids[index]!,
            at: at[index]!,
            receivedAt: receivedAt[index]!,
            lead: own,
            type,
            properties,
          }
        })
      },
    }
  }
}
