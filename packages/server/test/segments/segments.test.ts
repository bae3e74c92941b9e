import { afterAll, beforeAll, expect, test } from 'vitest'
import { Caller } from '../leads/calling.ts'
import { signedInAs, type Headers } from '../server.ts'

let api: Caller
let colleague: Headers
beforeAll(async () => {
  api = await Caller.open()
  colleague = await signedInAs(api.server, 'sales')
})
afterAll(() => api.close())

const namesFor = async (who: Headers) =>
  (await api.call('GET', '/api/segments', undefined, who)).body.items.map(({ name }: { name: string }) => name)

test('are one’s own, or everybody’s', async () => {
  const said = { name: 'Hot', query: 'stage=mql&level=temperature:hot&level=grade:A&sort=slaDueAt', columns: ['name'] }
  const own = await api.post('/api/segments', said)
  expect(own).toMatchObject({ ...said, isShared: false, isMine: true })
  await api.post('/api/segments', { name: 'For all', query: 'attribute=size:at_least:50', isShared: true })
  expect(await namesFor(api.headers)).toEqual(['For all', 'Hot'])
  expect(await namesFor(colleague)).toEqual(['For all'])

  const shared = await api.patch(`/api/segments/${own.id}`, { isShared: true, columns: null })
  expect(shared).toMatchObject({ ...said, columns: null, isShared: true })
  expect(await namesFor(colleague)).toEqual(['For all', 'Hot'])
})

test('are changed and deleted by their owners; administrators may, what is shared', async () => {
  const { body: theirs } = await api.call('POST', '/api/segments', { name: 'Mine', query: '' }, colleague)
  expect((await api.call('DELETE', `/api/segments/${theirs.id}`)).status).toBe(404)
  await api.call('PATCH', `/api/segments/${theirs.id}`, { isShared: true }, colleague)
  const third = await signedInAs(api.server, 'marketing')
  expect((await api.call('DELETE', `/api/segments/${theirs.id}`, undefined, third)).status).toBe(403)
  expect((await api.call('DELETE', `/api/segments/${theirs.id}`)).status).toBe(204)
  expect((await api.call('PATCH', `/api/segments/${theirs.id}`, { name: 'x' }, colleague)).status).toBe(404)
})

test.each(['sort=name', 'stage=a&stage=b', 'limit=5', 'level=hot', 'nothing=1'])('`%s` is no query', async (query) => {
  const answer = await api.call('POST', '/api/segments', { name: 'x', query })
  expect(answer.status).toBe(422)
  expect(answer.body.error.at).toBe('/query')
})
