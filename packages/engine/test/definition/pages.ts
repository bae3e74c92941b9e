/** Definitions as people read them, whole pages word for word; `expected/` holds them. */
import type { Definition } from '../../src/definition/language.ts'
import { renderHtml, renderMarkdown } from '../../src/definition/render.ts'
import { putAt, whole } from './whole.ts'

const edited = (edits: Readonly<Record<string, unknown>>): Definition =>
  Object.entries(edits).reduce<unknown>((so, [path, value]) => putAt(so, path, value), whole()) as Definition

/** What `whole` has in another form, or not at all. */
const other = edited({
  name: 'Tools, otherwise',
  description: undefined,
  'attributes.job_level.description': 'As they say themselves.',
  'attributes.job_level.sensitive': 'personal',
  'attributes.industry.sensitive': 'protected',
  'attributes.interests.question': 'What for?',
  'activities.ordered.description': 'Paid for.',
  'personas.hobbyist.description': undefined,
  'scores.fit.description': 'Who they are.',
  'scores.fit.range': [-10, 50],
  'scores.fit.groups.company.description': 'Where they work.',
  'scores.fit.groups.company.floor': undefined,
  'scores.fit.groups.company.cap': undefined,
  'scores.fit.groups.person.weight': 2,
  'scores.fit.groups.person.floor': 0,
  'scores.fit.groups.person.criteria.0.description': 'Counts most.',
  'scores.engagement.decay': 'none',
  'categories.quality.description': 'How well they fit.',
  'categories.quality.levels.2.low.description': 'Everybody else.',
  'categories.letter.matrix.cells.low': { referral: 'C', marketing: 'not_now' },
  'stages.1.description': 'Somebody should call.',
  'stages.1.by': 'accept',
  'stages.2.by': 'qualify',
  'stages.3.by': undefined,
  'stages.3.enter': { activity: 'ordered' },
  'stages.5.cool_down': undefined,
  'value.currency': undefined,
  'value.win': {
    score: 'fit',
    bins: [
      { below: 20, probability: 0.01, leads: 1 },
      { below: 40, probability: 0.125, low: 0.1 },
      { probability: 0.5, high: 0.6 },
    ],
  },
  'value.amount': { attribute: 'budget' },
  'value.repeats': undefined,
  'value.cost': undefined,
  capacity: undefined,
  'playbooks.call_now.owner': undefined,
  review: undefined,
  'examples.0.facts.3': { forget: ['budget', 'signs'] },
  'examples.0.facts.5.properties': undefined,
  'examples.0.facts.7.until': undefined,
  'examples.0.expect': { personas: [] },
  'examples.1': {
    name: 'Nothing known',
    as_of: '2026-03-01',
    facts: [],
    expect: { scores: { fit: 0, engagement: -1.5 }, points: { demo: 1 }, personas: ['buyer', 'hobbyist'] },
  },
})

const priced = (amount: unknown): Definition =>
  edited({ 'value.amount': amount, personas: undefined, stages: [{ id: 'lead' }], playbooks: undefined })

export const pages: readonly { readonly file: string; readonly render: () => string }[] = [
  { file: 'whole.md', render: () => renderMarkdown(whole()) },
  { file: 'whole.html', render: () => renderHtml(whole()) },
  { file: 'other.md', render: () => renderMarkdown(other) },
  { file: 'fixed-amount.md', render: () => renderMarkdown(priced(2_500.5)) },
  { file: 'amount-otherwise.md', render: () => renderMarkdown(priced({ attribute: 'budget', otherwise: 5 })) },
  {
    file: 'amount-by-value.md',
    render: () => renderMarkdown(priced({ table: 'industry', values: { wood: 5, metal: 7 } })),
  },
]
