/** What another definition would do to the leads of a sample. Pure. */
import type { Definition } from '@winnow/engine'
import type { CategoryEffect, Effect, Placed } from './protocol.ts'

export interface Outcome {
  readonly definition: Definition
  readonly places: Map<string, Placed>
  /** Leads a week that came to each stage. */
  readonly weekly: ReadonlyMap<string, number>
}

/** @param before  undefined where nothing is live yet */
export function effectBetween(
  before: Outcome | undefined,
  after: Outcome,
): Pick<Effect, 'moved' | 'categories' | 'weekly'> {
  const stage = compare('stage', stagesOf(before, after), before, after, ({ stage }) => stage)
  const names = Object.keys({ ...after.definition.categories, ...before?.definition.categories })
  const categories = names.map((name) =>
    compare(name, levelsOf(name, before, after), before, after, ({ levels }) => levels[name]),
  )
  const all = [...categories, ...(stage.levels.length > 0 ? [stage] : [])]
  const moved = new Set(all.flatMap(({ moves }) => moves.map(({ lead }) => lead)))
  const weekly = stage.levels.map((each) => ({
    stage: each,
    before: before?.weekly.get(each) ?? 0,
    after: after.weekly.get(each) ?? 0,
  }))
  return { moved: moved.size, categories: all, weekly }
}

function compare(
  what: string,
  levels: readonly string[],
  before: Outcome | undefined,
  after: Outcome,
  read: (placed: Placed) => string | undefined,
): CategoryEffect {
  const count = (outcome: Outcome | undefined) => {
    const all = [...(outcome?.places.values() ?? [])].map(read)
    return levels.map((level) => all.filter((each) => each === level).length)
  }
  const moves = [...after.places].flatMap(([lead, placed]) => {
    const was = before?.places.get(lead)
    const [from, to] = [was && read(was), read(placed)]
    return from === undefined || to === undefined || from === to ? [] : [{ lead, from, to }]
  })
  return { what, levels, before: count(before), after: count(after), moves }
}

const stagesOf = (before: Outcome | undefined, after: Outcome): string[] => [
  ...new Set([after, before].flatMap((outcome) => (outcome?.definition.stages ?? []).map(({ id }) => id))),
]

/** The levels of a category, best first, then those that only the earlier definition has. */
const levelsOf = (name: string, before: Outcome | undefined, after: Outcome): string[] => [
  ...new Set([after, before].flatMap((outcome) => (outcome ? levelNames(outcome.definition, name) : []))),
]

export function levelNames(definition: Definition, name: string): string[] {
  const category = definition.categories?.[name]
  if (category === undefined) return []
  if ('levels' in category) return category.levels.flatMap((level) => Object.keys(level))
  const { rows, columns, cells } = category.matrix
  const across = levelNames(definition, columns)
  const named = levelNames(definition, rows).flatMap((row) =>
    across.flatMap((column) => (cells === undefined ? [`${row}_${column}`] : (cells[row]?.[column] ?? []))),
  )
  return [...new Set(named)]
}
