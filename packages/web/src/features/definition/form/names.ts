/** What there is to choose from: the names of the document, with what people call them. */
import { valueIn } from '../../../app/yaml-text.ts'
import { levelNames } from '../edit/rename-part.ts'
import type { Editor } from '../editor/context.ts'
import type { Choice } from './fields.tsx'

export const spaced = (name: string): string => name.replaceAll('_', ' ')

export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
/** What is written there, if it is a single value. */
export const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : [])
export const entriesOf = (value: unknown): readonly (readonly [string, unknown])[] =>
  isMap(value) ? Object.entries(value) : []

export const labelOf = (name: string, value: unknown): string => {
  const label = isMap(value) ? value['label'] : undefined
  return typeof label === 'string' ? label : spaced(name)
}

/** The entries of a section as choices. */
export const choicesIn = (document: Editor['document'], section: string): Choice[] =>
  entriesOf(document[section]).map(([name, value]) => ({ value: name, label: labelOf(name, value) }))

export const stageChoices = (document: Editor['document']): Choice[] =>
  listOf(document['stages']).flatMap((stage) =>
    isMap(stage) && typeof stage['id'] === 'string' ? [{ value: stage['id'], label: labelOf(stage['id'], stage) }] : [],
  )

/** Levels of a category; those of a matrix are the names of its cells. */
export function levelChoices(document: Editor['document'], category: string): Choice[] {
  const levels = listOf(valueIn(document, ['categories', category, 'levels']))
  const own = levels.flatMap((level) =>
    entriesOf(level).map(([name, value]) => ({ value: name, label: labelOf(name, value) })),
  )
  if (own.length > 0) return own
  const cells = entriesOf(valueIn(document, ['categories', category, 'matrix', 'cells']))
  const named = cells.flatMap(([, row]) => entriesOf(row).map(([, cell]) => String(cell)))
  const names = named.length > 0 ? named : levelNames(document, category)
  return [...new Set(names)].map((value) => ({ value, label: value }))
}

export const topicChoices = (document: Editor['document']): Choice[] => {
  const topics = entriesOf(document['attributes']).flatMap(([, attribute]) =>
    isMap(attribute) && typeof attribute['answers'] === 'string' ? [attribute['answers']] : [],
  )
  return [...new Set(topics)].map((value) => ({ value, label: spaced(value) }))
}

/** A name that is not taken: `wish`, `wish_2`, … */
export function freeName(wish: string, taken: readonly string[]): string {
  if (!taken.includes(wish)) return wish
  for (let number = 2; ; number++) {
    const name = `${wish}_${number}`
    if (!taken.includes(name)) return name
  }
}

/** A name that the language takes, from what somebody typed. */
export function asName(typed: string): string {
  const name = typed
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
  return /^[a-z]/.test(name) ? name.slice(0, 64) : `x_${name}`.slice(0, 64)
}
