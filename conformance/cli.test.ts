/**
 * The command as a runner of the cases: what `winnow explain --json` says of a definition and a fact log on disk. Each case
 * goes through the command's own entry, options, files and exit codes included; one of each area also through a process.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatInstant, parseInstant } from '@winnow/engine'
import { writeFact } from '@winnow/io'
import { afterAll, describe, expect, test } from 'vitest'
import { main } from '../packages/cli/src/program.ts'
import { answered, type Answer } from './answer.ts'
import { AREAS, loadCases, type ConformanceCase, type ExpectedWorth } from './load.ts'

const folder = mkdtempSync(join(tmpdir(), 'winnow-conformance-'))
const [definition, facts, out] = ['definition.json', 'facts.jsonl', 'told.json'].map((name) => join(folder, name)) as [
  string,
  string,
  string,
]
afterAll(() => rmSync(folder, { recursive: true }))

const readJson = (path: string): unknown => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'))
/** The command reads leads from the input: of a lead without facts it has never heard. */
const cases = loadCases(readJson).filter((each) => each.facts.some((fact) => 'lead' in fact && fact.lead === each.lead))

interface Told {
  readonly stage: { readonly id: string }
  readonly levels: Answer['levels']
  readonly scores: Answer['scores']
  readonly personas: readonly string[]
  readonly value: ExpectedWorth | null
  readonly next: { readonly at: string } | null
  readonly contributions: readonly { readonly criterion?: string; readonly points: number }[]
  readonly history: readonly {
    readonly at: string
    readonly name: string
    readonly from: string | null
    readonly to: string
  }[]
}

function answerOf({ stage, levels, scores, personas, value, next, contributions, history }: Told): Answer {
  const points = contributions.flatMap((each) =>
    each.criterion === undefined ? [] : [[each.criterion, each.points] as const],
  )
  return {
    stage: stage.id,
    levels,
    scores,
    personas,
    value,
    points: Object.fromEntries(points),
    transitions: history.map(({ at, name, from, to }) => ({ at: parseInstant(at), name, from, to })),
    nextChange: next && parseInstant(next.at),
  }
}

/** Writes the case down and gives the arguments that ask for it. */
function ask(each: ConformanceCase): string[] {
  writeFileSync(definition, JSON.stringify(each.definition))
  writeFileSync(facts, each.facts.map((fact) => `${writeFact(fact)}\n`).join(''))
  return [
    'explain',
    definition,
    facts,
    '--lead',
    each.lead,
    '--as-of',
    formatInstant(each.asOf),
    '--allow-refused',
    '--json',
    '--out',
    out,
  ]
}

const read = () => answerOf(JSON.parse(readFileSync(out, 'utf8')) as Told)

describe.each(AREAS)('%s', (area) => {
  const here = cases.filter((each) => each.area === area)

  test.each(here)('$name', async (each) => {
    expect(await main(ask(each))).toBe(0)
    expect(answered(each.expect, read())).toEqual(each.expect)
  })

  test('and as a process of its own', () => {
    const each = here[0]!
    execFileSync(process.execPath, [join(import.meta.dirname, '../packages/cli/src/main.ts'), ...ask(each)])
    expect(answered(each.expect, read())).toEqual(each.expect)
  })
})
