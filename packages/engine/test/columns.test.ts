/** Many leads of one definition that uses every construct: by columns, in ranges, shared, and lead by lead. */
import { describe, expect, test } from 'vitest'
import {
  accountId,
  assess,
  bulkAssess,
  circlesOf,
  clusterActivities,
  codedColumn,
  columnsFromFacts,
  columnsFromRecords,
  compareFacts,
  compileDefinition,
  Kernel,
  leadId,
  numberColumn,
  propertyColumn,
  replay,
  shareColumns,
  sharedMemory,
  type Assessment,
  type BulkResults,
  type Definition,
  type Fact,
  type FactValue,
  type LeadId,
} from '../src/index.ts'
import { MICRO } from '../src/plan/points.ts'
import { whole } from './definition/whole.ts'
import { seeded } from './generators/draw.ts'
import { casesOf } from './generators/share.ts'

const DAY = 86_400_000
const AS_OF = Date.UTC(2026, 2, 15, 12)
const LEADS = 60 + casesOf(400)

/** What `whole` uses, and measures and fadings that it has not. */
const definition: Definition = {
  ...whole(),
  personas: {
    ...whole().personas,
    both: { when: { all: [{ persona: 'buyer' }, { not: { persona: ['hobbyist'] } }] } },
  },
  scores: {
    ...whole().scores,
    measures: {
      range: [-1_000, 1_000],
      groups: {
        tests: {
          criteria: [
            { id: 'm_days', when: { activity: 'article_read', distinct_days: { between: [2, 4] } }, points: 1 },
            { id: 'm_last', when: { activity: 'ordered', last: { longer_ago_than: '10d' } }, points: 2 },
            {
              id: 'm_sum',
              when: { activity: 'ordered', sum: { of: 'amount', at_most: 90 }, within: '30d' },
              points: 4,
            },
            {
              id: 'm_average',
              when: { activity: 'ordered', average: { of: 'amount', between: [20, 45] }, within: '40d' },
              points: 8,
              unknown: 0.5,
            },
            {
              id: 'm_trend',
              when: { activity: 'article_read', within: '10d', trend: { against: '20d', at_most: 1 } },
              points: 16,
            },
            { id: 'm_never', when: { activity: 'unsubscribed', never: true }, points: 32 },
            { id: 'm_count', when: { activity: 'article_read', count: { is: 3 }, within: '20d' }, points: 64 },
            { id: 'm_category', when: { category: 'quality', not_in: ['high'], is_not: 'low' }, points: 128 },
            { id: 'm_age', when: { attribute: 'founded', newer_than: '400d' }, points: 256, unknown: 0.25 },
            { id: 'm_origin', when: { category: 'origin', in: ['referral'], is: 'referral' }, points: 0.125 },
          ],
        },
        fading: {
          criteria: [
            { id: 'f_half', each: 'ordered', points: 3, decay: { half_life: '5d' } },
            { id: 'f_window', each: 'ordered', points: 3, decay: { half_life: '5d' }, within: '9d', cap: 5 },
            { id: 'f_linear', each: 'article_read', points: 2, decay: { linear: { over: '10d', after: '3d' } } },
            { id: 'f_steps', each: 'article_read', points: 2, decay: { steps: { every: '3d', lose: '30%' } } },
            { id: 'f_expires', each: 'pricing_viewed', points: 2, decay: { expires: '9d' } },
            { id: 'f_plain', each: 'pricing_viewed', points: -2, floor: -5 },
            { id: 'f_limit', each: 'article_read', points: 1, count: { at_most: 2, within: '4d' }, decay: 'none' },
            { id: 'f_first', each: 'article_read', points: 1, count: { at_most: 2 }, within: '20d' },
          ],
        },
      },
    },
  },
}

function randomFacts(leads: number): readonly Fact[] {
  const draw = seeded(7)
  let count = 0
  const id = () => `f${String((count += 1)).padStart(6, '0')}`
  const facts: Fact[] = []
  const ago = (days: number) => AS_OF - draw.integer(0, days * DAY)
  for (let index = 0; index < leads; index++) {
    const lead = leadId(`lead ${index}`)
    facts.push({
      kind: 'link',
      id: id(),
      at: AS_OF - 100 * DAY + index,
      lead,
      account: draw.chance(0.7) ? accountId(`a${draw.integer(0, Math.floor(leads / 3))}`) : null,
    })
    const attribute = (share: number, name: string, value: () => unknown) => {
      if (draw.chance(share))
        facts.push({ kind: 'attribute', id: id(), at: ago(60), lead, name, value: value() as never })
    }
    attribute(0.7, 'job_level', () => draw.pick(['executive', 'manager', 'other', 'nobody']))
    attribute(0.2, 'job_level', () => draw.pick(['executive', 'manager']))
    attribute(0.5, 'interests', () => draw.some(['saws', 'drills', 'lathes', 'x'], 0, 3))
    attribute(0.5, 'referred_by', () => draw.pick(['Dr No', 'dr who', 'Eve', 5]))
    attribute(0.5, 'budget', () => draw.pick([-5, 999, 1_000, 1_001, null, '7']))
    attribute(0.5, 'signs', () => draw.pick([true, false]))
    attribute(0.5, 'trial_ends', () =>
      draw.pick(['2026-03-01', '2026-03-20', '2026-03-15T12:00:00Z', '2025-12-01', 'x']),
    )
    const event = (share: number, most: number, type: string, properties: () => Record<string, unknown>) => {
      if (!draw.chance(share)) return
      for (let times = draw.integer(1, most); times > 0; times--)
        facts.push({ kind: 'activity', id: id(), at: ago(45), lead, type, properties: properties() })
    }
    event(0.6, 6, 'page', () => ({
      path: draw.pick(['/pricing', '/x', 5]),
      section: draw.pick(['blog', 'guides', 'other']),
    }))
    event(0.5, 4, 'order', () => ({
      amount: draw.pick([10, 20.5, 45, 90, 1e10, 'many']),
      returned: draw.pick([true, false]),
    }))
    event(0.3, 2, draw.pick(['form_submitted', 'chat']), () => ({
      form: draw.pick(['demo', 'other']),
      seats: draw.pick([1, 2, 6, 100]),
    }))
    event(0.2, 1, 'unsubscribe', () => ({}))
    if (draw.chance(0.2))
      facts.push({
        kind: 'decision',
        id: id(),
        at: ago(20),
        lead,
        decision: draw.pick(['accept', 'recycle', 'win', 'disqualify']),
      })
  }
  for (let index = 0; index <= leads / 3; index++) {
    const account = accountId(`a${index}`)
    const known = (name: string, value: unknown) =>
      facts.push({ kind: 'account_attribute', id: id(), at: ago(60), account, name, value: value as never })
    if (draw.chance(0.8)) known('employees', draw.pick([5, 20, 60, 199, 200, 501]))
    if (draw.chance(0.6)) known('industry', draw.pick(['wood', 'Metal', 'food']))
    if (draw.chance(0.6))
      known('founded', draw.pick(['2025-03-16', '2025-03-15T12:00:00Z', '2026-01-01', '1990-01-01']))
  }
  return facts.sort(compareFacts)
}

const plan = compileDefinition(definition)
const all = randomFacts(LEADS)
const decided = (facts: readonly Fact[]) => facts.filter(({ kind }) => kind !== 'decision')

/** What the columns say of one row, as an assessment does. */
function rowOf(results: BulkResults, row: number): Pick<Assessment, 'scores' | 'levels' | 'personas'> {
  return {
    scores: Object.fromEntries([...results.scores].map(([name, column]) => [name, column[row] / MICRO])),
    levels: Object.fromEntries([...results.levels].map(([name, { codes, names }]) => [name, names[codes[row]]])),
    personas: [...results.personas].filter(([, column]) => column[row] === 1).map(([name]) => name),
  }
}

function assessAll(facts: readonly Fact[]): ReadonlyMap<LeadId, Assessment> {
  const found = new Map<LeadId, Assessment>()
  for (const { facts: own, leads } of circlesOf(plan, facts)) {
    const { circle } = replay(plan, own, { until: AS_OF })
    for (const lead of leads) found.set(lead, assess(plan, circle, lead, AS_OF))
  }
  return found
}

describe('many leads', () => {
  test('by columns and histories are the leads one by one', () => {
    const columns = columnsFromFacts(definition, all, { asOf: AS_OF })
    const histories = { leads: columns.leads, circles: circlesOf(plan, all) }
    const results = bulkAssess(plan, columns, { asOf: AS_OF, histories })!
    const expected = assessAll(all)
    expect(columns.leads.length).toBe(LEADS)
    for (const [row, lead] of columns.leads.entries()) {
      const { scores, levels, personas, stage } = expected.get(lead)!
      expect({ lead, ...rowOf(results, row) }).toEqual({ lead, scores, levels, personas })
      const { codes, names, since } = results.stage!
      expect([lead, names[codes[row]], since[row]]).toEqual([lead, stage.id, stage.since])
    }
  })

  test('by columns alone, where the kernel can tell and nobody has decided anything', () => {
    const facts = decided(all)
    const columns = columnsFromFacts(definition, facts, { asOf: AS_OF })
    const { nodes } = new Kernel(definition, columns, { asOf: AS_OF })
    expect(nodes).toEqual(
      expect.arrayContaining(['scores.measures', 'scores.fit', 'categories.letter', 'personas.both']),
    )
    const results = bulkAssess(plan, columns, { asOf: AS_OF })!
    const expected = assessAll(facts)
    const known = <T>(section: string, values: Readonly<Record<string, T>>) =>
      Object.fromEntries(Object.entries(values).filter(([name]) => nodes.includes(`${section}.${name}`)))
    for (const [row, lead] of columns.leads.entries()) {
      const { scores, levels, personas } = expected.get(lead)!
      const found = rowOf(results, row)
      expect([lead, found.scores, found.levels]).toEqual([lead, known('scores', scores), known('categories', levels)])
      expect([lead, found.personas]).toEqual([lead, personas.filter((name) => nodes.includes(`personas.${name}`))])
    }
  })

  test('with histories are replayed only where somebody has decided something', () => {
    const { stages: _, value: __, playbooks: ___, examples: ____, capacity: _____, ...rest } = definition
    const { quality, origin } = definition.categories!
    const { fit, measures } = definition.scores!
    const free: Definition = {
      ...rest,
      personas: { ...rest.personas, joiner: { when: { account: { attribute: 'industry', is: 'wood' } } } },
      scores: { fit, measures },
      categories: { quality, origin },
    }
    const ofStages = compileDefinition(free)
    const overridden = columnsFromFacts(free, all, { asOf: AS_OF }).leads.filter((_lead, row) => row % 5 === 0)
    const facts = [
      ...all,
      ...overridden.map((lead, index): Fact => ({
        kind: 'decision',
        id: `override ${lead}`,
        at: AS_OF - (1 + (index % 9)) * DAY,
        lead,
        decision: 'override',
        override: { category: 'quality', level: 'high', ...(index % 2 === 0 ? {} : { until: AS_OF - DAY / 2 }) },
      })),
    ].toSorted(compareFacts)
    const columns = columnsFromFacts(free, facts, { asOf: AS_OF })
    const circles = [...circlesOf(ofStages, facts)]
    const histories = { leads: columns.leads, circles }
    const expected = new Map(
      circles.flatMap(({ facts: own, leads }) => {
        const { circle } = replay(ofStages, own, { until: AS_OF })
        return leads.map((lead) => [lead, assess(ofStages, circle, lead, AS_OF)] as const)
      }),
    )
    const cuts = [0, 3, Math.floor(LEADS / 2), LEADS]
    for (const [index, from] of cuts.slice(0, -1).entries()) {
      const range = { from, end: cuts[index + 1] }
      const told: [number, number][] = []
      const onProgress = (done: number, of: number) => void told.push([done, of])
      const results = bulkAssess(ofStages, columns, { asOf: AS_OF, histories, range, onProgress })!
      // Once for the columns, and once for the histories.
      const count = range.end - from
      expect(told).toEqual([
        [count, count],
        [count, count],
      ])
      const { codes, names, since } = results.stage!
      for (const [row, lead] of columns.leads.entries()) {
        if (row < range.from || row >= range.end) {
          // Another worker's.
          expect([since[row], ...[...results.scores.values()].map((scores) => scores[row])]).toEqual([0, 0, 0])
          continue
        }
        const { scores, levels, personas, stage } = expected.get(lead)!
        expect([lead, rowOf(results, row)]).toEqual([lead, { scores, levels, personas }])
        expect([lead, names[codes[row]], since[row]]).toEqual([lead, stage.id, stage.since])
      }
    }
  })

  test('in ranges, and from memory that is shared, are the same', () => {
    const columns = columnsFromFacts(definition, all, { asOf: AS_OF })
    expect(columnsFromFacts(definition, all, { asOf: AS_OF, allocate: sharedMemory })).toEqual(columns)
    const histories = { leads: columns.leads, circles: circlesOf(plan, all) }
    const expected = bulkAssess(plan, columns, { asOf: AS_OF, histories })!
    const shared = shareColumns(columns)
    expect({ ...shared, leads: columns.leads }).toEqual(columns)
    for (const values of [
      shared.hasAccount!,
      shared.activities!.at,
      shared.activities!.type,
      shared.activities!.offsets,
    ])
      expect(values.buffer).toBeInstanceOf(SharedArrayBuffer)
    for (const column of [...shared.attributes.values(), ...shared.activities!.properties.values()])
      expect((column.kind === 'numbers' ? column.values : column.codes).buffer).toBeInstanceOf(SharedArrayBuffer)
    expect(shareColumns(shared).activities!.at).toBe(shared.activities!.at)
    const cuts = [0, 1, 17, Math.floor(LEADS / 2), LEADS]
    let results: BulkResults | undefined
    for (const [index, from] of cuts.slice(0, -1).entries()) {
      results = bulkAssess(plan, shared, {
        asOf: AS_OF,
        histories,
        range: { from, end: cuts[index + 1] },
        ...(results === undefined ? {} : { results }),
      })
    }
    expect(results).toEqual(expected)
  })

  test('are counted as they are done, and can be called off', () => {
    const columns = columnsFromFacts(definition, all, { asOf: AS_OF })
    const seen: [number, number][] = []
    bulkAssess(plan, columns, { asOf: AS_OF, onProgress: (done, of) => seen.push([done, of]) })
    expect(seen.at(-1)).toEqual([LEADS, LEADS])
    const range = { from: 5, end: 15 }
    const part: [number, number][] = []
    bulkAssess(plan, columns, { asOf: AS_OF, range, onProgress: (done, of) => part.push([done, of]) })
    expect(part.at(-1)).toEqual([10, 10])
    expect(bulkAssess(plan, columns, { asOf: AS_OF, signal: { aborted: true } })).toBeUndefined()
    const histories = { leads: columns.leads, circles: circlesOf(plan, all) }
    let calls = 0
    const signal = {
      get aborted() {
        return (calls += 1) > 1
      },
    }
    expect(bulkAssess(plan, columns, { asOf: AS_OF, histories, signal })).toBeUndefined()
  })
})

describe('columns', () => {
  test('of numbers hold what is a finite number', () => {
    const { values } = numberColumn([1, '2', Number.NaN, Infinity, null, undefined, true, -0.5], 8)
    expect([...values]).toEqual([1, ...Array.from({ length: 6 }, () => Number.NaN), -0.5])
  })

  test('of anything else hold equal values once', () => {
    const column = codedColumn(['a', 'b', 'a', null, ['x'], ['x'], undefined, 'list', '["x"]'], 9)
    expect([...column.codes]).toEqual([1, 2, 1, 0, 3, 3, 0, 4, 5])
    expect(column.dictionary).toEqual([undefined, 'a', 'b', ['x'], 'list', '["x"]'])
  })

  test.each([
    { values: [1, null, undefined, 2.5], kind: 'numbers' },
    { values: [null, undefined], kind: 'numbers' },
    { values: [1, Infinity], kind: 'codes' },
    { values: [1, '2'], kind: 'codes' },
    { values: [true, false], kind: 'codes' },
    { values: [[1], 2], kind: 'codes' },
  ])('of the property values $values are $kind', ({ values, kind }) => {
    expect(propertyColumn(values).kind).toBe(kind)
  })

  test('of properties tell no list or map from another, but from nothing', () => {
    const column = propertyColumn([{ a: 1 }, ['x'], 'x', { b: 2 }, null, undefined])
    expect(column.kind === 'codes' && [...column.codes]).toEqual([1, 1, 2, 1, 0, 0])
  })

  test('of activities keep the order in which those of one instant were given', () => {
    const clustered = clusterActivities(
      {
        lead: Uint32Array.of(1, 0, 1, 1, 1, 1),
        at: Float64Array.of(5, 9, 3, 5, 3, 5),
        type: Uint16Array.of(0, 1, 2, 3, 4, 5),
        types: ['0', '1', '2', '3', '4', '5'],
        properties: new Map([['p', numberColumn([0, 1, 2, 3, 4, 5], 6)]]),
      },
      2,
    )
    expect([...clustered.type]).toEqual([1, 2, 4, 0, 3, 5])
    expect([...clustered.at]).toEqual([9, 3, 3, 5, 5, 5])
    expect(clustered.properties.get('p')).toEqual(numberColumn([1, 2, 4, 0, 3, 5], 6))
  })
})

describe('columns of other makes', () => {
  /** Row after row of the results, as one text each. */
  const rowsOf = (results: BulkResults, count: number) =>
    Array.from({ length: count }, (_, row) => JSON.stringify(rowOf(results, row)))
  const facts = decided(all).filter(({ kind }) => kind !== 'link' && kind !== 'account_attribute')
  const alone = columnsFromFacts(definition, facts, { asOf: AS_OF })
  const expected = () => rowsOf(bulkAssess(plan, alone, { asOf: AS_OF })!, alone.count)

  test('of more leads than are worked on at once are those of each', () => {
    const times = Math.ceil(2_500 / LEADS)
    const copies = Array.from({ length: times }, (_, copy) =>
      facts.map((fact) =>
        'lead' in fact ? { ...fact, id: `${fact.id} ${copy}`, lead: leadId(`${fact.lead} ${copy}`) } : fact,
      ),
    )
    const columns = columnsFromFacts(definition, copies.flat().sort(compareFacts), { asOf: AS_OF })
    const results = rowsOf(bulkAssess(plan, columns, { asOf: AS_OF })!, columns.count)
    const once = expected()
    for (const [row, lead] of columns.leads.entries()) {
      const original = alone.leads.indexOf(leadId(lead.slice(0, lead.lastIndexOf(' '))))
      expect([lead, results[row]]).toEqual([lead, once[original]])
    }
    const told: number[] = []
    bulkAssess(plan, columns, { asOf: AS_OF, onProgress: (done) => told.push(done) })
    expect(told).toEqual(columns.count > 4_096 ? [4_096, columns.count] : [columns.count])
  })

  test('of very many leads are told of every few thousand', () => {
    const plain: Definition = {
      winnow: 1,
      name: 'Plain',
      attributes: { x: { type: 'number' } },
      scores: { s: { groups: { g: { criteria: [{ id: 'c', when: { attribute: 'x', above: 3 }, points: 5 }] } } } },
    }
    const records = Array.from({ length: 10_000 }, (_, row) => ({ x: row % 7 }))
    const columns = columnsFromRecords(plain, records, { asOf: AS_OF })
    const told: (readonly [number, number])[] = []
    const onProgress = (done: number, of: number) => void told.push([done, of])
    const results = bulkAssess(compileDefinition(plain), columns, { asOf: AS_OF, onProgress })!
    expect([...results.scores.get('s')!]).toEqual(records.map(({ x }) => (x > 3 ? 5 * MICRO : 0)))
    expect(told).toEqual([4_096, 8_192, 10_000].map((done) => [done, 10_000]))
    const signal = { aborted: true }
    expect(bulkAssess(compileDefinition(plain), columns, { asOf: AS_OF, signal })).toBeUndefined()
  })

  test('of activities in any order are those in order', () => {
    const { activities } = alone
    const { offsets, at, type, types, properties } = activities!
    const lead = new Uint32Array(at.length)
    for (let row = 0; row < alone.count; row++) lead.fill(row, offsets[row], offsets[row + 1])
    const order = seeded(3).shuffle([...at.keys()])
    const put = <T extends Float64Array | Uint32Array | Uint16Array>(values: T): T =>
      values.map((_, place) => values[order[place]]) as T
    const raw = {
      lead: put(lead),
      at: put(at),
      type: put(type),
      types,
      properties: new Map(
        [...properties].map(([name, column]) => [
          name,
          column.kind === 'numbers'
            ? { ...column, values: put(column.values) }
            : { ...column, codes: put(column.codes) },
        ]),
      ),
    }
    const clustered = clusterActivities(raw, alone.count)
    expect(clustered.offsets).toEqual(offsets)
    expect(clustered.at).toEqual(at)
    expect(rowsOf(bulkAssess(plan, { ...alone, activities: clustered }, { asOf: AS_OF })!, alone.count)).toEqual(
      expected(),
    )
  })

  test('that are missing are unknown everywhere', () => {
    const without = (names: readonly string[]) => ({
      ...alone,
      attributes: new Map([...alone.attributes].filter(([name]) => !names.includes(name))),
    })
    for (const names of [['job_level'], ['budget', 'founded', 'signs'], [...alone.attributes.keys()]]) {
      const unknown = columnsFromFacts(
        definition,
        facts.map((fact) => (fact.kind === 'attribute' && names.includes(fact.name) ? { ...fact, value: null } : fact)),
        { asOf: AS_OF },
      )
      const results = bulkAssess(plan, without(names), { asOf: AS_OF })!
      expect(rowsOf(results, alone.count)).toEqual(rowsOf(bulkAssess(plan, unknown, { asOf: AS_OF })!, alone.count))
    }
    const { activities: _, ...still } = alone
    const quiet = columnsFromFacts(
      definition,
      facts.map((fact) => (fact.kind === 'activity' ? { ...fact, type: 'nothing' } : fact)),
      { asOf: AS_OF },
    )
    expect(rowsOf(bulkAssess(plan, still, { asOf: AS_OF })!, alone.count)).toEqual(
      rowsOf(bulkAssess(plan, quiet, { asOf: AS_OF })!, alone.count),
    )
  })

  test('of records are those of facts that say the same', () => {
    const latest = new Map<LeadId, Record<string, FactValue>>()
    for (const fact of facts) {
      if (fact.kind !== 'attribute') continue
      latest.set(fact.lead, { ...latest.get(fact.lead), [fact.name]: fact.value })
    }
    const leads = [...latest.keys()]
    const records = columnsFromRecords(definition, [...latest.values()], { asOf: AS_OF })
    const same = leads.flatMap((lead) =>
      Object.entries(latest.get(lead)!).map(([name, value]): Fact => ({
        kind: 'attribute',
        id: `${lead} ${name}`,
        at: AS_OF,
        lead,
        name,
        value,
      })),
    )
    const columns = columnsFromFacts(definition, same, { asOf: AS_OF })
    const found = rowsOf(bulkAssess(plan, records, { asOf: AS_OF })!, records.count)
    const wanted = rowsOf(bulkAssess(plan, columns, { asOf: AS_OF })!, columns.count)
    for (const [row, lead] of leads.entries())
      expect([lead, found[row]]).toEqual([lead, wanted[columns.leads.indexOf(lead)]])
  })

  test('of activities of many kinds, by leads that do a lot, are those of each', () => {
    const flags = Array.from({ length: 7 }, (_, index) => `p${index}`)
    const various: Definition = {
      winnow: 1,
      name: 'Various',
      activities: { done: { from: 'e' } },
      scores: {
        busy: {
          range: [0, 1_000_000],
          groups: {
            all: {
              criteria: flags.map((name, index) => ({
                id: name,
                when: { activity: 'done', where: { [name]: true }, count: { at_least: 300 + 10 * index } },
                points: 2 ** index,
              })),
            },
          },
        },
      },
    }
    const draw = seeded(11)
    const busy = [3, 5_000, 0, 900, 9_000, 700].flatMap((times, lead) =>
      Array.from({ length: times }, (_, index): Fact => ({
        kind: 'activity',
        id: `${lead} ${index}`,
        at: AS_OF - draw.integer(0, DAY),
        lead: leadId(`busy ${lead}`),
        type: 'e',
        properties: Object.fromEntries(flags.map((name, place) => [name, draw.chance(0.9 - 0.1 * place) || 'no'])),
      })),
    )
    const columns = columnsFromFacts(various, busy, { asOf: AS_OF })
    const found = rowsOf(bulkAssess(compileDefinition(various), columns, { asOf: AS_OF })!, columns.count)
    for (const [row, lead] of columns.leads.entries()) {
      const own = busy.filter((fact) => fact.kind === 'activity' && fact.lead === lead)
      const points = flags.map((name, index) =>
        own.filter((fact) => fact.kind === 'activity' && fact.properties[name] === true).length >= 300 + 10 * index
          ? 2 ** index
          : 0,
      )
      const score = points.reduce((sum, each) => sum + each, 0)
      expect([lead, found[row]]).toEqual([lead, JSON.stringify({ scores: { busy: score }, levels: {}, personas: [] })])
    }
  })
})
