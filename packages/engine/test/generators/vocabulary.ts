/** The words that random definitions and histories are made of: few, so that they meet often. */
import type { Attribute, NamedActivity } from '../../src/definition/language.ts'
import { DAY_MS, parseInstant } from '../../src/time.ts'

/** Every history lies around this Monday. */
export const EPOCH = parseInstant('2026-01-05T00:00:00Z')

/** Lengths that add up to one another, so that edges coincide. */
export const DURATIONS = ['1h', '6h', '1d', '3d', '7d', '90m', '36h', '2d', '2w'] as const

export const ROLES = ['director', 'manager', 'student', 'constructor'] as const
export const INTERESTS = ['price', 'support', 'security', 'speed'] as const

export const ATTRIBUTES: { readonly [name: string]: Attribute } = {
  title: { type: 'text', answers: 'authority' },
  size: { type: 'number', answers: 'budget' },
  signs: { type: 'boolean', answers: 'authority' },
  role: { type: 'choice', of: ROLES },
  interests: { type: 'choices', of: INTERESTS, answers: 'need' },
  renewal: { type: 'date', answers: 'timing' },
  industry: { type: 'choice', of: ['energy', 'health', 'retail'], about: 'account' },
  employees: { type: 'number', about: 'account', answers: 'budget' },
  founded: { type: 'date', about: 'account' },
  markets: { type: 'choices', of: ['north', 'south'], about: 'account', answers: 'need' },
}

export const ACTIVITIES: { readonly [name: string]: NamedActivity } = {
  visited: { from: 'page' },
  pricing_viewed: { from: 'page', where: { path: { starts_with: '/pricing' } } },
  demo_requested: { from: ['form', 'call'], where: { form: 'demo' } },
  mail_opened: { from: 'mail', where: { kind: ['open', 'click'] } },
  unsubscribed: { from: 'mail', where: { kind: { is: 'unsubscribe' } }, intent: 'negative' },
  called: { from: ['call'] },
  did_anything: { from: ['page', 'form', 'mail', 'call'] },
}
export const RAW_TYPES = ['page', 'form', 'mail', 'call', 'unheard_of'] as const

export const TEXTS = [
  'CEO',
  'ceo',
  'Head of Sales',
  'José',
  'Jose\u0301',
  'straße',
  '',
  'constructor',
  '__proto__',
  'a.b',
] as const
export const NUMBERS = [0, 1, 5, 10, 19.99, 20, 50, 100, 200, -3] as const

/** Properties and the values that events carry in them; a few of every wrong kind. */
export const PROPERTIES: { readonly [name: string]: readonly unknown[] } = {
  path: ['/pricing', '/Pricing/plans', '/blog/a', '/', 7, null, ['/pricing']],
  form: ['demo', 'Demo', 'newsletter', true],
  kind: ['open', 'click', 'unsubscribe', 'bounce'],
  amount: [0, 1, 2.5, 10, 50, -3, 0.000_001, 1e10, '10', null],
  ok: [true, false, 'true'],
  on: ['2026-01-06', '2026-01-08T12:00:00Z', '2026-02-30', 5],
  'utm.source': ['ads', 'mail', null],
}

/** Dates around the histories, in every way of writing, a few of them no dates at all. */
export const DATES = [
  '2026-01-01',
  '2026-01-06',
  '2026-01-07T06:00:00Z',
  '2026-01-09T01:30:00+01:30',
  '2026-01-12T00:00:00.001Z',
  '2026-01-20',
  '2024-02-29',
] as const
export const NOT_DATES = ['2026-02-30', '2026-01-06T10:00:00', 'soon'] as const

export const SPAN_MS = 30 * DAY_MS
