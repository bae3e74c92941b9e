/**
 * Fifty criteria: 16 on attributes, 14 counts, 6 sums, 5 recencies, 6 half-lives, 3 steps; caps on criteria, groups and
 * scores. Written once as data, from which both the definition and the SQL are made.
 */
import { parseDefinition, type Definition } from '@winnow/engine'
import { FLAGS, NUMBERS, TEXTS } from './data.ts'

/** Named activities: a raw type, and for pages the beginning of the path. */
export const ACTIVITIES: Readonly<Record<string, { readonly from: string; readonly path?: string }>> = {
  pricing_viewed: { from: 'page', path: '/pricing' },
  case_study_read: { from: 'page', path: '/customers/' },
  docs_read: { from: 'page', path: '/docs/' },
  careers_viewed: { from: 'page', path: '/careers/' },
  page_viewed: { from: 'page' },
  mail_opened: { from: 'email_opened' },
  mail_clicked: { from: 'email_clicked' },
  product_used: { from: 'product' },
  form_sent: { from: 'form_submitted' },
  webinar_attended: { from: 'webinar' },
  chatted: { from: 'chat' },
  downloaded: { from: 'download' },
  called: { from: 'call' },
  unsubscribed: { from: 'email_unsubscribed' },
}

export interface Count {
  readonly activity: string
  readonly days: number
  readonly atLeast: number
  readonly points: number
}
export const COUNTS: readonly Count[] = [
  { activity: 'pricing_viewed', days: 7, atLeast: 1, points: 8 },
  { activity: 'pricing_viewed', days: 30, atLeast: 2, points: 10 },
  { activity: 'case_study_read', days: 30, atLeast: 1, points: 4 },
  { activity: 'docs_read', days: 14, atLeast: 2, points: 3 },
  { activity: 'docs_read', days: 90, atLeast: 5, points: 5 },
  { activity: 'careers_viewed', days: 90, atLeast: 2, points: -15 },
  { activity: 'page_viewed', days: 7, atLeast: 3, points: 5 },
  { activity: 'page_viewed', days: 180, atLeast: 10, points: 4 },
  { activity: 'mail_opened', days: 30, atLeast: 3, points: 2 },
  { activity: 'mail_clicked', days: 14, atLeast: 1, points: 4 },
  { activity: 'mail_clicked', days: 60, atLeast: 3, points: 5 },
  { activity: 'product_used', days: 14, atLeast: 2, points: 12 },
  { activity: 'downloaded', days: 180, atLeast: 1, points: 3 },
  { activity: 'unsubscribed', days: 180, atLeast: 1, points: -20 },
]

export interface Sum {
  readonly activity: string
  readonly days: number
  readonly atLeast: number
  readonly points: number
}
/** Of the property `minutes`. */
export const SUMS: readonly Sum[] = [
  { activity: 'webinar_attended', days: 90, atLeast: 40, points: 9 },
  { activity: 'product_used', days: 30, atLeast: 60, points: 10 },
  { activity: 'product_used', days: 180, atLeast: 200, points: 6 },
  { activity: 'chatted', days: 60, atLeast: 15, points: 5 },
  { activity: 'called', days: 180, atLeast: 20, points: 8 },
  { activity: 'webinar_attended', days: 365, atLeast: 100, points: 4 },
]

export interface Recency {
  readonly activity: string
  readonly within?: number
  readonly longerAgoThan?: number
  readonly points: number
}
export const RECENCIES: readonly Recency[] = [
  { activity: 'page_viewed', within: 3, points: 6 },
  { activity: 'form_sent', within: 14, points: 15 },
  { activity: 'called', within: 30, points: 7 },
  { activity: 'page_viewed', longerAgoThan: 60, points: -10 },
  { activity: 'mail_clicked', longerAgoThan: 90, points: -4 },
]

export interface Fading {
  readonly activity: string
  readonly points: number
  readonly cap: number
  readonly halfLifeDays: number
}
export const HALF_LIVES: readonly Fading[] = [
  { activity: 'pricing_viewed', points: 10, cap: 30, halfLifeDays: 14 },
  { activity: 'form_sent', points: 25, cap: 50, halfLifeDays: 21 },
  { activity: 'webinar_attended', points: 12, cap: 24, halfLifeDays: 30 },
  { activity: 'mail_clicked', points: 2, cap: 8, halfLifeDays: 7 },
  { activity: 'product_used', points: 6, cap: 30, halfLifeDays: 10 },
  { activity: 'page_viewed', points: 1, cap: 10, halfLifeDays: 5 },
]

export interface Stepped {
  readonly activity: string
  readonly points: number
  readonly cap: number
  readonly everyDays: number
  readonly losePercent: number
}
export const STEPS: readonly Stepped[] = [
  { activity: 'case_study_read', points: 6, cap: 18, everyDays: 30, losePercent: 25 },
  { activity: 'downloaded', points: 5, cap: 15, everyDays: 14, losePercent: 20 },
  { activity: 'chatted', points: 8, cap: 16, everyDays: 7, losePercent: 10 },
]

type Json = Readonly<Record<string, unknown>>

/** Sixteen on attributes; the SQL beside each gives the same points. */
export const ATTRIBUTE_CRITERIA: readonly { readonly json: Json; readonly sql: string }[] = [
  {
    json: {
      id: 'size',
      table: 'employees',
      bins: [{ below: 20, points: 0 }, { below: 200, points: 15 }, { below: 2000, points: 25 }, { points: 10 }],
      unknown: 8,
    },
    sql: 'CASE WHEN employees IS NULL THEN 8 WHEN employees < 20 THEN 0 WHEN employees < 200 THEN 15 WHEN employees < 2000 THEN 25 ELSE 10 END',
  },
  {
    json: {
      id: 'turnover',
      table: 'revenue',
      bins: [{ below: 100_000, points: 0 }, { below: 500_000, points: 5 }, { points: 9 }],
      unknown: 2,
    },
    sql: 'CASE WHEN revenue IS NULL THEN 2 WHEN revenue < 100000 THEN 0 WHEN revenue < 500000 THEN 5 ELSE 9 END',
  },
  {
    json: {
      id: 'industry',
      table: 'industry',
      values: { manufacturing: 12, services: 9, software: 9, retail: 5 },
      otherwise: 0,
      unknown: 4,
    },
    sql: "CASE WHEN industry IS NULL THEN 4 WHEN industry = 'manufacturing' THEN 12 WHEN industry IN ('services', 'software') THEN 9 WHEN industry = 'retail' THEN 5 ELSE 0 END",
  },
  {
    json: {
      id: 'seniority',
      table: 'job_level',
      values: { executive: 20, director: 18, manager: 12, individual: 5, student: -30 },
      unknown: 6,
    },
    sql: "CASE WHEN job_level IS NULL THEN 6 WHEN job_level = 'executive' THEN 20 WHEN job_level = 'director' THEN 18 WHEN job_level = 'manager' THEN 12 WHEN job_level = 'individual' THEN 5 ELSE -30 END",
  },
  {
    json: { id: 'department', table: 'department', values: { finance: 10, operations: 6, it: 4 }, unknown: 3 },
    sql: "CASE WHEN department IS NULL THEN 3 WHEN department = 'finance' THEN 10 WHEN department = 'operations' THEN 6 WHEN department = 'it' THEN 4 ELSE 0 END",
  },
  {
    json: { id: 'served', when: { attribute: 'country', not_in: ['US', 'IN', 'BR', 'CN'] }, points: 5, unknown: 2 },
    sql: "CASE WHEN country IS NULL THEN 2 WHEN country NOT IN ('US', 'IN', 'BR', 'CN') THEN 5 ELSE 0 END",
  },
  {
    json: { id: 'home', when: { attribute: 'country', in: ['DE', 'AT', 'CH'] }, points: 4 },
    sql: "CASE WHEN country IN ('DE', 'AT', 'CH') THEN 4 ELSE 0 END",
  },
  {
    json: { id: 'referred', when: { attribute: 'source', is: 'partner' }, points: 8 },
    sql: "CASE WHEN source = 'partner' THEN 8 ELSE 0 END",
  },
  {
    json: { id: 'finance_title', when: { attribute: 'title', contains: ['finance', 'cfo'] }, points: 7, unknown: 1 },
    sql: "CASE WHEN title IS NULL THEN 1 WHEN contains(lower(title), 'finance') OR contains(lower(title), 'cfo') THEN 7 ELSE 0 END",
  },
  {
    json: { id: 'ledger', when: { attribute: 'ledger', in: ['dynamics', 'netsuite', 'sage'] }, points: 9, unknown: 3 },
    sql: "CASE WHEN ledger IS NULL THEN 3 WHEN ledger IN ('dynamics', 'netsuite', 'sage') THEN 9 ELSE 0 END",
  },
  {
    json: { id: 'age', when: { attribute: 'age', between: [25, 60] }, points: 2 },
    sql: 'CASE WHEN age BETWEEN 25 AND 60 THEN 2 ELSE 0 END',
  },
  {
    json: { id: 'seats', when: { attribute: 'seats', at_least: 50 }, points: 6, unknown: 1 },
    sql: 'CASE WHEN seats IS NULL THEN 1 WHEN seats >= 50 THEN 6 ELSE 0 END',
  },
  {
    json: { id: 'visits', when: { attribute: 'visits', above: 20 }, points: 3 },
    sql: 'CASE WHEN visits > 20 THEN 3 ELSE 0 END',
  },
  {
    json: {
      id: 'money',
      when: {
        all: [
          { attribute: 'budget', at_least: 10_000 },
          { attribute: 'employees', at_least: 20 },
        ],
      },
      points: 9,
      unknown: 2,
    },
    sql: 'CASE WHEN budget >= 10000 AND employees >= 20 THEN 9 WHEN budget < 10000 OR employees < 20 THEN 0 ELSE 2 END',
  },
  {
    json: { id: 'free_mail', when: { attribute: 'free_mail', is: true }, points: -8 },
    sql: 'CASE WHEN free_mail THEN -8 ELSE 0 END',
  },
  {
    json: { id: 'competitor', when: { attribute: 'competitor', is: true }, points: -60 },
    sql: 'CASE WHEN competitor THEN -60 ELSE 0 END',
  },
]

export const CAPS = { fit: 80, counts: 40, sums: 25, recencies: 20, fading: 90 } as const

/** The definition as a document says it. */
export const definitionSource = (): Json => ({
  winnow: 1,
  name: 'Fifty criteria',
  attributes: Object.fromEntries([
    ...Object.keys(TEXTS).map((name) => [name, { type: 'text' }]),
    ...Object.keys(NUMBERS).map((name) => [name, { type: 'number' }]),
    ...FLAGS.map((name) => [name, { type: 'boolean' }]),
  ]),
  activities: Object.fromEntries(
    Object.entries(ACTIVITIES).map(([name, { from, path }]) => [
      name,
      { from, ...(path === undefined ? {} : { where: { path: { starts_with: path } } }) },
    ]),
  ),
  scores: {
    fit: {
      range: [0, 100],
      groups: { profile: { cap: CAPS.fit, criteria: ATTRIBUTE_CRITERIA.map(({ json }) => json) } },
    },
    engagement: {
      range: [0, 200],
      groups: {
        counts: { cap: CAPS.counts, criteria: COUNTS.map(countCriterion) },
        sums: { cap: CAPS.sums, criteria: SUMS.map(sumCriterion) },
        recencies: { cap: CAPS.recencies, criteria: RECENCIES.map(recencyCriterion) },
        fading: { cap: CAPS.fading, criteria: [...HALF_LIVES.map(fadingCriterion), ...STEPS.map(stepCriterion)] },
      },
    },
  },
})

export function makeDefinition(): Definition {
  const parsed = parseDefinition(definitionSource())
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues))
  return parsed.definition
}

const countCriterion = ({ activity, days, atLeast, points }: Count, index: number) => ({
  id: `count_${index}`,
  when: { activity, within: `${days}d`, count: { at_least: atLeast } },
  points,
})

const sumCriterion = ({ activity, days, atLeast, points }: Sum, index: number) => ({
  id: `sum_${index}`,
  when: { activity, within: `${days}d`, sum: { of: 'minutes', at_least: atLeast } },
  points,
})

const recencyCriterion = ({ activity, within, longerAgoThan, points }: Recency, index: number) => ({
  id: `recency_${index}`,
  when: {
    activity,
    last: within === undefined ? { longer_ago_than: `${longerAgoThan}d` } : { within: `${within}d` },
  },
  points,
})

const fadingCriterion = ({ activity, points, cap, halfLifeDays }: Fading, index: number) => ({
  id: `half_life_${index}`,
  each: activity,
  points,
  cap,
  decay: { half_life: `${halfLifeDays}d` },
})

const stepCriterion = ({ activity, points, cap, everyDays, losePercent }: Stepped, index: number) => ({
  id: `step_${index}`,
  each: activity,
  points,
  cap,
  decay: { steps: { every: `${everyDays}d`, lose: `${losePercent}%` } },
})
