import { describe, expect, test } from 'vitest'
import { readFigure, writeFigure } from '../../src/features/backtests/figure.ts'
import { readBacktestSearch } from '../../src/features/backtests/search.ts'

const MONDAY = Date.UTC(2026, 1, 2)

describe('a number in an address', () => {
  test.each([
    { kind: 'stage', version: 0, stage: 'mql', week: MONDAY },
    { kind: 'level', version: 1, category: 'grade', level: 'A', outcome: 'won' },
    { kind: 'handover', version: 0 },
    { kind: 'wins', version: 0, handedOver: false },
    { kind: 'band', version: 0, score: 'fit', from: 20, to: 30 },
    { kind: 'threshold', version: 0, score: 'fit', at: 40, outcome: 'won' },
    { kind: 'captured', version: 0, perWeek: 12.5 },
    { kind: 'returning', version: 0 },
    { kind: 'split', version: 0, attribute: 'source', value: null },
    { kind: 'migration', version: 1, category: 'stage', from: '', to: 'mql' },
    { kind: 'missed', version: 0 },
    { kind: 'falseAlarms', version: 2 },
  ])('of the kind $kind comes back as it was', (figure) => {
    expect(readFigure(JSON.parse(JSON.stringify(figure)))).toEqual(figure)
  })

  test.each([
    { name: 'no number at all', given: 'handover' },
    { name: 'a kind that there is not', given: { kind: 'toString', version: 0 } },
    { name: 'no version', given: { kind: 'handover' } },
    { name: 'half a version', given: { kind: 'handover', version: 0.5 } },
    { name: 'a stage without its name', given: { kind: 'stage', version: 0 } },
    { name: 'a band without an end', given: { kind: 'band', version: 0, score: 'fit', from: 1 } },
  ])('is nobody where it has $name', ({ given }) => {
    expect(readFigure(given)).toBeUndefined()
  })

  test('keeps what it may have, and drops the rest', () => {
    expect(readFigure({ kind: 'handover', version: 0, outcome: 'eaten', stage: 'mql', week: MONDAY })).toEqual({
      kind: 'handover',
      version: 0,
      week: MONDAY,
    })
  })

  test('tells the server of weeks by their date', () => {
    expect(writeFigure({ kind: 'handover', version: 0, week: MONDAY })).toBe(
      '{"kind":"handover","version":0,"week":"2026-02-02T00:00:00.000Z"}',
    )
  })
})

test('an address with nonsense in it shows the overview', () => {
  expect(readBacktestSearch({ tab: 'nowhere', version: -1, figure: { kind: 'x' } })).toEqual({})
  expect(readBacktestSearch({ tab: 'capacity', version: 1 })).toEqual({ tab: 'capacity', version: 1 })
})
