/**
 * Sends wrong requests to a whole server and says what is not as it should be: an answer of 5xx, a refusal without code, hint
 * or place, a refusal that has changed something.
 */
import { areas, RIGHTS, RIGHTS_OF_PEOPLE, type Endpoint, type Right } from '@winnow/contract'
import { setTimeout as sleep } from 'node:timers/promises'
import { addTestPerson, addTestSource, signedInAs, withKey, type Headers, type TestServer } from '../../server.ts'
import { watchChanges } from './changes.ts'
import { createRandom } from './random.ts'
import { fuzzRequest, type FuzzContext, type FuzzRequest } from './requests.ts'

export const FUZZ_SETTINGS = {
  WINNOW_RATE_READ: '100000000/s',
  WINNOW_RATE_WRITE: '100000000/s',
  WINNOW_RATE_SIGN_IN: '100000000/s',
  WINNOW_RATE_ACCOUNT: '100000000/s',
  WINNOW_RATE_CAPTURE: '100000000/s',
}

export interface Fuzzed {
  /** How many answers there were of each status. */
  readonly statuses: Readonly<Record<string, number>>
  readonly routes: number
  readonly failures: readonly string[]
}

export interface FuzzOptions {
  readonly seed: number
  readonly requests: number
  /** Stops after so many failures. */
  readonly failuresMax?: number
  readonly onProgress?: (done: number) => void
}

/** Ids and callers are looked up again after so many requests: some of these requests succeed. */
const BLOCK = 200

const ROUTES = Object.entries(areas).flatMap(([area, table]) =>
  Object.entries(table as Record<string, Endpoint>).map(([name, endpoint]) => [`${area}.${name}`, endpoint] as const),
)

export async function fuzz(
  server: TestServer,
  { seed, requests, failuresMax = 20, onProgress = () => {} }: FuzzOptions,
): Promise<Fuzzed> {
  await publish(server, FUZZED_DEFINITION)
  const changes = await watchChanges(server.database.pool)
  const statuses: Record<string, number> = {}
  const failures: string[] = []
  const routes = new Set<string>()
  let context = await newContext(server, new Map())
  let mayRun = false
  for (let index = 0; index < requests && failures.length < failuresMax; index++) {
    if (index % BLOCK === 0) {
      context = await newContext(server, context.callers)
      onProgress(index)
    }
    const request = fuzzRequest(context, createRandom(seed * 1_000_003 + index))
    if (mayRun || index % BLOCK === 0) {
      await quiet(server)
      await changes.since()
    }
    const answer = await send(server, request)
    routes.add(request.route)
    statuses[answer.status] = (statuses[answer.status] ?? 0) + 1
    mayRun = answer.status < 400
    // Replies that flow are noted in the audit log once they have begun.
    if (mayRun && request.method === 'GET' && STREAMED.has(request.route)) await sleep(STREAM_NOTED_MS)
    const changed = answer.status >= 400 ? await changes.since() : []
    const complaint = complaintAbout(answer, changed)
    if (complaint !== undefined)
      failures.push(`${complaint}\n  seed ${seed}, request ${index}: ${show(request, answer)}`)
  }
  return { statuses, routes: routes.size, failures }
}

const STREAMED: ReadonlySet<string> = new Set<string>(
  ROUTES.flatMap(([name, { media, audit }]) => (media?.reply && audit ? [name] : [])),
)
const STREAM_NOTED_MS = 100

export const ROUTE_COUNT = ROUTES.length

interface Answer {
  readonly status: number
  readonly retryAfter: unknown
  readonly body: string
}

async function send({ app }: TestServer, { method, url, headers, body }: FuzzRequest): Promise<Answer> {
  const reply = await app.inject({
    method: method as 'GET',
    // What the socket would carry, and no reading of it on the way.
    url: partsOf(url) as never,
    headers,
    ...(body !== undefined && { payload: body }),
  })
  const retryAfter = reply.headers['retry-after']
  return {
    status: reply.statusCode,
    retryAfter,
    body: reply.body,
  }
}

const partsOf = (url: string) => {
  const mark = url.indexOf('?')
  return mark < 0 ? { pathname: url } : { pathname: url.slice(0, mark), search: url.slice(mark) }
}

/** @returns what is wrong with the answer */
export function complaintAbout({ status, retryAfter, body }: Answer, changed: readonly string[]): string | undefined {
  if (status >= 500) return status === 503 && retryAfter !== undefined ? undefined : `answered ${status}`
  if (status < 400) return undefined
  if (changed.length > 0) return `refused with ${status}, and changed ${changed.join(', ')}`
  if (body === '') return undefined // the answer to HEAD
  const { error } = JSON.parse(body) as { error?: { code?: string; hint?: string; at?: string } }
  if (typeof error?.code !== 'string' || typeof error.hint !== 'string') return 'refused without code and hint'
  if (['request_invalid', 'body_malformed', 'cursor_invalid'].includes(error.code) && error.at === undefined)
    return `\`${error.code}\` without a place`
  return undefined
}

const show = ({ body, ...request }: FuzzRequest, answer: Answer) =>
  `${JSON.stringify({ ...request, url: request.url.slice(0, 300), body: body?.toString('latin1').slice(0, 400) })}
  answer: ${answer.body.slice(0, 400)}`

const BUSY = `
  select from import_job where state in ('waiting', 'running')
  union all select from job where state in ('waiting', 'running')
  union all select from circle where version is distinct from
    (select version from definition_version where status = 'live')
  union all select from proposal p join job j on j.job_id = p.trial_id
    where j.state = 'done' and p.moves is null and p.state in ('proposed', 'scheduled') limit 1`

/** Waits until nothing runs in the background that an accepted request has begun. */
async function quiet({ database }: TestServer): Promise<void> {
  for (let round = 0; round < 2_000; round++) {
    const { rows } = await database.pool.query(BUSY)
    if (rows.length === 0) return
    await sleep(10)
  }
  throw new Error('what runs in the background does not end')
}

/** So that what is accepted is assessed, and imports run. */
const FUZZED_DEFINITION = `
winnow: 1
name: fuzzed
attributes:
  job_level: { type: choice, of: [boss, clerk] }
  employees: { type: number, about: account }
activities:
  demo: { from: Demo Requested }
  view: { from: page }
scores:
  fit:
    range: [0, 100]
    groups:
      person: { criteria: [ { id: boss, when: { attribute: job_level, is: boss }, points: 50 } ] }
      account: { criteria: [ { id: size, when: { attribute: employees, at_least: 50 }, points: 25 } ] }
      intent: { criteria: [ { id: demo, each: demo, points: 20, decay: { half_life: 7d } } ] }
categories:
  temperature: { levels: [ { hot: { when: { score: fit, at_least: 40 } } }, { cold: {} } ] }
stages:
  - { id: lead }
  - { id: mql, enter: { category: temperature, is: hot } }
`

async function publish({ database }: TestServer, text: string): Promise<void> {
  await database.pool.query(
    `insert into definition_version (version, text, name, published_at, status) values (1, $1, 'fuzzed', now(), 'live')
     on conflict do nothing`,
    [text],
  )
}

const KEY_RIGHTS = (Object.keys(RIGHTS) as Right[]).filter((right) => !RIGHTS_OF_PEOPLE.includes(right))

/** Callers that still are who they were, and ids of what there is now. */
async function newContext(server: TestServer, before: ReadonlyMap<string, Headers>): Promise<FuzzContext> {
  const { pool } = server.database
  const callers = new Map<string, Headers>([['nobody', {}]])
  const isAlive = async (name: string, url: string) => {
    const headers = before.get(name)
    if (headers === undefined) return undefined
    const reply = await server.app.inject({ url, headers })
    return reply.statusCode === 200 ? headers : undefined
  }
  callers.set('admin', (await isAlive('admin', '/api/people')) ?? (await signedInAs(server, 'admin')))
  callers.set('key', (await isAlive('key', '/api/capture/settings')) ?? (await withKey(server, KEY_RIGHTS)))
  callers.set('source', (await addTestSource(server)).headers)
  await addTestPerson(server, 'reader')
  const list = async (text: string) => (await pool.query<{ id: string }>(text)).rows.map(({ id }) => id)
  const ids = {
    person: await list("select id from person where role <> 'admin' order by created_at desc limit 5"),
    session: await list("select s.id from session s join person p on p.id = s.person_id where role <> 'admin' limit 5"),
    invitation: await list('select invitation_id as id from invitation order by created_at desc limit 5'),
    key: await list("select key_id as id from api_key where name <> 'test' order by created_at desc limit 5"),
    source: await list("select source_id as id from source where name <> 'Website' order by created_at desc limit 5"),
    import: await list('select import_id as id from import_job order by created_at desc limit 5'),
    lead: await list('select lead_id as id from lead order by created_at desc limit 10'),
    draft: await list('select draft_id as id from draft order by created_at desc limit 5'),
    proposal: await list('select proposal_id as id from proposal order by proposed_at desc limit 5'),
    account: await list('select account_id as id from account order by created_at desc limit 5'),
  }
  return { routes: ROUTES, callers, ids: { ...ids, version: ['1', '2', '3', '99'], known: Object.values(ids).flat() } }
}
