import { afterAll, beforeAll, expect, test } from 'vitest'
import { T0 } from '../live/world.ts'
import { Caller } from '../leads/calling.ts'
import { signedInAs, type Headers } from '../server.ts'

let api: Caller
let colleague: Headers
beforeAll(async () => {
  api = await Caller.open()
  colleague = await signedInAs(api.server, 'marketing')
})
afterAll(() => api.close())

const URL = '/api/definitions/comments'
const say = async (body: object, who: Headers = api.headers) => (await api.call('POST', URL, body, who)).body
const texts = async (query = '') => (await api.get(`${URL}?${query}`)).items.map(({ text }: { text: string }) => text)

test('a thread is asked, answered and settled', async () => {
  const first = await say({ path: 'scores.fit.groups.person.criteria[0]', text: 'Why <b>fifty</b>?' })
  expect(first).toMatchObject({ thread: first.id, isMine: true, resolvedAt: null, draft: null })
  api.now = T0 + 1000
  await say({ path: 'scores.fitness', text: 'another' })
  api.now = T0 + 2000
  const answer = await say({ thread: first.id, text: 'Because' }, colleague)
  expect(answer).toMatchObject({ thread: first.id, path: first.path })
  expect(await texts()).toEqual(['Why <b>fifty</b>?', 'Because', 'another'])
  expect(await texts('path=scores.fit')).toEqual(['Why <b>fifty</b>?', 'Because'])
  expect(await texts('path=scores.fit.groups.person.criteria')).toEqual(['Why <b>fifty</b>?', 'Because'])
  expect(await texts('path=')).toHaveLength(3)

  expect((await api.call('PATCH', `${URL}/${answer.id}`, { isResolved: true })).status).toBe(422)
  const settled = await api.call('PATCH', `${URL}/${first.id}`, { isResolved: true }, colleague)
  expect(settled.body).toMatchObject({ resolvedAt: new Date(T0 + 2000).toISOString(), isMine: false })
  expect(await texts()).toEqual(['another'])
  expect(await texts('resolved=only')).toEqual(['Why <b>fifty</b>?', 'Because'])
  await api.patch(`${URL}/${first.id}`, { isResolved: false })
  expect(await texts('resolved=with')).toHaveLength(3)
})

test('words are changed and deleted by whoever wrote them, and not from under an answer', async () => {
  const mine = await say({ path: '', text: 'mine' })
  expect((await api.call('PATCH', `${URL}/${mine.id}`, { text: 'yours' }, colleague)).status).toBe(403)
  expect(await api.patch(`${URL}/${mine.id}`, { text: 'mine, said better' })).toMatchObject({
    text: 'mine, said better',
    editedAt: new Date(api.now).toISOString(),
  })
  expect((await api.call('DELETE', `${URL}/${mine.id}`, undefined, colleague)).status).toBe(403)
  const answer = await say({ thread: mine.id, text: 'an answer' }, colleague)
  expect((await api.call('DELETE', `${URL}/${mine.id}`)).status).toBe(409)
  expect((await api.call('DELETE', `${URL}/${answer.id}`, undefined, colleague)).status).toBe(204)
  expect((await api.call('DELETE', `${URL}/${mine.id}`)).status).toBe(204)
  expect((await api.call('DELETE', `${URL}/${mine.id}`)).status).toBe(404)
})

test('what is said of a draft goes with it', async () => {
  const draft = await api.post('/api/definitions/drafts', { name: 'd', text: 'winnow: 1\nname: d\n' })
  await say({ path: 'name', text: 'of the draft', draft: draft.id })
  expect(await texts('path=name')).toEqual([])
  expect(await texts(`draft=${draft.id}`)).toEqual(['of the draft'])
  expect((await api.call('POST', URL, { path: '', text: 'x', draft: crypto.randomUUID() })).status).toBe(404)
  expect((await api.call('DELETE', `/api/definitions/drafts/${draft.id}`)).status).toBe(204)
  expect(await texts(`draft=${draft.id}`)).toEqual([])
})
