/**
 * Ways through a definition: every condition with its place, every criterion, every part of a condition.
 * They skip the holes that the parser leaves in lists where it has cut out an ill-shaped part (see check.ts).
 */
import type { Path } from './issue.ts'
import type { Category, Condition, Criterion, Definition, Group, Level, Score } from './language.ts'

/** What has a value of its own and may be read by conditions. All stages together are one node. */
export type NodeKind = 'persona' | 'score' | 'category' | 'stage'
export interface Node {
  readonly kind: NodeKind
  readonly name: string
}

/** A whole condition, where it stands, and whose it is. */
export interface Place {
  readonly condition: Condition
  readonly path: Path
  /** The node whose value depends on it; none for playbooks. */
  readonly owner: Node | undefined
  readonly role: 'persona' | 'criterion' | 'when' | 'stays_while' | 'enter' | 'needs' | 'playbook'
}

export const STAGE_NODE: Node = { kind: 'stage', name: 'stage' }

const CONDITION_KINDS = [
  'all',
  'any',
  'not',
  'of',
  'attribute',
  'activity',
  'score',
  'category',
  'persona',
  'stage',
  'answers',
  'account',
  'leads',
] as const
export type ConditionKind = (typeof CONDITION_KINDS)[number]

type WithKey<U, K extends PropertyKey> = U extends { readonly [key in K]: unknown } ? U : never
/** A condition together with its kind, so that a `switch` on the kind knows the rest. */
export type KindedCondition = {
  [K in ConditionKind]: { readonly kind: K; readonly test: WithKey<Condition, K> }
}[ConditionKind]

/** Which of the kinds a condition is. */
export function kinded(condition: Condition): KindedCondition {
  const kind = CONDITION_KINDS.find((each) => Object.hasOwn(condition, each))
  if (kind === undefined) throw new TypeError('not a condition')
  return { kind, test: condition } as unknown as KindedCondition
}

/** Calls `visit` for every entry of a map that may be absent. */
export function eachEntry<T>(
  map: { readonly [name: string]: T } | undefined,
  visit: (value: T, name: string) => void,
): void {
  if (map !== undefined) for (const name of Object.keys(map)) visit(map[name], name)
}

/** `map[name]`, if it is the map's own. */
export function own<T>(map: { readonly [name: string]: T } | undefined, name: string): T | undefined {
  return map !== undefined && Object.hasOwn(map, name) ? map[name] : undefined
}

/** A value or a list of values, as a list without holes. */
export function asList<T extends string | number | boolean>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return []
  return typeof value === 'object' ? value.filter(() => true) : [value]
}

export type WalkedCriterion = {
  readonly criterion: Criterion
  readonly path: Path
  readonly score: string
  readonly group: string
}

/** Every criterion in the order of the document. */
export function criteriaOf(definition: Definition): readonly WalkedCriterion[] {
  const found: WalkedCriterion[] = []
  eachEntry<Score>(definition.scores, (score, scoreName) =>
    eachEntry<Group>(score.groups, (group, groupName) =>
      group.criteria.forEach((criterion, at) =>
        found.push({
          criterion,
          path: ['scores', scoreName, 'groups', groupName, 'criteria', at],
          score: scoreName,
          group: groupName,
        }),
      ),
    ),
  )
  return found
}

export interface WalkedLevel {
  readonly level: Level
  readonly name: string
  readonly path: Path
}

/** The levels of a category that lists them, best first; none for a matrix. */
export function levelsListed(category: Category, path: Path): readonly WalkedLevel[] {
  if (!('levels' in category)) return []
  const found: WalkedLevel[] = []
  category.levels.forEach((entry, at) =>
    eachEntry<Level>(entry, (level, name) => found.push({ level, name, path: [...path, 'levels', at, name] })),
  )
  return found
}

/** Every whole condition of the definition with its place, in the order of the document's sections. */
export function placesOf(definition: Definition): readonly Place[] {
  return [
    ...personaPlaces(definition),
    ...criterionPlaces(definition),
    ...levelPlaces(definition),
    ...stagePlaces(definition),
    ...playbookPlaces(definition),
  ]
}

function personaPlaces(definition: Definition): readonly Place[] {
  return Object.entries(definition.personas ?? {}).map(([name, persona]) => ({
    condition: persona.when,
    path: ['personas', name, 'when'],
    owner: { kind: 'persona', name },
    role: 'persona',
  }))
}

function criterionPlaces(definition: Definition): readonly Place[] {
  return criteriaOf(definition).flatMap(({ criterion, path, score }) =>
    'when' in criterion
      ? [
          {
            condition: criterion.when,
            path: [...path, 'when'],
            owner: { kind: 'score', name: score } as const,
            role: 'criterion' as const,
          },
        ]
      : [],
  )
}

function levelPlaces(definition: Definition): readonly Place[] {
  const found: Place[] = []
  eachEntry<Category>(definition.categories, (category, name) => {
    const owner = { kind: 'category', name } as const
    for (const { level, path } of levelsListed(category, ['categories', name])) {
      if (level.when) found.push({ condition: level.when, path: [...path, 'when'], owner, role: 'when' })
      if (level.stays_while) {
        found.push({ condition: level.stays_while, path: [...path, 'stays_while'], owner, role: 'stays_while' })
      }
    }
  })
  return found
}

function stagePlaces(definition: Definition): readonly Place[] {
  const found: Place[] = []
  definition.stages?.forEach((stage, at) => {
    const place = (role: 'enter' | 'needs', condition: Condition) =>
      found.push({ condition, path: ['stages', at, role], owner: STAGE_NODE, role })
    if (stage.enter) place('enter', stage.enter)
    if (stage.needs) place('needs', stage.needs)
  })
  return found
}

function playbookPlaces(definition: Definition): readonly Place[] {
  return Object.entries(definition.playbooks ?? {}).map(([name, playbook]) => ({
    condition: playbook.when,
    path: ['playbooks', name, 'when'],
    owner: undefined,
    role: 'playbook',
  }))
}

/** Where inside a condition we are: within `account: …`, within the `when` of a `leads:` count. */
export interface Inside {
  readonly account: boolean
  readonly leads: boolean
}
export const OUTSIDE: Inside = { account: false, leads: false }

export interface Part extends Inside {
  readonly condition: Condition
  readonly path: Path
}

/** The conditions directly inside a condition. */
export function partsOf(part: Part): readonly Part[] {
  const { path, account, leads } = part
  const among = (parts: readonly Condition[], key: string) =>
    parts.flatMap((condition, at): Part[] => [{ condition, path: [...path, key, at], account, leads }])
  const one = kinded(part.condition)
  switch (one.kind) {
    case 'all':
      return among(one.test.all, 'all')
    case 'any':
      return among(one.test.any, 'any')
    case 'of':
      return among(one.test.of, 'of')
    case 'not':
      return [{ condition: one.test.not, path: [...path, 'not'], account, leads }]
    case 'account':
      return [{ condition: one.test.account, path: [...path, 'account'], account: true, leads }]
    case 'leads':
      // Counted leads are looked at as leads, one by one: the account's view ends here.
      return [{ condition: one.test.when, path: [...path, 'when'], account: false, leads: true }]
    case 'attribute':
    case 'activity':
    case 'score':
    case 'category':
    case 'persona':
    case 'stage':
    case 'answers':
      return []
  }
}

/** The condition itself and everything inside it, outer ones first. */
export function everyPart(
  place: { readonly condition: Condition; readonly path: Path },
  inside: Inside = OUTSIDE,
): readonly Part[] {
  const found: Part[] = []
  const visit = (part: Part) => {
    found.push(part)
    partsOf(part).forEach(visit)
  }
  visit({ condition: place.condition, path: place.path, account: inside.account, leads: inside.leads })
  return found
}

/** Calls `visit` for every condition and every part of one, wherever it stands. */
export function eachCondition(definition: Definition, visit: (condition: Condition) => void): void {
  for (const place of placesOf(definition)) for (const { condition } of everyPart(place)) visit(condition)
}

/** Calls `visit` for every criterion, in the order of the document. */
export function eachCriterion(definition: Definition, visit: (criterion: Criterion) => void): void {
  for (const { criterion } of criteriaOf(definition)) visit(criterion)
}
