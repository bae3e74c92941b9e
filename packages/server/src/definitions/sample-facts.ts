/** Facts of some leads for somebody who tries a definition in a browser: as the engine takes them, without who they are. */
import { accountId, leadId, sensitivityOf, type Definition, type Fact, type FactValue } from '@winnow/engine'
import type pg from 'pg'
import { readMembers } from '../live/circles.ts'
import { readLog } from '../live/log.ts'
import { usesIn } from './uses.ts'

export interface SampleFacts {
  /** Those that were chosen, by the names that they have in the facts. */
  readonly leads: readonly string[]
  readonly facts: readonly Fact[]
  readonly isCut: boolean
}

/** So many colleagues come along for each lead that was chosen, and for each account. */
const COLLEAGUES_PER_LEAD = 3
const COLLEAGUES_PER_ACCOUNT = 50

export async function sampleFacts(
  pool: pg.Pool,
  chosen: readonly string[],
  definition: Definition | undefined,
): Promise<SampleFacts> {
  const own = await readLogs(pool, chosen)
  const { colleagues, isCut } = await readColleagues(pool, chosen)
  const facts = [...own, ...(await readLogs(pool, colleagues))]
  return { ...anonymised(chosen, facts, keptNames(definition)), isCut }
}

async function readLogs(pool: pg.Pool, leads: readonly string[]): Promise<Fact[]> {
  if (leads.length === 0) return []
  const logs = await readLog(pool, await readMembers(pool, leads))
  return [...logs.values()].flat()
}

/** Others of the accounts that the chosen belong to now. */
async function readColleagues(
  pool: pg.Pool,
  chosen: readonly string[],
): Promise<{ colleagues: string[]; isCut: boolean }> {
  const max = COLLEAGUES_PER_LEAD * chosen.length
  const { rows } = await pool.query<{ lead_id: string; place: number }>(
    `select x.lead_id, x.place from
       (select distinct account_id from lead where lead_id = any($1::uuid[]) and account_id is not null) as a,
       lateral (
         select lead_id, row_number() over (order by lead_id) as place from (
           select lead_id from lead where account_id = a.account_id and merged_into is null and excluded_as is null
             and lead_id <> all($1::uuid[]) limit $2) as colleague
       ) as x
     limit $3`,
    [chosen, COLLEAGUES_PER_ACCOUNT + 1, max + 1],
  )
  const isCut = rows.length > max || rows.some(({ place }) => place > COLLEAGUES_PER_ACCOUNT)
  const colleagues = rows.filter(({ place }) => place <= COLLEAGUES_PER_ACCOUNT).slice(0, max)
  return { colleagues: colleagues.map(({ lead_id }) => lead_id), isCut }
}

// --- Without who they are --------------------------------------------------------------------------------------------

/** What the definition decides by has to stay, or it would decide otherwise. */
const keptNames = (definition: Definition | undefined): ReadonlySet<string> =>
  new Set(definition ? usesIn(definition).attributes.keys() : [])

const ADDRESS = /[^\s@]+@[^\s@]+\.[^\s@]+/

const tells = (name: string, value: unknown): boolean =>
  sensitivityOf(name, { type: 'text' }) === 'personal' || (typeof value === 'string' && ADDRESS.test(value))

function anonymised(
  chosen: readonly string[],
  facts: readonly Fact[],
  kept: ReadonlySet<string>,
): Pick<SampleFacts, 'leads' | 'facts'> {
  const leads = numbered('l')
  const accounts = numbered('a')
  const names = chosen.map(leads)
  const once = [...new Map(facts.map((fact) => [fact.id, fact])).values()]
  // Of one instant, facts count in the order of their ids: the new ones have the same.
  const ordered = once.sort((a, b) => (a.id < b.id ? -1 : 1))
  const anonymous = ordered.flatMap((fact, index): Fact[] => {
    if ((fact.kind === 'attribute' || fact.kind === 'account_attribute') && isHidden(fact, kept)) return []
    const base = { id: `f${String(index).padStart(8, '0')}`, at: fact.at }
    switch (fact.kind) {
      case 'account_attribute':
        return [
          { ...base, kind: fact.kind, account: accountId(accounts(fact.account)), name: fact.name, value: fact.value },
        ]
      case 'attribute':
        return [{ ...base, kind: fact.kind, lead: leadId(leads(fact.lead)), name: fact.name, value: fact.value }]
      case 'activity':
        return [
          {
            ...base,
            kind: fact.kind,
            lead: leadId(leads(fact.lead)),
            type: fact.type,
            properties: told(fact.properties),
          },
        ]
      case 'link': {
        const account = fact.account === null ? null : accountId(accounts(fact.account))
        return [{ ...base, kind: fact.kind, lead: leadId(leads(fact.lead)), account }]
      }
      case 'decision': {
        const { decision, amount, override } = fact
        const more = { ...(amount !== undefined && { amount }), ...(override !== undefined && { override }) }
        return [{ ...base, kind: fact.kind, lead: leadId(leads(fact.lead)), decision, ...more }]
      }
    }
  })
  return { leads: names, facts: anonymous }
}

const isHidden = ({ name, value }: { name: string; value: FactValue }, kept: ReadonlySet<string>) =>
  !kept.has(name) && tells(name, value)

const told = (properties: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(properties).filter(([name, value]) => !tells(name, value)))

/** Names in the order in which they are asked for. */
function numbered(prefix: string): (id: string) => string {
  const names = new Map<string, string>()
  return (id) => {
    const name = names.get(id) ?? `${prefix}${names.size + 1}`
    names.set(id, name)
    return name
  }
}
