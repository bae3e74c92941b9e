import { definitionShape } from './language.ts'
import { jsonSchemaOf, type JsonSchema } from './shape.ts'

/**
 * The published JSON Schema of the language: what editors complete and check by. It knows the shapes; names, types and circles
 * only the parser sees.
 */
export function definitionJsonSchema(): JsonSchema {
  return jsonSchemaOf(definitionShape, {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:winnow:definition:1',
    title: 'Winnow definition',
    description: 'What marketing and sales agreed a good lead is.',
  })
}
