import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { lintDefinition, parseDefinitionText, testDefinition, type Definition } from '@winnow/engine'

const folder = new URL('../examples/', import.meta.url)
/** Folders may hold other YAML too, such as mappings. */
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name === 'starter.yaml' || name.endsWith('definition.yaml'))
  .sort()

function definitionIn(file: string): Definition {
  const parsed = parseDefinitionText(readFileSync(new URL(file, folder), 'utf8'))
  expect(parsed.issues).toEqual([])
  if (!parsed.ok) throw new Error(`${file} has errors`)
  return parsed.definition
}

describe.each(files)('examples/%s', (file) => {
  test('parses, and the linter has nothing to say', () => {
    expect(lintDefinition(definitionIn(file))).toEqual([])
  })

  test('passes its own examples', () => {
    const results = testDefinition(definitionIn(file))
    expect(results.length).toBeGreaterThan(0)
    expect(results.filter(({ ok }) => !ok)).toEqual([])
  })
})

/** The three that show how it is done, each with everything that a practitioner expects. */
describe.each(['b2b-software', 'online-school', 'industrial-manufacturer'])('the example of %s', (name) => {
  const definition = definitionIn(`${name}/definition.yaml`)
  const { stages = [], categories = {}, examples = [] } = definition

  test('leads from a first contact over MQL, SAL and SQL to a customer, with ways back and out', () => {
    const ids = stages.map(({ id }) => id)
    for (const id of ['lead', 'mql', 'sal', 'sql', 'opportunity', 'customer']) expect(ids).toContain(id)
    const decisions = stages.flatMap(({ by = [] }) => by)
    expect(decisions.sort()).toEqual(['accept', 'disqualify', 'lose', 'qualify', 'recycle', 'reject', 'win'])
  })

  test('knows fit, heat, origin and grade', () => {
    expect(Object.keys(categories)).toEqual(expect.arrayContaining(['quality', 'temperature', 'origin', 'grade']))
  })

  test('has value, capacity, playbooks, a review and at least eight tests of its own', () => {
    expect(Object.keys(definition)).toEqual(expect.arrayContaining(['value', 'capacity', 'playbooks', 'review']))
    expect(examples.length).toBeGreaterThanOrEqual(8)
  })
})
