/** Another bound in the text of a definition: only its number changes, comments and order stay. Pure. */
import { readValue, setIn, valueIn, type Path } from '../../app/yaml-text.ts'

export interface Bound {
  readonly score: string
  /** `stage` where a stage tests the score itself. */
  readonly category: string
  readonly level: string
  readonly from: number
  readonly to: number
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** @returns undefined where the text has no such bound. */
export function withBound(text: string, bound: Bound): string | undefined {
  const place = placeOf(readValue(text), bound)
  if (place === undefined) return undefined
  const { path, enter, stay } = place
  const test = testOf(valueIn(readValue(text), [...path, enter]), bound.score, bound.from)
  if (test === undefined) return undefined
  const entered = setIn(text, [...path, enter, ...test], bound.to)
  return stay === undefined ? entered : withStay(entered, [...path, stay], bound)
}

interface Place {
  readonly path: Path
  readonly enter: string
  readonly stay?: string
}

function placeOf(document: unknown, { category, level }: Bound): Place | undefined {
  if (category === 'stage') {
    const stages = valueIn(document, ['stages'])
    const at = Array.isArray(stages) ? stages.findIndex((stage) => valueIn(stage, ['id']) === level) : -1
    return at < 0 ? undefined : { path: ['stages', at], enter: 'enter' }
  }
  const levels = valueIn(document, ['categories', category, 'levels'])
  const at = Array.isArray(levels) ? levels.findIndex((each) => isMap(each) && Object.hasOwn(each, level)) : -1
  if (at < 0) return undefined
  return { path: ['categories', category, 'levels', at, level], enter: 'when', stay: 'stays_while' }
}

/** Where a lead would be out again before it is in, it stays from the new bound on. */
function withStay(text: string, path: Path, { score, to }: Bound): string {
  const stays = valueIn(readValue(text), path)
  const test = testOf(stays, score)
  if (test === undefined) return text
  return (valueIn(stays, test) as number) > to ? setIn(text, [...path, ...test], to) : text
}

/** The way to the number with which a condition tests a score: the one that says `from`, else the only one. */
function testOf(condition: unknown, score: string, from?: number): Path | undefined {
  const tests = testsIn(condition, score)
  const exact = tests.find((path) => valueIn(condition, path) === from)
  return exact ?? (tests.length === 1 ? tests[0] : undefined)
}

function testsIn(condition: unknown, score: string): Path[] {
  if (!isMap(condition)) return []
  if (condition['score'] === score && typeof condition['at_least'] === 'number') return [['at_least']]
  return ['all', 'any'].flatMap((name) => {
    const parts = condition[name]
    if (!Array.isArray(parts)) return []
    return parts.flatMap((part, at) => testsIn(part, score).map((path): Path => [name, at, ...path]))
  })
}
