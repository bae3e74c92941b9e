import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Caller } from '../leads/calling.ts'
import { SMALL } from '../live/world.ts'

let api: Caller
beforeAll(async () => {
  api = await Caller.open()
})
afterAll(() => api.close())

const STRICTER = SMALL.replaceAll('at_least: 40', 'at_least: 90')
const newDraft = (text: string) => api.post('/api/definitions/drafts', { name: 'draft', text })
const live = async () => (await api.get('/api/definitions/versions')).items[0]?.version ?? null

describe('drafts', () => {
  test('of two people who save one, the second is shown both', async () => {
    const { id } = await newDraft(SMALL)
    const url = `/api/definitions/drafts/${id}`
    expect(await api.call('PUT', url, { revision: 1, name: 'mine', text: 'mine' })).toMatchObject({
      status: 200,
      body: { revision: 2 },
    })
    const second = await api.call('PUT', url, { revision: 1, name: 'theirs', text: 'theirs' })
    expect(second).toMatchObject({
      status: 409,
      body: {
        error: { code: 'conflict', details: { theirs: { revision: 2, text: 'mine' }, yours: { text: 'theirs' } } },
      },
    })
    expect((await api.get(url)).text).toBe('mine')
    expect((await api.call('DELETE', url)).status).toBe(204)
    expect((await api.call('GET', url)).status).toBe(404)
    expect((await api.call('PUT', url, { revision: 2, name: 'x', text: 'x' })).status).toBe(404)
  })

  test('a text is checked to the line, linted, and put to its own examples', async () => {
    const wrong = await api.post('/api/definitions/check', { text: SMALL.replace('is: hot', 'is: hott') })
    expect(wrong).toMatchObject({
      isUsable: false,
      issues: [
        {
          severity: 'error',
          line: expect.any(Number),
          column: expect.any(Number),
          hint: expect.stringContaining('hot'),
        },
      ],
    })
    const odd = await api.post('/api/definitions/check', { text: SMALL.replace('at_least: 40', 'at_least: 4000') })
    expect(odd.isUsable).toBe(true)
    expect(odd.issues[0]).toMatchObject({ severity: 'warning', line: expect.any(Number) })
    const example = `
examples:
  - { name: nobody, as_of: 2026-03-01T00:00:00Z, facts: [ { attributes: { job: clerk } } ], expect: { stage: mql } }
`
    const { examples } = await api.post('/api/definitions/check', { text: SMALL + example })
    expect(examples).toMatchObject([
      { name: 'nobody', ok: false, mismatches: [{ what: 'stage', expected: 'mql', actual: 'lead' }] },
    ])
  })
})

describe('publishing', () => {
  test('a text with errors is not published, and says where they are', async () => {
    const { id } = await newDraft('winnow: 1\n')
    const answer = await api.call('POST', `/api/definitions/drafts/${id}/publish`, {
      revision: 1,
      replaces: await live(),
      note: 'x',
    })
    expect(answer).toMatchObject({
      status: 422,
      body: { error: { code: 'definition_invalid', details: expect.any(Array) } },
    })
  })

  test('a draft that has been changed since is not published', async () => {
    const { id } = await newDraft(SMALL)
    await api.call('PUT', `/api/definitions/drafts/${id}`, { revision: 1, name: 'n', text: STRICTER })
    const body = { revision: 1, replaces: await live(), note: 'x' }
    expect((await api.call('POST', `/api/definitions/drafts/${id}/publish`, body)).status).toBe(409)
  })

  test('of many who publish at once one wins', async () => {
    const before = await live()
    const drafts = await Promise.all(Array.from({ length: 8 }, () => newDraft(SMALL)))
    const answers = await Promise.all(
      drafts.map(({ id }) =>
        api.call('POST', `/api/definitions/drafts/${id}/publish`, { revision: 1, replaces: before, note: 'at once' }),
      ),
    )
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(7)
    const { items } = await api.get('/api/definitions/versions')
    expect(items.filter(({ status }: { status: string }) => status === 'live')).toHaveLength(1)
    expect(items[0]).toMatchObject({
      version: (before ?? 0) + 1,
      status: 'live',
      publishedBy: 'The admin',
      note: 'at once',
      name: 'small',
    })
  })

  test('whoever follows changes is told which version is live', async () => {
    const first = await api.publish(SMALL)
    const second = await api.publish(STRICTER)
    const { changes } = await api.get('/api/changes?limit=1000')
    const told = changes.filter(({ topic }: { topic: string }) => topic === 'definition')
    expect(told.slice(-1)).toMatchObject([{ lead: null, body: { version: second, replaces: first } }])
  })

  test('rolling back publishes the older text again, and says so', async () => {
    const first = await api.publish(SMALL)
    await api.publish(STRICTER)
    const { body } = await api.call('POST', `/api/definitions/versions/${first}/publish`, {
      replaces: first + 1,
      note: 'back',
    })
    expect(body).toMatchObject({ version: first + 2, rollsBackTo: first })
    expect((await api.get(`/api/definitions/versions/${first + 2}`)).text).toBe(SMALL)
    expect((await api.get(`/api/definitions/versions/${first + 1}`)).status).toBe('retired')
  })

  test('two definitions are told apart in words', async () => {
    const version = await api.publish(SMALL)
    const { id } = await newDraft(STRICTER)
    const { changes } = await api.get(`/api/definitions/diff?from=version:${version}&to=draft:${id}`)
    expect(changes).toMatchObject([{ kind: 'changed', area: 'categories', sentence: expect.stringContaining('90') }])
    expect((await api.get('/api/definitions/diff?to=live')).changes).toEqual([])
    expect((await api.call('GET', `/api/definitions/diff?to=draft:${'-'.repeat(36)}`)).status).toBe(404)
    expect((await api.call('GET', '/api/definitions/diff?to=version:9999999')).status).toBe(404)
  })

  test('how far the restatement is can be asked', async () => {
    await api.publish(SMALL)
    await api.post('/api/leads', { names: [{ kind: 'user', value: 'u1' }], attributes: { job: 'boss' } })
    await api.publish(STRICTER)
    await api.settle()
    expect(await api.get('/api/definitions/restatement')).toMatchObject({
      version: await live(),
      total: 1,
      done: 1,
      isDone: true,
    })
  })
})
