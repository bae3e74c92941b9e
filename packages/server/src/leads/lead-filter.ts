/** What is asked of lists of leads, as addresses say it. */
import { segmentQuery } from '@winnow/contract'
import { parseDuration, WinnowError, type Instant } from '@winnow/engine'
import { ServerError } from '../errors.ts'
import { invalid } from './intake-of.ts'
import { searchOf, type ActivityFilter, type AttributeFilter, type LeadFilter } from './lead-list.ts'

export interface ListQuery {
  readonly stage?: string | undefined
  readonly level?: readonly string[] | undefined
  readonly attribute?: readonly string[] | undefined
  readonly activity?: readonly string[] | undefined
  readonly account?: string | undefined
  readonly source?: string | undefined
  readonly import?: string | undefined
  readonly q?: string | undefined
  readonly createdFrom?: number | undefined
  readonly createdTo?: number | undefined
  readonly excluded: LeadFilter['excluded']
}

/**
 * @param now  what `within` counts back from
 * @throws ServerError `request_invalid`
 */
export function filterOf(query: ListQuery, now: Instant): LeadFilter {
  const {
    stage,
    level,
    attribute,
    activity,
    q,
    account,
    source,
    import: from,
    createdFrom,
    createdTo,
    excluded,
  } = query
  const search = q === undefined ? undefined : searchOf(q)
  return {
    excluded,
    ...(stage !== undefined && { stages: stage.split(',') }),
    ...(level && { levels: level.map(levelFilter) }),
    ...(attribute && { attributes: attribute.map(attributeFilter) }),
    ...(activity && { activities: activity.map((each) => activityFilter(each, now)) }),
    ...(account !== undefined && { account }),
    ...(source !== undefined && { source }),
    ...(from !== undefined && { import: from }),
    ...(search && { search }),
    ...(createdFrom !== undefined && { createdFrom }),
    ...(createdTo !== undefined && { createdTo }),
  }
}

/** `temperature:hot,warm` */
export function levelFilter(text: string) {
  const colon = text.indexOf(':')
  return { category: text.slice(0, colon), anyOf: text.slice(colon + 1).split(',') }
}

/** `employees:at_least:50`; the value may hold colons. */
function attributeFilter(text: string): AttributeFilter {
  const [name, operator] = text.split(':', 2) as [string, AttributeFilter['operator']]
  return { name, operator, value: text.slice(name.length + operator.length + 2) }
}

/** `demo:within:30d`; the name may hold colons. */
function activityFilter(text: string, now: Instant): ActivityFilter {
  const [, type, operator, value] = /^(.+):(within|not_within|at_least):([^:]+)$/s.exec(text)!
  if (operator === 'at_least') return { type: type!, atLeast: Number(value), since: undefined }
  return { type: type!, atLeast: operator === 'within' ? 1 : 0, since: now - durationOf(value!) }
}

function durationOf(text: string): number {
  try {
    return parseDuration(text)
  } catch (error) {
    if (error instanceof WinnowError) throw invalid('query.activity', error.message)
    throw error
  }
}

/**
 * Filters and order of a list as its address says them.
 * @throws ServerError `request_invalid`
 */
export function parseListQuery(text: string, at: string) {
  const parameters = new URLSearchParams(text)
  const given = [...new Set(parameters.keys())].map((name) => {
    const values = parameters.getAll(name)
    return [name, values.length === 1 ? values[0] : values] as const
  })
  const parsed = segmentQuery.safeParse(Object.fromEntries(given))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new ServerError('request_invalid', `${at}: ${[...issue!.path, issue!.message].join(': ')}`, { at })
}
