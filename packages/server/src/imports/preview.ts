/** A first look at a file: how it is written, what its columns could be, and what its first rows would become. */
import type { Definition, Fact } from '@winnow/engine'
import {
  InputError,
  Inputs,
  INPUT_HINTS,
  openCsv,
  readBytes,
  REFUSAL_HINTS,
  suggestMapping,
  type InputRefusal,
  type Suggestion,
} from '@winnow/io'
import { stringify } from 'yaml'
import { inputOptions, type ImportDeps } from './run.ts'
import type { ReadingOptions } from './store.ts'

const ROWS_SHOWN = 20
const SAMPLES = 3
const CELL_SHOWN_MAX = 100

type LooksLike = 'empty' | 'boolean' | 'number' | 'date' | 'email' | 'text'

interface Column {
  readonly name: string
  readonly looksLike: LooksLike
  readonly samples: string[]
  readonly suggests: string | null
  readonly role: Role | null
}
type Role = 'id' | 'created_at' | 'account'

export interface Preview {
  readonly kind: 'facts' | 'leads' | 'events' | null
  readonly delimiter: string | null
  readonly encoding: string | null
  readonly columns: Column[]
  readonly suggestedMapping: string | null
  readonly facts: Record<string, unknown>[]
  readonly refusals: (Omit<InputRefusal, 'file'> & { hint: string })[]
  readonly problem: { code: string; message: string; hint: string } | null
}

export async function previewFile(
  deps: Pick<ImportDeps, 'pool' | 'plans'>,
  path: string,
  reading: ReadingOptions,
): Promise<Preview> {
  const options = await inputOptions(deps, reading)
  const inputs = new Inputs(options)
  const facts: Fact[] = []
  const refusals: InputRefusal[] = []
  let problem: Preview['problem'] = null
  try {
    for await (const batch of inputs.read([path])) {
      facts.push(...batch.facts)
      refusals.push(...batch.refusals)
      break
    }
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    problem = { code: error.code, message: error.message, hint: error.hint }
  }
  const report = inputs.reports[0]
  const csv = report?.kind === 'facts' ? undefined : await lookAtCsv(path, reading, options.definition)
  return {
    kind: report?.kind ?? null,
    delimiter: csv?.delimiter ?? null,
    encoding: csv?.encoding ?? null,
    columns: csv?.columns ?? [],
    suggestedMapping: csv?.mapping === undefined ? null : stringify(csv.mapping),
    facts: facts.slice(0, ROWS_SHOWN * 5).map((fact) => ({ ...fact })),
    refusals: refusals
      .slice(0, ROWS_SHOWN)
      .map(({ file: _file, ...rest }) => ({ ...rest, hint: REFUSAL_HINTS[rest.code] })),
    problem,
  }
}

interface Csv {
  readonly delimiter: string
  readonly encoding: string
  readonly columns: Column[]
  readonly mapping: Suggestion['mapping']
}

async function lookAtCsv(path: string, reading: ReadingOptions, definition: Definition): Promise<Csv | undefined> {
  try {
    const csv = await openCsv(readBytes(path), reading)
    const cells: string[][] = csv.header.map(() => [])
    for await (const { rows } of csv.batches) {
      for (const row of rows) row.cells.forEach((cell, index) => cells[index]!.push(cell.trim()))
      break
    }
    const { attributes, mapping } = suggestMapping(definition, csv.header)
    const roles = rolesOf(mapping)
    const columns = csv.header.map((name, index): Column => {
      const filled = cells[index]!.filter((cell) => cell !== '')
      const samples = [...new Set(filled)].slice(0, SAMPLES).map((cell) => cell.slice(0, CELL_SHOWN_MAX))
      return {
        name,
        looksLike: looksLike(filled),
        samples,
        suggests: attributes.get(name) ?? null,
        role: roles.get(name) ?? null,
      }
    })
    return { delimiter: csv.dialect.delimiter, encoding: csv.encoding.encoding, columns, mapping }
  } catch (error) {
    if (error instanceof InputError && Object.hasOwn(INPUT_HINTS, error.code)) return undefined // told as the problem
    throw error
  }
}

/** Which columns say who a row is about, since when, and of which company. */
function rolesOf(mapping: Suggestion['mapping']): ReadonlyMap<string, Role> {
  const [file] = mapping?.files ?? []
  if (file === undefined || !('leads' in file)) return new Map()
  const { id, created_at, account } = file.leads
  const named = [
    ['id', id],
    ['created_at', created_at],
    ['account', account],
  ] as const
  return new Map(
    named.flatMap(([role, spec]) => {
      const column = typeof spec === 'object' && 'column' in spec ? spec.column : spec
      return typeof column === 'string' ? [[column, role] as const] : []
    }),
  )
}

const LOOKS: readonly [LooksLike, RegExp][] = [
  ['boolean', /^(?:true|false|yes|no)$/i],
  ['number', /^-?(?:0|[1-9]\d{0,14})(?:\.\d+)?$/], // 00123 and long ids stay text
  ['date', /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}.*)?$/],
  ['email', /^[^\s@]+@[^\s@]+\.[^\s@]+$/],
]

function looksLike(filled: readonly string[]): LooksLike {
  if (filled.length === 0) return 'empty'
  return LOOKS.find(([, pattern]) => filled.every((cell) => pattern.test(cell)))?.[0] ?? 'text'
}
