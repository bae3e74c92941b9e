import { expect, test } from 'vitest'
import { levelsIn, readQueueSearch, stagesIn, withLevels, withStages } from '../../src/features/queue/search.ts'

test('what is chosen is in the address, and read from it again', () => {
  const search = withLevels(withStages({ view: 'mine' }, ['mql', 'sql']), 'interest', ['hot', 'warm'])
  expect(readQueueSearch({ ...search })).toEqual(search)
  expect(search).toEqual({ view: 'mine', stage: 'mql,sql', level: ['interest:hot,warm'] })
  expect([stagesIn(search), levelsIn(search, 'interest')]).toEqual([
    ['mql', 'sql'],
    ['hot', 'warm'],
  ])
  expect(levelsIn(search, 'inter')).toEqual([])
})

test('a category whose levels are all taken away leaves the others', () => {
  const search = withLevels({ level: ['interest:hot', 'fit:a'] }, 'interest', [])
  expect(search).toEqual({ level: ['fit:a'] })
  expect(withLevels(search, 'fit', [])).toEqual({})
  expect(withStages({ stage: 'mql' }, [])).toEqual({})
})

test('what cannot be meant is left out', () => {
  const given = { view: 'all', stage: '', level: ['hot', ':hot', 'interest:', 7, 'interest:hot'], other: 1 }
  expect(readQueueSearch(given)).toEqual({ level: ['interest:hot'] })
  expect(readQueueSearch({ view: 'x', stage: 'a'.repeat(501), level: 'fit:a' })).toEqual({ level: ['fit:a'] })
})
