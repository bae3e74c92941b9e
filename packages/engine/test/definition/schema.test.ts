import { readdirSync, readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { definitionJsonSchema } from '../../src/definition/json-schema.ts'
import { definitionShape } from '../../src/definition/language.ts'
import { casesOf } from '../generators/share.ts'
import { issueCases, rightCases } from './issue-cases.ts'
import { mutated } from './mutations.ts'
import { whole } from './whole.ts'

const schemaFile = new URL('../../definition.schema.json', import.meta.url)
const examples = new URL('../../../../examples/', import.meta.url)

const validate = new Ajv2020({ strict: true, allowUnionTypes: true, strictRequired: false }).compile(
  definitionJsonSchema(),
)

/** The parser's verdict on the shapes alone. */
function isWellShaped(document: unknown): boolean {
  let wellShaped = true
  definitionShape.check(document, [], () => {
    wellShaped = false
  })
  return wellShaped
}

test('the published schema is the one that the shapes give', () => {
  const published: unknown = JSON.parse(readFileSync(schemaFile, 'utf8'))
  // When this fails, run `node scripts/write-schema.ts`.
  expect(published).toEqual(definitionJsonSchema())
})

test('the schema points at no host', () => {
  expect(JSON.stringify({ ...definitionJsonSchema(), $schema: '' })).not.toMatch(/https?:/)
})

describe('a JSON Schema validator and the parser agree on shapes', () => {
  test('on a definition that uses everything', () => {
    validate(whole())
    expect(validate.errors).toBeNull()
  })

  test.each([...issueCases, ...rightCases].filter(({ document }) => isJson(document)))(
    'on the case: $name',
    ({ document }) => {
      expect(validate(document)).toBe(isWellShaped(document))
    },
  )

  test('on random changes of a definition', () => {
    let refused = 0
    fc.assert(
      fc.property(mutated(whole), (document) => {
        if (!isJson(document)) return
        const wellShaped = isWellShaped(document)
        refused += wellShaped ? 0 : 1
        expect(validate(document)).toBe(wellShaped)
      }),
      { numRuns: casesOf(500) },
    )
    expect(refused).toBeGreaterThanOrEqual(casesOf(500) / 5)
  })
})

describe('the example definitions', () => {
  test.each(exampleFiles())('examples/%s fits the schema', (name) => {
    const document: unknown = parse(readFileSync(new URL(name, examples), 'utf8'))
    validate(document)
    expect(validate.errors).toBeNull()
  })
})

/** A folder may hold other YAML files too, such as mappings. */
const isDefinition = (name: string) => name === 'starter.yaml' || name.endsWith('definition.yaml')

function exampleFiles(): string[] {
  const files = readdirSync(examples, { recursive: true, encoding: 'utf8' }).filter(isDefinition)
  if (files.length === 0) throw new Error('there are no example definitions')
  return files
}

/** A validator never sees what JSON cannot hold. */
function isJson(document: unknown): boolean {
  try {
    return (
      JSON.stringify(document) === JSON.stringify(structuredClone(document)) && !/Infinity|null/.test(spelled(document))
    )
  } catch {
    return false
  }
}

const spelled = (document: unknown): string =>
  JSON.stringify(document, (_, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? 'Infinity' : value,
  )
