/** Writes the JSON Schema that editors read: `node scripts/write-schema.ts`. A test fails while it is out of date. */
import { writeFileSync } from 'node:fs'
import { definitionJsonSchema } from '../packages/engine/src/definition/json-schema.ts'

const target = new URL('../packages/engine/definition.schema.json', import.meta.url)
writeFileSync(target, `${JSON.stringify(definitionJsonSchema(), null, 2)}\n`)
