import { afterAll, beforeAll, expect, test } from 'vitest'
import { Caller } from '../leads/calling.ts'
import { SMALL } from '../live/world.ts'

interface Stage {
  readonly label: string
  readonly isSide: boolean
  readonly isFinal: boolean
}

interface Score {
  readonly groups: readonly { readonly criteria: readonly object[] }[]
}

/** A category of kinds, before the stages. */
const ORIGIN = `  origin: { levels: [{ known: { when: { attribute: job, known: true } } }, { other: {} }] }
stages:`

let api: Caller
beforeAll(async () => {
  api = await Caller.open()
})
afterAll(() => api.close())

test('an outline is empty before the first version, and then says ranks, labels and reasons in their order', async () => {
  expect(await api.get('/api/definitions/outline')).toMatchObject({ version: null, categories: [], stages: [] })
  await api.publish(
    `${SMALL.replace('stages:', ORIGIN)}  - { id: back_to_us, by: [reject, recycle], reasons: [Too early, No budget] }\n`,
  )
  const outline = await api.get('/api/definitions/outline')
  expect(outline.version).toBe(1)
  expect(outline.stages.map((stage: Stage) => [stage.label, stage.isSide, stage.isFinal])).toEqual([
    ['Lead', false, false],
    ['MQL', false, false],
    ['SAL', false, false],
    ['Customer', false, true],
    ['Back to us', true, false],
    ['Disqualified', true, false],
    ['Lost', true, false],
  ])
  expect(outline.stages[4]).toMatchObject({ by: ['reject', 'recycle'], reasons: ['Too early', 'No budget'] })
  expect(outline.categories).toMatchObject([
    {
      name: 'temperature',
      label: 'Temperature',
      isRanked: true,
      levels: [{ name: 'hot', label: 'Hot' }, { name: 'warm' }, { name: 'cold' }],
    },
    { name: 'origin', isRanked: false },
  ])
  expect(outline.attributes).toMatchObject([
    { label: 'Job', type: 'choice', choices: ['boss', 'clerk'], topic: null },
    { label: 'Budget', topic: 'budget', question: 'What budget?' },
  ])
  expect(await api.get('/api/definitions/outline?version=1')).toEqual(outline)
  expect((await api.call('GET', '/api/definitions/outline?version=2')).status).toBe(404)
  expect(outline.scores[0].groups[0]).toHaveProperty('cap')
  const criteria = outline.scores.flatMap((score: Score) => score.groups.flatMap((group) => group.criteria))
  expect(criteria).toContainEqual(expect.objectContaining({ name: 'boss', attribute: 'job' }))
})
