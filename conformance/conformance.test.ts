import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseDefinition } from '@winnow/engine'
import { referenceAssess, referenceNextChange, referenceReplay } from '../packages/engine/test/reference/reference.ts'
import { answered, type Runner } from './answer.ts'
import { expectedOf, runBulk, runKernel, runRecord, toldOf } from './bulk.ts'
import { definitionOf, runEngine } from './engine.ts'
import { AREAS, loadCases } from './load.ts'

const readJson = (path: string): unknown => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'))
const cases = loadCases(readJson)

/** Longer than any duration that a case waits for. */
const HORIZON_MS = 400 * 86_400_000

const runReference: Runner = (each) => {
  const { facts, lead, asOf } = each
  const definition = definitionOf(each)
  const {
    scores,
    levels,
    stage,
    personas,
    contributions,
    value = null,
  } = referenceAssess(definition, facts, lead, asOf)
  return {
    scores,
    points: contributions,
    levels,
    stage: stage.id,
    personas,
    value,
    transitions: referenceReplay(definition, facts, asOf).filter((transition) => transition.lead === lead),
    // Looked for only where it is asked for: the reference goes through the future step by step.
    ...(each.expect.nextChange === undefined
      ? {}
      : { nextChange: referenceNextChange(definition, facts, { lead, asOf, horizonMs: HORIZON_MS })?.at ?? null }),
  }
}

const RUNNERS = { engine: runEngine, reference: runReference } as const satisfies Record<string, Runner>

describe.each(Object.entries(RUNNERS))('%s', (_, run) => {
  describe.each(AREAS)('%s', (area) => {
    test.each(cases.filter((each) => each.area === area))('$name', (each) => {
      expect(answered(each.expect, run(each))).toEqual(each.expect)
    })
  })
})

const WAYS = { bulk: runBulk, kernel: runKernel, record: runRecord } as const

/** Ways of assessing many leads at once answer what they can, and each a good part of the cases. */
describe.each(Object.entries(WAYS))('many at once: %s', (name, run) => {
  test.each(cases)('$area: $name', (each) => {
    const told = run(each)
    if (told === undefined) return
    const expected = expectedOf(each, told)
    expect(toldOf(told, expected)).toEqual(expected)
  })

  test('answers its share', () => {
    const answered = cases.filter((each) => run(each) !== undefined)
    expect(answered.length / cases.length).toBeGreaterThan({ bulk: 0.9, kernel: 0.5, record: 0.1 }[name]!)
  })
})

describe('the cases themselves', () => {
  test('every file is an area and every area a file', () => {
    const files = readdirSync(new URL('cases', import.meta.url))
    expect(files.sort()).toEqual(AREAS.map((area) => `${area}.json`).sort())
  })

  test('no two cases of an area have one name', () => {
    const names = cases.map(({ area, name }) => `${area}: ${name}`)
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([])
  })

  test('every case expects something', () => {
    expect(cases.filter(({ expect: expected }) => Object.keys(expected).length === 0)).toEqual([])
  })

  test('every definition parses without an error', () => {
    const refused = cases.filter(({ definition }) => !parseDefinition(definition).ok).map(({ name }) => name)
    expect(refused).toEqual([])
  })
})
