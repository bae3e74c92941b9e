/**
 * The server as a runner of the cases: facts through the one door, in the order given; the answer from the explanation and the
 * ledger over HTTP. Every case is a version of its own on one database, with leads and accounts of its own.
 */
import { readFileSync } from 'node:fs'
import { captureSettings, leads } from '@winnow/contract'
import { accountId, parseInstant, type AccountId, type Fact, type Instant } from '@winnow/engine'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { answered, type Answer } from './answer.ts'
import { AREAS, loadCases, type ConformanceCase, type ExpectedWorth } from './load.ts'
import { compileRules } from '../packages/server/src/capture/rules.ts'
import type { Actor } from '../packages/server/src/http/actor.ts'
import { createApp } from '../packages/server/src/http/app.ts'
import { createCursors } from '../packages/server/src/http/cursor.ts'
import { leadHandlers } from '../packages/server/src/leads/handlers.ts'
import type { Intake, LeadName, Saying } from '../packages/server/src/live/intake.ts'
import { NO_AUDIT } from '../packages/server/test/http/no-audit.ts'
import { World } from '../packages/server/test/live/world.ts'

const cases = loadCases((path) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')))

// Nothing runs by itself here: a restatement would bring the leads of every case to the versions of all later ones.
let world: World
let app: Awaited<ReturnType<typeof createApp>>
beforeAll(async () => {
  world = await World.open()
  const { db, pool } = world.database
  const { taking, batcher } = world
  const rules = async () => compileRules(captureSettings.parse({}))
  const handlers = leadHandlers({ db, pool, taking, intake: batcher, cursors: createCursors('of the tests'), rules })
  const actor: Actor = { kind: 'key', id: 'k', name: 'k', rights: new Set(['leads:read']) }
  app = await createApp({
    routes: (['explainLead', 'getLedger'] as const).map((name) => ({
      name,
      endpoint: leads[name],
      handler: handlers[name],
    })),
    gate: { authenticate: async () => actor, limit: () => undefined, audit: NO_AUDIT, isServing: () => true },
    now: () => world.now,
    log: taking.log,
    checksReplies: true,
  })
})
afterAll(async () => {
  await app.close()
  await world.database.drop()
})

async function get<T>(url: string): Promise<T> {
  const reply = await app.inject({ url })
  if (reply.statusCode !== 200) throw new Error(reply.body)
  return reply.json<T>()
}

interface Told {
  readonly assessment: {
    readonly stage: { readonly id: string }
    readonly levels: Answer['levels']
    readonly scores: Answer['scores']
    readonly personas: readonly string[]
    readonly value?: ExpectedWorth
  }
  readonly contributions: readonly { readonly criterion?: string; readonly points: number }[]
  readonly nextChange: { readonly at: string } | null
}

interface Line {
  readonly at: string
  readonly name: string
  readonly from: string | null
  readonly to: string
}

/** Before all facts: what a version judges by itself begins behind its publication. */
const BEGIN = Date.parse('2000-01-01T00:00:00Z')
let count = 0

async function run(each: ConformanceCase): Promise<Answer> {
  const place = `case${(count += 1)}`
  world.now = BEGIN + count
  await world.publish(JSON.stringify(each.definition))
  for (const fact of each.facts) {
    world.now = Math.max(world.now, Math.min(fact.at, each.asOf))
    await world.batcher.take([messageOf(fact, place, world.now)])
  }
  world.now = each.asOf
  const [asked] = await world.batcher.take([message(`${place}:asked`, [nameOf(each.lead, place)], [], world.now)])
  const lead = `/api/leads/${asked!.leadId}`
  const told = await get<Told>(`${lead}/explanation`)
  const { items: ledger } = await get<{ items: Line[] }>(`${lead}/ledger?limit=200`)
  const { assessment, contributions, nextChange } = told
  return {
    stage: assessment.stage.id,
    levels: assessment.levels,
    scores: assessment.scores,
    personas: assessment.personas,
    value: assessment.value ?? null,
    points: Object.fromEntries(
      contributions.flatMap(({ criterion, points }) => (criterion === undefined ? [] : [[criterion, points]])),
    ),
    transitions: ledger
      .map(({ at, name, from, to }) => ({ at: parseInstant(at), name, from, to }))
      .filter(({ at }) => at <= each.asOf)
      .reverse(),
    nextChange: nextChange && parseInstant(nextChange.at),
  }
}

const message = (messageId: string, names: readonly LeadName[], says: readonly Saying[], now: Instant): Intake => ({
  messageId,
  digest: Buffer.from(JSON.stringify(says)),
  receivedAt: now,
  names,
  says,
  body: null,
})

/** Ids keep their order: they all get the same beginning. */
function messageOf(fact: Fact, place: string, now: Instant): Intake {
  const names = 'lead' in fact ? [nameOf(fact.lead, place)] : []
  return message(
    `${place}:${fact.id}`,
    names,
    [{ ...sayingOf(fact, place), id: `${place}:${fact.id}`, at: fact.at }],
    now,
  )
}

const nameOf = (lead: string, place: string): LeadName => ({ kind: 'user', value: `${place}:${lead}` })

type Said = Saying extends infer Each ? (Each extends Saying ? Omit<Each, 'id' | 'at' | 'flags'> : never) : never

function sayingOf(fact: Fact, place: string): Said {
  const account = (id: AccountId) => ({ kind: 'group', value: accountId(`${place}:${id}`) }) as const
  switch (fact.kind) {
    case 'link':
      return { kind: 'link', account: fact.account === null ? null : account(fact.account) }
    case 'attribute':
      return { kind: 'attribute', name: fact.name, value: fact.value }
    case 'account_attribute':
      return { kind: 'account_attribute', account: account(fact.account), name: fact.name, value: fact.value }
    case 'activity':
      return { kind: 'activity', type: fact.type, properties: fact.properties }
    case 'decision':
      return { kind: 'decision', decision: fact.decision, ...(fact.override && { override: fact.override }) }
  }
}

/** A lead that nobody has heard of is none here. */
const isKnown = ({ facts, lead }: ConformanceCase) => facts.some((fact) => 'lead' in fact && fact.lead === lead)

describe.each(AREAS)('%s', (area) => {
  test.each(cases.filter((each) => each.area === area && isKnown(each)))('$name', async (each) => {
    expect(answered(each.expect, await run(each))).toEqual(each.expect)
  })
})
