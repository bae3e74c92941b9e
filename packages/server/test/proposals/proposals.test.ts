import { afterEach, beforeEach, expect, test } from 'vitest'
import { goLiveDue } from '../../src/proposals/going-live.ts'
import { writeMode } from '../../src/proposals/mode.ts'
import { Caller } from '../leads/calling.ts'
import { HOUR, SMALL, T0 } from '../live/world.ts'
import { addTestPerson, signIn, signedInAs, type Headers } from '../server.ts'

let api: Caller
let marketing: Headers
let sales: Headers
beforeEach(async () => {
  api = await Caller.open()
  await api.publish(SMALL)
  await api.post('/api/leads', { attributes: { name: 'Ann', email: 'ann@a.example', job: 'boss' } })
  await writeMode(api.server.database.pool, 'team')
  marketing = await signedInAs(api.server, 'marketing')
  sales = await signedInAs(api.server, 'sales')
})
afterEach(() => api.close())

const PROPOSALS = '/api/definitions/proposals'
const STRICTER = SMALL.replaceAll('at_least: 40', 'at_least: 90')

async function newDraft(text = STRICTER): Promise<string> {
  return (await api.post('/api/definitions/drafts', { name: 'draft', text })).id
}

/** Proposed by marketing, and tried on all leads. */
async function propose(draft: string, revision = 1): Promise<string> {
  const body = { revision, rationale: 'Fewer and better ones.' }
  const added = await api.call('POST', `/api/definitions/drafts/${draft}/propose`, body, marketing)
  expect(added).toMatchObject({ status: 201, body: { step: 'proposed', missing: ['marketing', 'sales'] } })
  const url = `${PROPOSALS}/${added.body.id}`
  await expect.poll(async () => (await api.get(url)).trial.state, { timeout: 20_000 }).toBe('done')
  return url
}

const sign = async (url: string, as: 'marketing' | 'sales', who: Headers) =>
  api.call('POST', `${url}/sign`, { as, digest: (await api.get(url)).digest, note: `for ${as}` }, who)
const goLive = (url: string, body: object = {}, who = marketing) => api.call('POST', `${url}/go-live`, body, who)
const versions = async () => (await api.get('/api/definitions/versions')).items
const notices = async (who: Headers) => (await api.call('GET', '/api/notices', undefined, who)).body
const refusal = (status: number, code: string, words: string) => ({
  status,
  body: { error: { code, message: expect.stringContaining(words) } },
})
const query = async (text: string, values: unknown[] = []) => (await api.server.database.pool.query(text, values)).rows

test('two people sign what they were shown, and it goes live with their names', async () => {
  const url = await propose(await newDraft())
  const proposal = await api.get(url)
  expect(proposal).toMatchObject({
    base: 1,
    proposedBy: { name: 'The marketing' },
    changes: [{ kind: 'changed', sentence: expect.stringContaining('90') }],
    trial: { state: 'done', asOf: new Date(T0).toISOString(), result: { leads: 1 } },
    digest: expect.stringMatching(/^[0-9a-f]{64}$/),
  })
  expect((await sign(url, 'marketing', marketing)).body).toMatchObject({ step: 'proposed', missing: ['sales'] })
  expect((await sign(url, 'sales', sales)).body).toMatchObject({ step: 'signed', missing: [] })
  api.now = T0 + HOUR
  const live = await goLive(url, { gateReason: 'The fair brings more.' }, sales)
  expect(live).toMatchObject({ status: 200, body: { step: 'live', version: 2, endedBecause: 'live' } })
  const [second, first] = await versions()
  expect(second).toMatchObject({
    version: 2,
    status: 'live',
    signedAs: 'both',
    publishedBy: 'The sales',
    note: 'Fewer and better ones.',
    gateReason: 'The fair brings more.',
    proposal: proposal.id,
    liveUntil: null,
    signatures: [
      { side: 'marketing', name: 'The marketing', at: new Date(T0).toISOString(), isAlone: false },
      { side: 'sales', name: 'The sales', at: new Date(T0).toISOString(), isAlone: false },
    ],
  })
  expect(first).toMatchObject({ signedAs: 'first', liveUntil: new Date(T0 + HOUR).toISOString() })
  // The next one retires it, and everything about it can still be read.
  await writeMode(api.server.database.pool, 'one_person')
  await api.publish(SMALL)
  expect(await api.get(url)).toMatchObject({ step: 'retired', digest: proposal.digest })
})

test('nobody signs for both sides, and nobody for a side that is not theirs', async () => {
  const url = await propose(await newDraft())
  expect(await sign(url, 'sales', marketing)).toMatchObject(refusal(403, 'forbidden', 'somebody of sales'))
  const analyst = await signedInAs(api.server, 'analyst')
  expect(await sign(url, 'sales', analyst)).toMatchObject({ status: 403 })
  // An administrator, for either of them, once.
  expect((await sign(url, 'sales', api.headers)).status).toBe(200)
  expect(await sign(url, 'marketing', api.headers)).toMatchObject(refusal(409, 'conflict', 'somebody else has to'))
  expect(await sign(url, 'sales', sales)).toMatchObject(refusal(409, 'conflict', 'The admin has signed it for sales'))
  expect(await goLive(url)).toMatchObject(refusal(409, 'signatures_missing', 'nobody has signed it for marketing'))
  expect(await versions()).toHaveLength(1)
})

test('whoever wrote it is not the only one to sign, and nobody publishes around it', async () => {
  const draft = await newDraft()
  const body = { revision: 1, replaces: 1, note: 'x' }
  expect(await api.call('POST', `/api/definitions/drafts/${draft}/publish`, body)).toMatchObject(
    refusal(409, 'signatures_missing', 'marketing and of sales'),
  )
  expect(await api.call('POST', '/api/definitions/versions/1/publish', { replaces: 1, note: 'x' })).toMatchObject({
    status: 409,
  })
  const url = await propose(draft)
  expect((await sign(url, 'marketing', marketing)).status).toBe(200)
  expect((await sign(url, 'marketing', marketing)).status).toBe(409)
  expect(await goLive(url)).toMatchObject(refusal(409, 'signatures_missing', 'for sales'))
})

test('a signature taken back is missing again', async () => {
  const url = await propose(await newDraft())
  await sign(url, 'marketing', marketing)
  await sign(url, 'sales', sales)
  expect((await goLive(url, { at: new Date(T0 + HOUR).toISOString() })).body).toMatchObject({ step: 'scheduled' })
  const back = await api.call('POST', `${url}/take-back`, undefined, sales)
  expect(back.body).toMatchObject({ step: 'proposed', missing: ['sales'], goesLiveAt: null })
  expect((await api.call('POST', `${url}/take-back`, undefined, sales)).status).toBe(409)
  expect((await goLive(url)).status).toBe(409)
  expect((await sign(url, 'sales', sales)).body).toMatchObject({ step: 'signed' })
})

test('another text than what was signed is signed by nobody', async () => {
  const draft = await newDraft()
  const url = await propose(draft)
  await sign(url, 'marketing', marketing)
  await sign(url, 'sales', sales)
  const save = (revision: number, text: string) =>
    api.call('PUT', `/api/definitions/drafts/${draft}`, { revision, name: 'renamed', text })
  expect((await save(1, STRICTER)).body).toMatchObject({ withdrew: null, proposal: { signatures: 2 } })
  expect((await save(2, SMALL.replaceAll('at_least: 40', 'at_least: 80'))).body).toMatchObject({
    withdrew: { signatures: 2 },
    proposal: null,
  })
  expect(await api.get(url)).toMatchObject({
    step: 'withdrawn',
    endedBecause: 'draft_changed',
    endedBy: 'The admin',
    signatures: [{ takenBackBecause: 'draft_changed' }, { takenBackBecause: 'draft_changed' }],
  })
  expect(await goLive(url)).toMatchObject(refusal(409, 'conflict', 'was withdrawn'))
  expect((await notices(sales)).items[0]).toMatchObject({ kind: 'withdrawn', by: 'The admin' })
  const again = await propose(draft, 3)
  expect(await api.get(again)).toMatchObject({ signatures: [], missing: ['marketing', 'sales'] })
  const digest = (await api.get(url)).digest
  expect(await api.call('POST', `${again}/sign`, { as: 'sales', digest }, sales)).toMatchObject(
    refusal(409, 'conflict', 'not what you looked at'),
  )
})

test('the database itself keeps what was signed', async () => {
  const draft = await newDraft()
  const url = await propose(draft)
  await sign(url, 'marketing', marketing)
  const { id } = await api.get(url)
  const [{ person_id: signer }] = await query('select person_id from signature')
  const refused = (text: string, values: unknown[], why: RegExp) => expect(query(text, values)).rejects.toThrow(why)
  await refused('update proposal set text = $2 where proposal_id = $1', [id, SMALL], /propose again/)
  await refused(`update proposal set moves = '{}' where proposal_id = $1`, [id], /propose again/)
  await refused(`update proposal set state = 'live', version = 1 where proposal_id = $1`, [id], /lacks a signature/)
  await refused(`update signature set side = 'sales' where proposal_id = $1`, [id], /cannot be changed/)
  await refused('delete from signature where proposal_id = $1', [id], /cannot be deleted/)
  await refused('delete from proposal where proposal_id = $1', [id], /cannot be deleted/)
  await refused('update definition_version set text = $1', [STRICTER], /cannot be changed/)
  await refused('delete from definition_version', [], /cannot be deleted/)
  // One person twice, whatever the side.
  await refused(
    `insert into signature (signature_id, proposal_id, side, person_id, person_name, role, at, digest, is_alone)
     values (gen_random_uuid(), $1, 'sales', $2, 'x', 'admin', now(), 'x', false)`,
    [id, signer],
    /signature_person/,
  )
  // Whichever way a text is changed, its signatures go.
  await query('update draft set text = $2 where draft_id = $1', [draft, SMALL])
  expect(await api.get(url)).toMatchObject({ step: 'withdrawn', endedBecause: 'draft_changed' })
})

test('a requested change holds it up until it is made or withdrawn', async () => {
  const draft = await newDraft()
  const comments = '/api/definitions/comments'
  const ask = { path: 'categories.temperature', text: 'Rather 80?', draft, isRequest: true }
  expect(await api.call('POST', comments, ask, sales)).toMatchObject(refusal(409, 'conflict', 'proposed'))
  const url = await propose(draft)
  await sign(url, 'marketing', marketing)
  await sign(url, 'sales', sales)
  await goLive(url, { at: new Date(T0 + HOUR).toISOString() })
  const { body: asked } = await api.call('POST', comments, ask, sales)
  expect(asked).toMatchObject({ isRequest: true, outcome: null })
  // What was to go live does not any more.
  expect(await api.get(url)).toMatchObject({ step: 'signed', openRequests: 1, goesLiveAt: null })
  expect(await goLive(url)).toMatchObject(refusal(409, 'signatures_missing', 'requested change'))
  expect((await notices(marketing)).items[0]).toMatchObject({ kind: 'requested', by: 'The sales' })
  const settle = (outcome: string, who: Headers) =>
    api.call('PATCH', `${comments}/${asked.id}`, { isResolved: true, outcome }, who)
  expect((await settle('withdrawn', marketing)).status).toBe(403)
  expect((await api.call('DELETE', `${comments}/${asked.id}`, undefined, sales)).status).toBe(409)
  expect((await settle('made', marketing)).body).toMatchObject({ outcome: 'made', resolvedBy: 'The marketing' })
  expect((await notices(sales)).items[0]).toMatchObject({ kind: 'settled', by: 'The marketing' })
  await api.call('PATCH', `${comments}/${asked.id}`, { isResolved: false }, sales)
  expect((await goLive(url)).status).toBe(409)
  expect((await settle('withdrawn', sales)).body).toMatchObject({ outcome: 'withdrawn' })
  expect((await goLive(url)).body).toMatchObject({ step: 'live', version: 2 })
})

test('at its time it goes live once, whichever of many servers sees it first, also after a restart', async () => {
  const url = await propose(await newDraft())
  await sign(url, 'marketing', marketing)
  await sign(url, 'sales', sales)
  const far = { at: new Date(T0 + 400 * 24 * HOUR).toISOString() }
  expect((await goLive(url, far)).status).toBe(422)
  const at = T0 + HOUR
  expect((await goLive(url, { at: new Date(at).toISOString() })).body).toMatchObject({
    step: 'scheduled',
    goesLiveAt: new Date(at).toISOString(),
  })
  const servers = Array.from({ length: 4 }, () => ({ taking: api.taking, changed: () => {} }))
  api.now = at - 1
  await Promise.all(servers.map(goLiveDue))
  expect(await versions()).toHaveLength(1)
  api.now = at
  await Promise.all(servers.map(goLiveDue))
  await expect.poll(async () => (await api.get(url)).step).toBe('live')
  await Promise.all(servers.map(goLiveDue))
  const [second, ...others] = await versions()
  expect(others).toHaveLength(1)
  expect(second).toMatchObject({ version: 2, signedAs: 'both', publishedAt: new Date(at).toISOString() })
  await api.settle()
  expect(await api.get('/api/definitions/restatement')).toMatchObject({ version: 2, isDone: true })
})

test('what another version has overtaken goes live by no clock', async () => {
  const [one, other] = [await propose(await newDraft()), await propose(await newDraft(`${STRICTER}\n# other\n`))]
  for (const url of [one, other]) {
    await sign(url, 'marketing', marketing)
    await sign(url, 'sales', sales)
  }
  await goLive(other, { at: new Date(T0 + HOUR).toISOString() })
  await goLive(one)
  expect(await api.get(other)).toMatchObject({ step: 'withdrawn', endedBecause: 'other_live' })
  api.now = T0 + 2 * HOUR
  await goLiveDue({ taking: api.taking, changed: () => {} })
  expect(await versions()).toHaveLength(2)
})

test('one person signs alone where an administrator has said so, and it is noted', async () => {
  expect((await api.call('PUT', '/api/definitions/working-mode', { mode: 'one_person' }, marketing)).status).toBe(403)
  const mode = await api.call('PUT', '/api/definitions/working-mode', { mode: 'one_person' })
  expect(mode.body).toEqual({ mode: 'one_person' })
  const url = await propose(await newDraft())
  expect((await sign(url, 'marketing', marketing)).body).toMatchObject({
    step: 'signed',
    missing: [],
    signatures: [{ isAlone: true }],
    may: { signAs: [] },
  })
  expect(await sign(url, 'sales', sales)).toMatchObject(refusal(409, 'conflict', 'one person is enough'))
  await goLive(url, { at: new Date(T0 + HOUR).toISOString() })
  // Back in a team before its time has come: then one is not enough.
  await writeMode(api.server.database.pool, 'team')
  api.now = T0 + HOUR
  await expect.poll(async () => (await api.get(url)).step).toBe('proposed')
  expect((await notices(marketing)).items[0]).toMatchObject({ kind: 'unscheduled', by: null })
  await writeMode(api.server.database.pool, 'one_person')
  expect((await goLive(url)).body).toMatchObject({ step: 'live' })
  await api.publish(SMALL)
  const [third, second] = await versions()
  expect(second).toMatchObject({ signedAs: 'alone', signatures: [{ name: 'The marketing', isAlone: true }] })
  expect(third).toMatchObject({ signedAs: 'alone', signatures: [] })
})

test('examples that fail keep it from being proposed and published, by their names', async () => {
  const text = `${SMALL}
examples:
  - { name: nobody at all, as_of: 2026-03-01T00:00:00Z, facts: [ { attributes: { job: clerk } } ], expect: { stage: mql } }
`
  const draft = await newDraft(text)
  const wanted = refusal(422, 'examples_failed', '“nobody at all”')
  const body = { revision: 1, rationale: 'x' }
  expect(await api.call('POST', `/api/definitions/drafts/${draft}/propose`, body)).toMatchObject(wanted)
  await writeMode(api.server.database.pool, 'one_person')
  const publication = { revision: 1, replaces: 1, note: 'x' }
  expect(await api.call('POST', `/api/definitions/drafts/${draft}/publish`, publication)).toMatchObject(wanted)
})

test('those who could sign are told, once each, until they have read it', async () => {
  const colleague = await addTestPerson(api.server, 'sales')
  const other = await signIn(api.server, colleague)
  const draft = await newDraft()
  const url = await propose(draft)
  expect(await notices(marketing)).toMatchObject({ unread: 0, items: [], waiting: [{ sides: ['marketing'] }] })
  const told = await notices(sales)
  expect(told).toMatchObject({
    unread: 1,
    items: [{ kind: 'proposed', by: 'The marketing', isRead: false }],
    waiting: [{ name: 'small', sides: ['sales'], proposedBy: 'The marketing' }],
  })
  await api.call('POST', '/api/notices/read', { upTo: told.items[0].id }, sales)
  expect(await notices(sales)).toMatchObject({ unread: 0, items: [{ isRead: true }], waiting: [{}] })
  expect((await notices(other)).unread).toBe(1)
  await sign(url, 'sales', sales)
  expect((await notices(other)).waiting).toEqual([])
  expect((await notices(marketing)).items[0]).toMatchObject({ kind: 'signed', by: 'The sales' })
  const { changes } = await api.get('/api/changes')
  expect(changes.filter(({ topic }: { topic: string }) => topic === 'proposal')).toMatchObject([
    { lead: null, body: { kind: 'proposed' } },
    { lead: null, body: { kind: 'signed' } },
  ])
  const again = { revision: 1, rationale: 'x' }
  expect((await api.call('POST', `/api/definitions/drafts/${draft}/propose`, again)).status).toBe(409)
  expect((await api.call('POST', `${url}/withdraw`, undefined, sales)).status).toBe(403)
  expect((await api.call('DELETE', `/api/definitions/drafts/${draft}`)).status).toBe(409)
  expect((await api.call('POST', `${url}/withdraw`, undefined, marketing)).body).toMatchObject({ step: 'withdrawn' })
  expect((await api.call('DELETE', `/api/definitions/drafts/${draft}`)).status).toBe(204)
  expect(await api.get(url)).toMatchObject({ hasDraft: false, signatures: [{ takenBackBecause: 'withdrawn' }] })
})
