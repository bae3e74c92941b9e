/**
 * Another name for a part of a definition, and for whatever refers to it. It reads a document of any shape: mistakes elsewhere
 * in it do not stand in the way. What a condition may say is in the engine's `language.ts`.
 */
import { renameAll, valueIn, type Path, type Renaming } from '../../../app/yaml-text.ts'

const SECTIONS = {
  attribute: 'attributes',
  activity: 'activities',
  persona: 'personas',
  score: 'scores',
  category: 'categories',
  playbook: 'playbooks',
  team: 'capacity',
} as const
type Sectioned = keyof typeof SECTIONS

/** A part that has a name of its own: a group belongs to a score, a level to a category. */
export type NamedPart =
  | { readonly kind: Sectioned | 'stage' | 'criterion' | 'topic'; readonly name: string }
  | { readonly kind: 'group'; readonly name: string; readonly score: string }
  | { readonly kind: 'level'; readonly name: string; readonly category: string }

type Renamings = readonly Renaming[]
const NONE: Renamings = []

/** The text with another name for a part. @throws Error where the text cannot be read */
export const renamePart = (text: string, document: unknown, part: NamedPart, name: string): string =>
  renameAll(text, renamingsOf(document, part, name))

/** Every place that a name stands in, its own first. */
export function renamingsOf(document: unknown, part: NamedPart, to: string): Renamings {
  const { kind, name } = part
  switch (kind) {
    case 'group':
      return keys(document, ['scores', part.score, 'groups'], name, to)
    case 'level':
      return ownLevel(document, part.category, name, to).concat(levelMentions(document, part.category, name, to))
    case 'stage':
      return [...stageItself(document, name, to), ...mentions(document, part, to)]
    case 'criterion':
      return [...criterionItself(document, name, to), ...mentions(document, part, to)]
    case 'topic':
      return mentions(document, part, to)
    default:
      return [...keys(document, [SECTIONS[kind]], name, to), ...mentions(document, part, to)]
  }
}

/** Names that may not be taken again: those of its siblings, itself among them. */
export function namesBeside(document: unknown, part: NamedPart): readonly string[] {
  switch (part.kind) {
    case 'group':
      return namesIn(document, ['scores', part.score, 'groups'])
    case 'level':
      return levelNames(document, part.category)
    case 'stage':
      return items(document, ['stages']).map((path) => String(valueIn(document, [...path, 'id'])))
    case 'criterion':
      return criteria(document).map((path) => String(valueIn(document, [...path, 'id'])))
    case 'topic':
      return []
    default:
      return namesIn(document, [SECTIONS[part.kind]])
  }
}

// --- Where names stand -----------------------------------------------------------------------------------------------

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const namesIn = (document: unknown, path: Path): readonly string[] => {
  const map = valueIn(document, path)
  return isMap(map) ? Object.keys(map) : []
}
const entries = (document: unknown, path: Path): readonly Path[] =>
  namesIn(document, path).map((name) => [...path, name])
function items(document: unknown, path: Path): readonly Path[] {
  const list = valueIn(document, path)
  return Array.isArray(list) ? list.map((_, at) => [...path, at]) : []
}
const criteria = (document: unknown): readonly Path[] =>
  entries(document, ['scores']).flatMap((score) =>
    entries(document, [...score, 'groups']).flatMap((group) => items(document, [...group, 'criteria'])),
  )

const keys = (document: unknown, path: Path, name: string, to: string): Renamings =>
  namesIn(document, path).includes(name) ? [{ path: [...path, name], isKey: true, to }] : NONE

/** A value that is the name, or a list in which it stands. */
function values(document: unknown, path: Path, name: string, to: string): Renamings {
  const value = valueIn(document, path)
  if (value === name) return [{ path, isKey: false, to }]
  return items(document, path)
    .filter((item) => valueIn(document, item) === name)
    .map((item) => ({ path: item, isKey: false, to }))
}

const stageItself = (document: unknown, name: string, to: string): Renamings =>
  items(document, ['stages']).flatMap((stage) => values(document, [...stage, 'id'], name, to))
const criterionItself = (document: unknown, name: string, to: string): Renamings =>
  criteria(document).flatMap((criterion) => values(document, [...criterion, 'id'], name, to))

/** Whatever refers to a part by its name, its own place not counted. */
function mentions(document: unknown, { kind, name }: NamedPart, to: string): Renamings {
  const value = (...path: Path) => values(document, path, name, to)
  const key = (...path: Path) => keys(document, path, name, to)
  const inConditions = (subject: string) => parts(document).flatMap((part) => value(...part, subject))
  const inCriteria = (subject: string) => criteria(document).flatMap((criterion) => value(...criterion, subject))
  const expected = items(document, ['examples']).map((example) => [...example, 'expect'])
  const facts = items(document, ['examples']).flatMap((example) => items(document, [...example, 'facts']))
  switch (kind) {
    case 'attribute':
      return [
        ...inConditions('attribute'),
        ...inCriteria('table'),
        ...value('value', 'amount', 'attribute'),
        ...value('value', 'amount', 'table'),
        ...facts.flatMap((fact) => [...key(...fact, 'attributes'), ...value(...fact, 'forget')]),
      ]
    case 'activity':
      return [...inConditions('activity'), ...inCriteria('each')]
    case 'persona':
      return [...inConditions('persona'), ...expected.flatMap((expect) => value(...expect, 'personas'))]
    case 'score':
      return [
        ...inConditions('score'),
        ...value('value', 'win', 'score'),
        ...expected.flatMap((expect) => key(...expect, 'scores')),
      ]
    case 'category':
      return [
        ...inConditions('category'),
        ...entries(document, ['categories']).flatMap((category) => [
          ...value(...category, 'matrix', 'rows'),
          ...value(...category, 'matrix', 'columns'),
        ]),
        ...value('value', 'win', 'category'),
        ...expected.flatMap((expect) => key(...expect, 'levels')),
        ...facts.flatMap((fact) => value(...fact, 'category')),
      ]
    case 'stage':
      return [
        ...inConditions('stage'),
        ...limits(document, name, to),
        ...expected.flatMap((expect) => value(...expect, 'stage')),
        ...facts.flatMap((fact) => value(...fact, 'stage')),
      ]
    case 'criterion':
      return expected.flatMap((expect) => key(...expect, 'points'))
    case 'topic':
      return [
        ...inConditions('answers'),
        ...entries(document, ['attributes']).flatMap((attribute) => value(...attribute, 'answers')),
      ]
    default:
      return NONE
  }
}

/** `mql_per_week` holds the name of a stage. */
const limits = (document: unknown, name: string, to: string): Renamings =>
  entries(document, ['capacity']).flatMap((team) =>
    namesIn(document, team).flatMap((limit) => {
      const [, stage, period] = /^(.+)(_per_(?:day|week|month))$/.exec(limit) ?? []
      return stage === name ? [{ path: [...team, limit], isKey: true, to: to + period! }] : []
    }),
  )

// --- Levels ----------------------------------------------------------------------------------------------------------

function ownLevel(document: unknown, category: string, name: string, to: string): Renaming[] {
  const path = ['categories', category]
  return [
    ...items(document, [...path, 'levels']).flatMap((item) => keys(document, item, name, to)),
    // A matrix has its levels where its cells name them.
    ...entries(document, [...path, 'matrix', 'cells']).flatMap((row) =>
      entries(document, row).flatMap((cell) => values(document, cell, name, to)),
    ),
  ]
}

function levelMentions(document: unknown, category: string, name: string, to: string): Renaming[] {
  const value = (...path: Path) => values(document, path, name, to)
  const ofCategory = (path: Path) => valueIn(document, [...path, 'category']) === category
  const examples = items(document, ['examples'])
  return [
    ...parts(document)
      .filter(ofCategory)
      .flatMap((part) => ['is', 'in', 'is_not', 'not_in'].flatMap((test) => value(...part, test))),
    ...(ofCategory(['value', 'win']) ? keys(document, ['value', 'win', 'levels'], name, to) : []),
    ...examples.flatMap((example) => [
      ...value(...example, 'expect', 'levels', category),
      ...items(document, [...example, 'facts'])
        .filter(ofCategory)
        .flatMap((fact) => value(...fact, 'level')),
    ]),
    ...namesIn(document, ['categories']).flatMap((matrix) => inMatrix(document, matrix, { category, name, to })),
  ]
}

/** A level of a row or a column: in the names of cells, and of the levels that are made of them. */
function inMatrix(
  document: unknown,
  matrix: string,
  { category, name, to }: { readonly category: string; readonly name: string; readonly to: string },
): Renaming[] {
  const path = ['categories', matrix, 'matrix']
  if (matrix === category) return []
  const [rows, columns, cells] = ['rows', 'columns', 'cells'].map((key) => valueIn(document, [...path, key]))
  const [isRow, isColumn] = [rows === category, columns === category]
  if (!isRow && !isColumn) return []
  if (cells !== undefined)
    return [
      ...(isRow ? keys(document, [...path, 'cells'], name, to) : []),
      ...(isColumn ? entries(document, [...path, 'cells']).flatMap((row) => keys(document, row, name, to)) : []),
    ]
  const others = levelNames(document, String(isRow ? columns : rows))
  return others.flatMap((other) => {
    const [before, after] = isRow ? [`${name}_${other}`, `${to}_${other}`] : [`${other}_${name}`, `${other}_${to}`]
    return levelMentions(document, matrix, before, after)
  })
}

/** Names of the levels of a category, best first; the cells of a matrix without names are called after row and column. */
export function levelNames(document: unknown, category: string, deep = 0): readonly string[] {
  const path = ['categories', category]
  const listed = items(document, [...path, 'levels']).flatMap((item) => namesIn(document, item))
  const matrix = valueIn(document, [...path, 'matrix'])
  if (listed.length > 0 || !isMap(matrix) || deep > MATRICES_DEEP) return listed
  const cells = entries(document, [...path, 'matrix', 'cells'])
  if (cells.length > 0)
    return [...new Set(cells.flatMap((row) => Object.values(valueIn(document, row) ?? {}).map(String)))]
  const [rows, columns] = [matrix['rows'], matrix['columns']].map((each) =>
    levelNames(document, String(each), deep + 1),
  )
  return rows!.flatMap((row) => columns!.map((column) => `${row}_${column}`))
}
/** A text with mistakes may have a matrix of itself. */
const MATRICES_DEEP = 3

// --- Conditions ------------------------------------------------------------------------------------------------------

/** Every condition and every part of one. */
function parts(document: unknown): readonly Path[] {
  const of = (path: Path): readonly Path[] => {
    const condition = valueIn(document, path)
    if (!isMap(condition)) return []
    const inside = ['all', 'any', 'of'].flatMap((joint) => items(document, [...path, joint]))
    const one = ['not', 'account', 'when'].map((step) => [...path, step])
    return [path, ...inside.flatMap(of), ...one.flatMap(of)]
  }
  return [
    ...entries(document, ['personas']).map((persona) => [...persona, 'when']),
    ...criteria(document).map((criterion) => [...criterion, 'when']),
    ...entries(document, ['categories']).flatMap((category) =>
      items(document, [...category, 'levels']).flatMap((item) =>
        entries(document, item).flatMap((level) => [
          [...level, 'when'],
          [...level, 'stays_while'],
        ]),
      ),
    ),
    ...items(document, ['stages']).flatMap((stage) => [
      [...stage, 'enter'],
      [...stage, 'needs'],
    ]),
    ...entries(document, ['playbooks']).map((playbook) => [...playbook, 'when']),
  ].flatMap(of)
}
