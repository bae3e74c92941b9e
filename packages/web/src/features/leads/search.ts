/** What the list of leads is asked for, as its address says it. Searched text is not in it: it may name a person. */
import type { InputOf } from '../../app/api.ts'

type ListQuery = NonNullable<InputOf<'leads', 'listLeads'>['query']>
export type Sort = NonNullable<ListQuery['sort']>
export type Excluded = NonNullable<ListQuery['excluded']>

export interface LeadSearch {
  /** Any of these, with commas between them. */
  readonly stage?: string
  /** `temperature:hot,warm`, each has to hold. */
  readonly level?: readonly string[]
  /** `employees:at_least:50`, each has to hold. */
  readonly attribute?: readonly string[]
  /** What they did: `demo_request:within:30d`, each has to hold. */
  readonly activity?: readonly string[]
  readonly account?: string
  readonly source?: string
  /** An import: the leads that its file had. */
  readonly import?: string
  readonly createdFrom?: string
  readonly createdTo?: string
  readonly excluded?: Excluded
  readonly sort?: Sort
  readonly order?: 'asc' | 'desc'
}

/** What comes first where only the column is said. */
export const NATURAL_ORDER = {
  createdAt: 'desc',
  stageSince: 'desc',
  slaDueAt: 'asc',
  nextChangeAt: 'asc',
  expectedValue: 'desc',
} as const satisfies Record<Sort, 'asc' | 'desc'>

export const OPERATORS = ['is', 'contains', 'at_least', 'at_most', 'known'] as const
export type Operator = (typeof OPERATORS)[number]

export interface AttributeTest {
  readonly name: string
  readonly operator: Operator
  readonly value: string
}

export interface LevelTest {
  readonly category: string
  readonly levels: readonly string[]
}

export function readAttributeTest(text: string): AttributeTest | undefined {
  const [name = '', operator = ''] = text.split(':', 2)
  const value = text.slice(name.length + operator.length + 2)
  const known = OPERATORS.find((each) => each === operator)
  return known === undefined || name === '' || value === '' ? undefined : { name, operator: known, value }
}

export const writeAttributeTest = ({ name, operator, value }: AttributeTest): string => `${name}:${operator}:${value}`

export interface ActivityTest {
  /** As sources call it. */
  readonly type: string
  readonly operator: 'within' | 'not_within' | 'at_least'
  /** Days, or how often. */
  readonly count: number
}

export function readActivityTest(text: string): ActivityTest | undefined {
  const [, type, operator, count] = /^(.+):(within|not_within|at_least):(\d{1,4})d?$/s.exec(text) ?? []
  return type === undefined ? undefined : { type, operator: operator as ActivityTest['operator'], count: Number(count) }
}

export const writeActivityTest = ({ type, operator, count }: ActivityTest): string =>
  `${type}:${operator}:${count}${operator === 'at_least' ? '' : 'd'}`

export function readLevelTest(text: string): LevelTest | undefined {
  const colon = text.indexOf(':')
  const levels = text.slice(colon + 1).split(',')
  return colon < 1 || levels.includes('') ? undefined : { category: text.slice(0, colon), levels }
}

export const writeLevelTest = ({ category, levels }: LevelTest): string => `${category}:${levels.join(',')}`

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined
const texts = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : [value]).flatMap((each) => text(each) ?? [])
const oneOf = <T extends string>(value: unknown, all: readonly T[]): T | undefined => all.find((each) => each === value)
const instant = (value: unknown) => {
  const given = text(value)
  return given === undefined || Number.isNaN(Date.parse(given)) ? undefined : given
}
const uuid = (value: unknown) => {
  const given = text(value)
  return given !== undefined && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(given) ? given : undefined
}

/** Reads an address that anybody may have written: what cannot be meant is left out. */
export function readSearch(given: Readonly<Record<string, unknown>>): LeadSearch {
  const level = texts(given['level']).filter((each) => readLevelTest(each) !== undefined)
  const attribute = texts(given['attribute']).filter((each) => readAttributeTest(each) !== undefined)
  const activity = texts(given['activity']).filter((each) => readActivityTest(each) !== undefined)
  return present({
    activity: activity.length > 0 ? activity.slice(0, 10) : undefined,
    stage: text(given['stage']),
    level: level.length > 0 ? level.slice(0, 10) : undefined,
    attribute: attribute.length > 0 ? attribute.slice(0, 10) : undefined,
    account: uuid(given['account']),
    source: text(given['source']),
    import: uuid(given['import']),
    createdFrom: instant(given['createdFrom']),
    createdTo: instant(given['createdTo']),
    excluded: oneOf(given['excluded'], ['only', 'with'] as const),
    sort: oneOf(given['sort'], Object.keys(NATURAL_ORDER) as Sort[]),
    order: oneOf(given['order'], ['asc', 'desc'] as const),
  })
}

type Possible<T> = { readonly [K in keyof T]: T[K] | undefined }

/** Without what is undefined, so that equal searches are equal addresses. */
export const present = (search: Possible<LeadSearch>): LeadSearch =>
  Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined))

/** Who is meant, however they are sorted. */
export function filtersOf({ sort: _, order: _order, ...filters }: LeadSearch): Omit<LeadSearch, 'sort' | 'order'> {
  return filters
}

/** As endpoints about leads take it. */
export const filterQuery = (search: LeadSearch, q: string) => {
  const { level, attribute, activity, ...rest } = filtersOf(search)
  return {
    ...rest,
    ...(level && { level: [...level] }),
    ...(attribute && { attribute: [...attribute] }),
    ...(activity && { activity: [...activity] }),
    ...(q !== '' && { q }),
  }
}

/** Filters and order as one line of text, the same for the same list. */
export function listAddress(search: LeadSearch, q: string): string {
  const { sort, order } = search
  const asked = {
    ...filterQuery(search, q),
    ...(sort !== undefined && { sort }),
    ...(order !== undefined && { order }),
  }
  const text = new URLSearchParams()
  for (const [name, value] of Object.entries(asked).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    for (const each of [value].flat()) text.append(name, each)
  return text.toString()
}

export function readAddress(address: string): LeadSearch {
  const text = new URLSearchParams(address)
  return readSearch(Object.fromEntries([...new Set(text.keys())].map((name) => [name, asGiven(text.getAll(name))])))
}
const asGiven = (values: readonly string[]) => (values.length === 1 ? values[0] : values)

// --- One filter at a time --------------------------------------------------------------------------------------------

/** A thing that can be asked of leads, and where in the search it stands. */
export type Field =
  | { readonly kind: 'stage' | 'source' | 'account' | 'import' | 'created' | 'excluded' }
  | { readonly kind: 'level'; readonly category: string }
  | { readonly kind: 'attribute'; readonly name: string; readonly index?: number }
  | { readonly kind: 'activity'; readonly index?: number }

export const fieldKey = (field: Field): string =>
  field.kind === 'level'
    ? `level:${field.category}`
    : field.kind === 'attribute'
      ? `attribute:${field.name}:${field.index ?? ''}`
      : field.kind === 'activity'
        ? `activity:${field.index ?? ''}`
        : field.kind

export const activityTestsOf = ({ activity = [] }: LeadSearch): readonly ActivityTest[] =>
  activity.flatMap((each) => readActivityTest(each) ?? [])

export const stagesOf = ({ stage }: LeadSearch): readonly string[] => stage?.split(',') ?? []

export const levelsOf = ({ level = [] }: LeadSearch, category: string): readonly string[] =>
  level.flatMap((each) => {
    const test = readLevelTest(each)
    return test?.category === category ? test.levels : []
  })

export const attributeTestsOf = ({ attribute = [] }: LeadSearch): readonly AttributeTest[] =>
  attribute.flatMap((each) => readAttributeTest(each) ?? [])

export const withStages = (search: LeadSearch, stages: readonly string[]): LeadSearch =>
  present({ ...search, stage: stages.length > 0 ? stages.join(',') : undefined })

export function withLevels(search: LeadSearch, { category, levels }: LevelTest): LeadSearch {
  const others = (search.level ?? []).filter((each) => readLevelTest(each)?.category !== category)
  const level = levels.length > 0 ? [...others, writeLevelTest({ category, levels })] : others
  return present({ ...search, level: level.length > 0 ? level : undefined })
}

/** @param index  which test of the search it takes the place of; a new one where it is undefined */
export function withAttributeTest(
  search: LeadSearch,
  index: number | undefined,
  test: AttributeTest | undefined,
): LeadSearch {
  const attribute = [...(search.attribute ?? [])]
  const written = test === undefined ? [] : [writeAttributeTest(test)]
  attribute.splice(index ?? attribute.length, index === undefined ? 0 : 1, ...written)
  return present({ ...search, attribute: attribute.length > 0 ? attribute : undefined })
}

/** @param index  as for attributes */
export function withActivityTest(
  search: LeadSearch,
  index: number | undefined,
  test: ActivityTest | undefined,
): LeadSearch {
  const activity = [...(search.activity ?? [])]
  const written = test === undefined ? [] : [writeActivityTest(test)]
  activity.splice(index ?? activity.length, index === undefined ? 0 : 1, ...written)
  return present({ ...search, activity: activity.length > 0 ? activity : undefined })
}

export function without(search: LeadSearch, field: Field): LeadSearch {
  switch (field.kind) {
    case 'level':
      return withLevels(search, { category: field.category, levels: [] })
    case 'attribute':
      return withAttributeTest(search, field.index, undefined)
    case 'activity':
      return withActivityTest(search, field.index, undefined)
    case 'created':
      return present({ ...search, createdFrom: undefined, createdTo: undefined })
    default:
      return present({ ...search, [field.kind]: undefined })
  }
}

/** The filters that are set, in the order in which they are shown. */
export function fieldsOf(search: LeadSearch): readonly Field[] {
  const single = (['account', 'source', 'import', 'excluded'] as const).filter((kind) => search[kind] !== undefined)
  return [
    ...(search.stage === undefined ? [] : [{ kind: 'stage' } as const]),
    ...(search.level ?? []).flatMap((each) => {
      const test = readLevelTest(each)
      return test === undefined ? [] : [{ kind: 'level', category: test.category } as const]
    }),
    ...attributeTestsOf(search).map(({ name }, index) => ({ kind: 'attribute', name, index }) as const),
    ...activityTestsOf(search).map((_, index) => ({ kind: 'activity', index }) as const),
    ...single.map((kind) => ({ kind })),
    ...(search.createdFrom === undefined && search.createdTo === undefined ? [] : [{ kind: 'created' } as const]),
  ]
}
