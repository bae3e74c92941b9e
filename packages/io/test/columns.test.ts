/** Bulk assessment on threads: the same as without, with progress, and it stops when it is told to. */
import { expect, test } from 'vitest'
import {
  Kernel,
  codedColumn,
  numberColumn,
  clusterActivities,
  parseDefinition,
  type AttributeColumn,
  type Columns,
  type Definition,
} from '@winnow/engine'
import { assessColumns, ColumnsCrew } from '../src/index.ts'

const LEADS = 30_000
const AS_OF = Date.UTC(2026, 0, 1)
const DAY_MS = 86_400_000

function definition(): Definition {
  const parsed = parseDefinition({
    winnow: 1,
    name: 'Threads',
    attributes: { country: { type: 'choice', of: ['DE', 'AT', 'CH'] }, employees: { type: 'number' } },
    activities: { visited: { from: 'page' } },
    scores: {
      fit: {
        groups: {
          all: {
            criteria: [
              { id: 'near', when: { attribute: 'country', in: ['DE', 'AT'] }, points: 20, unknown: 3 },
              { id: 'size', table: 'employees', bins: [{ below: 50, points: 1 }, { points: 30 }], unknown: 5 },
            ],
          },
        },
      },
      interest: {
        groups: { all: { criteria: [{ id: 'visits', each: 'visited', points: 7, decay: { half_life: '9d' } }] } },
      },
    },
    categories: { size: { levels: [{ big: { when: { score: 'fit', at_least: 40 } } }, { small: {} }] } },
  })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues))
  return parsed.definition
}

function columns(): Columns {
  const rows = Array.from({ length: LEADS }, (_, row) => row)
  const visits = rows.flatMap((row) => Array.from({ length: row % 5 }, (_, index) => ({ row, index })))
  return {
    count: LEADS,
    attributes: new Map<string, AttributeColumn>([
      [
        'country',
        codedColumn(
          rows.map((row) => ['DE', 'CH', undefined, 'AT'][row % 4]),
          LEADS,
        ),
      ],
      [
        'employees',
        numberColumn(
          rows.map((row) => (row % 9 === 0 ? undefined : row % 100)),
          LEADS,
        ),
      ],
    ]),
    activities: clusterActivities(
      {
        lead: Uint32Array.from(visits, ({ row }) => row),
        at: Float64Array.from(visits, ({ row, index }) => AS_OF - DAY_MS * ((row + 11 * index) % 90)),
        type: new Uint16Array(visits.length),
        types: ['page'],
        properties: new Map(),
      },
      LEADS,
    ),
  }
}

test('threads give what one kernel gives, and tell how far they are', { timeout: 60_000 }, async () => {
  const given = columns()
  const kernel = new Kernel(definition(), given, { asOf: AS_OF })
  const expected = kernel.openResults()
  for (let row = 0; row < LEADS;) row = kernel.run(row, LEADS, expected)
  for (const threads of [1, 2]) {
    const told: number[] = []
    const found = await assessColumns(definition(), given, {
      asOf: AS_OF,
      threads,
      onProgress: (done, of) => {
        expect(of).toBe(LEADS)
        told.push(done)
      },
    })
    for (const [name, scores] of expected.scores) expect(found.scores.get(name)).toEqual(scores)
    expect(found.levels.get('size')!.codes).toEqual(expected.levels.get('size')!.codes)
    expect(told.at(-1)).toBe(LEADS)
    expect(told).toEqual(told.toSorted((a, b) => a - b))
  }
})

test(
  'a crew runs again over the same columns, and a cancelled run leaves it able to',
  { timeout: 60_000 },
  async () => {
    const crew = await ColumnsCrew.open(definition(), columns(), { asOf: AS_OF, threads: 2 })
    try {
      const first = Float64Array.from((await crew.run()).scores.get('fit')!)
      await expect(crew.run({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'input_cancelled' })
      const results = await crew.run()
      expect(Float64Array.from(results.scores.get('fit')!)).toEqual(first)
    } finally {
      await crew.dismiss()
    }
  },
)

test('a run stops at the next slice when it is cancelled on its way', { timeout: 60_000 }, async () => {
  const crew = await ColumnsCrew.open(definition(), columns(), { asOf: AS_OF, threads: 1 })
  try {
    const cancelling = new AbortController()
    const running = crew.run({ signal: cancelling.signal })
    cancelling.abort() // before a thread can have answered
    await expect(running).rejects.toMatchObject({ code: 'input_cancelled' })
  } finally {
    await crew.dismiss()
  }
})
