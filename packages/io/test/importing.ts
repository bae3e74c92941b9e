import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Definition, Fact } from '@winnow/engine'
import { Inputs, parseMappingText, type InputOptions, type InputRefusal } from '../src/index.ts'

export const folder = mkdtempSync(join(tmpdir(), 'winnow-io-'))
let files = 0

export function fileOf(content: string | Uint8Array, name = `file${++files}.csv`): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

export const definition: Definition = {
  winnow: 1,
  name: 'Sample',
  attributes: {
    job_level: { type: 'choice', of: ['executive', 'director', 'manager'], label: 'Seniority' },
    interests: { type: 'choices', of: ['crm', 'ads', 'mail'] },
    employees: { type: 'number', about: 'account' },
    budget: { type: 'number', unit: 'EUR' },
    signs: { type: 'boolean' },
    due: { type: 'date' },
    town: { type: 'text' },
  },
}

export interface Imported {
  readonly facts: readonly Fact[]
  readonly refusals: readonly InputRefusal[]
  readonly reports: Inputs['reports']
}

/** Everything that the files say. `mapping` is YAML. */
export async function importAll(
  paths: string | readonly string[],
  mapping?: string,
  options: Partial<InputOptions> = {},
): Promise<Imported> {
  const parsed = mapping === undefined ? undefined : parseMappingText(mapping, options.definition ?? definition)
  if (parsed && !parsed.ok) throw new Error(JSON.stringify(parsed.issues, null, 2))
  const inputs = new Inputs({ definition, mapping: parsed?.mapping, ...options })
  const facts: Fact[] = []
  const refusals: InputRefusal[] = []
  for await (const batch of inputs.read(typeof paths === 'string' ? [paths] : paths)) {
    facts.push(...batch.facts)
    refusals.push(...batch.refusals)
  }
  return { facts, refusals, reports: inputs.reports }
}

/** Attribute values of the facts, by lead or account. */
export function valuesOf(facts: readonly Fact[]): Record<string, Record<string, unknown>> {
  const values: Record<string, Record<string, unknown>> = {}
  for (const fact of facts) {
    if (fact.kind !== 'attribute' && fact.kind !== 'account_attribute') continue
    const owner = fact.kind === 'attribute' ? fact.lead : fact.account
    values[owner] = { ...values[owner], [fact.name]: fact.value }
  }
  return values
}
