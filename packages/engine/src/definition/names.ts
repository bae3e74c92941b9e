/** What a document declares, as far as its other parts may refer to it. */
import { levelNames, stageIds } from './levels.ts'
import type { Attribute, Definition } from './language.ts'
import { isMap } from './shape.ts'
import { own } from './walk.ts'

export interface Names {
  /** The attribute itself is undefined where it is ill-shaped: its name may be referred to, its type is not known. */
  readonly attributes: ReadonlyMap<string, Attribute | undefined>
  readonly activities: ReadonlySet<string>
  readonly personas: ReadonlySet<string>
  readonly scores: ReadonlySet<string>
  /** Levels by category; undefined where they cannot be told. */
  readonly categories: ReadonlyMap<string, ReadonlySet<string> | undefined>
  readonly stages: ReadonlySet<string>
  readonly topics: ReadonlySet<string>
  readonly criteria: ReadonlySet<string>
}

/**
 * Names come from the document as written, so that an ill-shaped attribute is reported once, where it stands, and not at
 * every place that mentions it; types come from `rest`, the well-shaped part.
 */
export function namesOf(document: unknown, rest: Definition): Names {
  const raw = isMap(document) ? document : {}
  const stages = listOf(raw['stages']).flatMap((stage) =>
    isMap(stage) && typeof stage['id'] === 'string' ? [stage['id']] : [],
  )
  return {
    attributes: new Map(keysOf(raw['attributes']).map((name) => [name, own<Attribute>(rest.attributes, name)])),
    activities: new Set(keysOf(raw['activities'])),
    personas: new Set(keysOf(raw['personas'])),
    scores: new Set(keysOf(raw['scores'])),
    categories: new Map(keysOf(raw['categories']).map((name) => [name, levelsOf(raw['categories'], name, rest)])),
    stages: new Set([...stages, ...stageIds(rest)]),
    topics: new Set(
      valuesOf(raw['attributes']).flatMap((each) =>
        isMap(each) && typeof each['answers'] === 'string' ? [each['answers']] : [],
      ),
    ),
    criteria: new Set(
      rawCriteria(raw['scores']).flatMap((each) => (typeof each['id'] === 'string' ? [each['id']] : [])),
    ),
  }
}

function levelsOf(categories: unknown, name: string, rest: Definition): ReadonlySet<string> | undefined {
  const category = isMap(categories) ? categories[name] : undefined
  if (isMap(category) && Array.isArray(category['levels'])) return new Set(category['levels'].flatMap(keysOf))
  const levels = levelNames(rest, name)
  return levels && new Set(levels)
}

function rawCriteria(scores: unknown): readonly Record<string, unknown>[] {
  const groups = valuesOf(scores).flatMap((score) => (isMap(score) ? valuesOf(score['groups']) : []))
  return groups.flatMap((group) => (isMap(group) ? listOf(group['criteria']).filter(isMap) : []))
}

const keysOf = (map: unknown): readonly string[] => (isMap(map) ? Object.keys(map) : [])
const valuesOf = (map: unknown): readonly unknown[] => (isMap(map) ? Object.values(map) : [])
const listOf = (list: unknown): readonly unknown[] => (Array.isArray(list) ? list : [])
