/** Simpler cases than one that fails, largest cuts first; what is proposed is valid again. */
import type { Definition } from '../../src/definition/language.ts'
import { parseDefinition } from '../../src/definition/parse.ts'
import type { Case } from './cases.ts'
import type { History } from './histories.ts'

type Json = unknown

export function* simplerDefinitions(definition: Definition): Generator<Definition> {
  for (const candidate of cuts(definition)) {
    const { issues } = parseDefinition(candidate)
    if (!issues.some((issue) => issue.severity === 'error')) yield candidate as Definition
  }
}

export function* simplerHistories(history: History): Generator<History> {
  const { facts, leads, looks } = history
  for (const fewer of sublists(facts)) yield { ...history, facts: fewer }
  for (const fewer of sublists(looks)) yield { ...history, looks: fewer }
  for (const fewer of sublists(leads)) {
    const named = new Set<string>(fewer)
    const ofNamed = facts.filter((fact) => !('lead' in fact) || named.has(fact.lead))
    yield { ...history, leads: fewer, looks: looks.filter((look) => named.has(look.lead)), facts: ofNamed }
  }
  for (const [at, fact] of facts.entries()) {
    if (fact.kind !== 'activity') continue
    for (const property of Object.keys(fact.properties)) {
      const { [property]: _, ...properties } = fact.properties
      yield { ...history, facts: facts.with(at, { ...fact, properties }) }
    }
  }
}

export function* simplerCases(one: Case): Generator<Case> {
  const { definition, ...history } = one
  for (const simpler of simplerHistories(history)) yield { ...simpler, definition }
  for (const simpler of simplerDefinitions(definition)) yield { ...one, definition: simpler }
}

/** A list without its second half, its first half, and each of its items. */
function* sublists<T>(list: readonly T[]): Generator<readonly T[]> {
  const half = Math.ceil(list.length / 2)
  if (list.length > 2) yield list.slice(0, half)
  if (list.length > 2) yield list.slice(half)
  for (let at = 0; at < list.length; at++) yield list.toSpliced(at, 1)
}

/** The document with one thing cut out of it or put in place of what it is a part of; outer things first. */
function* cuts(document: Json): Generator {
  let layer: readonly Place[] = [{ value: document, rebuild: (value) => value }]
  while (layer.length > 0) {
    for (const place of layer) for (const simpler of cutHere(place.value)) yield place.rebuild(simpler)
    layer = layer.flatMap(placesWithin)
  }
}

interface Place {
  readonly value: Json
  /** The whole document with another value in this place. */
  readonly rebuild: (value: Json) => Json
}

function placesWithin({ value, rebuild }: Place): readonly Place[] {
  if (Array.isArray(value)) {
    return value.map((item: Json, at) => ({ value: item, rebuild: (other) => rebuild(value.with(at, other)) }))
  }
  if (!isMap(value)) return []
  return Object.entries(value).map(([key, item]) => ({
    value: item,
    rebuild: (other) => rebuild({ ...value, [key]: other }),
  }))
}

function* cutHere(value: Json): Generator {
  if (Array.isArray(value)) {
    yield* sublists(value)
    return
  }
  if (!isMap(value)) return
  for (const part of ['all', 'any', 'of']) {
    if (Array.isArray(value[part])) yield* value[part]
  }
  for (const part of ['not', 'account']) if (isMap(value[part])) yield value[part]
  for (const key of Object.keys(value)) {
    const { [key]: _, ...rest } = value
    yield rest
  }
}

const isMap = (value: Json): value is Record<string, Json> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
