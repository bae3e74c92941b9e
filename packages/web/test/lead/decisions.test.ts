import { expect, test } from 'vitest'
import { mainDecisions, possibleDecisions } from '../../src/features/lead/decisions.ts'

const stage = (name: string, by: readonly string[], isSide = false, isFinal = false) => ({
  name,
  label: name,
  by: [...by],
  isSide,
  isFinal,
  owner: null,
  sla: null,
  reasons: [],
})
const STAGES = [
  stage('lead', []),
  stage('mql', []),
  stage('sal', ['accept']),
  stage('sql', ['qualify']),
  stage('customer', ['win'], false, true),
  stage('recycled', ['reject', 'recycle'], true),
  stage('lost', ['lose'], true),
]

test.each([
  { at: 'lead', can: ['accept', 'qualify', 'win', 'disqualify', 'lose'] },
  { at: 'mql', can: ['accept', 'qualify', 'win', 'reject', 'recycle', 'disqualify', 'lose'] },
  { at: 'sal', can: ['qualify', 'win', 'reject', 'recycle', 'disqualify', 'lose'] },
  { at: 'sql', can: ['win', 'reject', 'recycle', 'disqualify', 'lose'] },
  { at: 'customer', can: [] },
  { at: 'recycled', can: ['accept', 'qualify', 'win', 'disqualify', 'lose'] },
  { at: 'lost', can: ['win', 'recycle'] },
  { at: null, can: [] },
])('at $at these decisions would change something', ({ at, can }) => {
  expect(possibleDecisions(STAGES, at)).toEqual(can)
})

test('the next step and the way back stand out', () => {
  expect(mainDecisions(possibleDecisions(STAGES, 'mql')).main).toEqual(['accept', 'reject'])
  expect(mainDecisions(possibleDecisions(STAGES, 'lost')).main).toEqual(['win', 'recycle'])
})
