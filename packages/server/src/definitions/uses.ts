/** Where a definition looks at an attribute or an activity. Pure. */
import { formatPath, type Definition, type Path } from '@winnow/engine'

export interface Uses {
  readonly attributes: ReadonlyMap<string, readonly string[]>
  readonly activities: ReadonlyMap<string, readonly string[]>
}

/** Parts that decide something; examples only check it. */
const PARTS = ['personas', 'scores', 'categories', 'stages', 'value', 'playbooks'] as const
/** Keys under which an attribute or an activity is named, wherever they stand. */
const ATTRIBUTE_KEYS: ReadonlySet<string> = new Set(['attribute', 'table'])
const ACTIVITY_KEYS: ReadonlySet<string> = new Set(['activity', 'each'])

export function usesIn(definition: Definition): Uses {
  const attributes = new Map<string, string[]>()
  const activities = new Map<string, string[]>()
  const note = (uses: Map<string, string[]>, name: unknown, path: Path) => {
    if (typeof name !== 'string') return
    const known = uses.get(name)
    if (known) known.push(formatPath(path))
    else uses.set(name, [formatPath(path)])
  }
  const walk = (value: unknown, path: Path): void => {
    if (typeof value !== 'object' || value === null) return
    if (Array.isArray(value)) return value.forEach((each, index) => walk(each, [...path, index]))
    for (const [key, each] of Object.entries(value)) {
      if (ATTRIBUTE_KEYS.has(key)) note(attributes, each, path)
      if (ACTIVITY_KEYS.has(key)) for (const name of [each].flat()) note(activities, name, path)
      walk(each, [...path, key])
    }
  }
  for (const part of PARTS) walk(definition[part], [part])
  return { attributes, activities }
}
