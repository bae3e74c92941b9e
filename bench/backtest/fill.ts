/** The leads of `replay` in the tables of a server: what they did lies in the order in which it came. */
import type { Fact } from '@winnow/engine'
import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { Random } from '../random.ts'
import { drawLead } from '../replay/data.ts'
import { copy, emailOf, json, makePartitions, nameOf } from '../server/fill.ts'

const ACTIVITIES = 22
const DAY_MS = 86_400_000

/** @returns how many activities there are */
export async function fillLeads(pool: pg.Pool, leads: number): Promise<number> {
  const ids = Array.from({ length: leads }, () => randomUUID())
  const facts = drawAll(leads)
  await makePartitions(pool)
  await copy(pool, 'circle (circle_id)', ids.values())
  await copy(
    pool,
    'lead (lead_id, circle_id, email, name, attributes, attribute_times, created_at)',
    ids.values().map((id, index) => [id, id, emailOf(index), nameOf(index), '{}', '{}', '2025-06-01'].join('\t')),
  )
  const lineOf = ({ fact, lead }: Drawn, index: number, ...said: string[]) => {
    const at = new Date(fact.at).toISOString()
    return [ids[lead]!, at, `bench:${index.toString(36)}/0`, at, ...said].join('\t')
  }
  const activities = facts.filter(({ fact }) => fact.kind === 'activity')
  await copy(
    pool,
    'activity (lead_id, at, fact_id, received_at, type, properties)',
    activities.values().map((drawn, index) => {
      if (drawn.fact.kind !== 'activity') throw new TypeError('not an activity')
      return lineOf(drawn, index, drawn.fact.type, json(drawn.fact.properties))
    }),
  )
  const others = facts.filter(({ fact }) => fact.kind !== 'activity')
  await copy(
    pool,
    'fact (lead_id, at, fact_id, received_at, kind, body)',
    others.values().map((drawn, index) => lineOf(drawn, index, drawn.fact.kind, json(bodyOf(drawn.fact)))),
  )
  await pool.query('vacuum analyze')
  return activities.length
}

interface Drawn {
  readonly fact: Fact
  readonly lead: number
}

/** The facts of one lead; those that engage much are won more often. */
export function drawWinning(random: Random, lead: number): Fact[] {
  const facts = drawLead(random, lead, ACTIVITIES)
  const last = facts.at(-1)
  if (last !== undefined && last.kind !== 'account_attribute' && random.chance(Math.min(0.3, facts.length / 200)))
    facts.push({ kind: 'decision', id: 'won', at: last.at + DAY_MS, lead: last.lead, decision: 'win', amount: 5000 })
  return facts
}

function drawAll(leads: number): Drawn[] {
  const random = new Random(11)
  const drawn: Drawn[] = []
  for (let lead = 0; lead < leads; lead++) for (const fact of drawWinning(random, lead)) drawn.push({ fact, lead })
  return drawn.sort((a, b) => a.fact.at - b.fact.at)
}

function bodyOf(fact: Fact): unknown {
  const { kind: _, id: __, at: ___, ...body } = fact
  return { ...body, lead: undefined }
}
