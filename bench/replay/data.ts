/** Invented leads of a software company over a year: when they came, what became known of them and what they did. */
import { readFileSync } from 'node:fs'
import { leadId, parseDefinitionText, type Definition, type Fact, type LeadId } from '@winnow/engine'
import type { Random } from '../random.ts'

const DAY_MS = 86_400_000
export const BEGIN = Date.UTC(2025, 5, 1)
export const END = BEGIN + 365 * DAY_MS

/**
 * The B2B example as it stands in `examples/`, with its hysteresis, least stay, half-lives, frequency limits, stages, SLAs and
 * cool-down. Where leads stand alone, only the two criteria on colleagues are left out.
 */
export function readDefinition({ withAccounts }: { withAccounts: boolean }): Definition {
  const text = readFileSync(new URL('../../examples/b2b-software/definition.yaml', import.meta.url), 'utf8')
  const parsed = parseDefinitionText(text)
  if (!parsed.ok) throw new Error('examples/b2b-software/definition.yaml is not valid')
  if (withAccounts) return parsed.definition
  const definition = structuredClone(parsed.definition) as {
    scores: Record<string, { groups: Record<string, unknown> }>
  }
  delete definition.scores['engagement']!.groups['company']
  return definition as unknown as Definition
}

const KNOWN: readonly (readonly [name: string, values: readonly (string | boolean)[]])[] = [
  ['job_level', ['manager', 'individual', 'director', 'executive', 'student']],
  ['department', ['finance', 'operations', 'other', 'it']],
  ['country', ['DE', 'AT', 'CH', 'NL', 'FR', 'US']],
  ['source', ['website', 'paid_search', 'webinar', 'event', 'partner', 'outbound']],
  ['free_mail', [false, true]],
]

type Activity = readonly [share: number, type: string, properties: Readonly<Record<string, unknown>>]
/**
 * Shares in per mille: in a year every seventh lead asks for a demo or a trial, every tenth unsubscribes, and most of what
 * people do is reading.
 */
const ACTIVITIES: readonly Activity[] = [
  [330, 'page', { path: '/blog/closing-faster', title: 'Closing faster' }],
  [150, 'email_opened', { campaign: 'newsletter' }],
  [120, 'email_clicked', { campaign: 'newsletter' }],
  [100, 'page', { path: '/docs/sso', title: 'Single sign-on' }],
  [85, 'page', { path: '/pricing', title: 'Pricing' }],
  [70, 'page', { path: '/customers/harbour-foods', title: 'Harbour Foods' }],
  [50, 'page', { path: '/integrations/netsuite', title: 'NetSuite' }],
  [35, 'form_submitted', { form: 'guide' }],
  [20, 'webinar', { title: 'Closing in three days', minutes: 35 }],
  [15, 'product', { event: 'close_run' }],
  [6, 'form_submitted', { form: 'demo' }],
  [5, 'trial_started', {}],
  [5, 'form_submitted', { form: 'contact' }],
  [5, 'email_unsubscribed', {}],
  [4, 'page', { path: '/careers', title: 'Careers' }],
]

function pickActivity(random: Random): Activity {
  let left = random.below(1000)
  return ACTIVITIES.find(([share]) => (left -= share) < 0) ?? ACTIVITIES[0]!
}

/** The facts of one lead in order of time: about five attributes, `activities` activities, a decision now and then. */
export function drawLead(random: Random, index: number, activities: number): Fact[] {
  const lead = leadId(`lead-${index}`)
  let at = BEGIN + random.below(300 * DAY_MS)
  const facts: Fact[] = []
  const id = () => `f${index}-${facts.length}`
  for (const [name, values] of KNOWN) {
    if (random.chance(0.8))
      facts.push({ kind: 'attribute', id: id(), at, lead, name, value: values[random.early(values.length)]! })
  }
  const count = Math.round(-Math.log(1 - random.next()) * activities)
  for (let each = 0; each < count; each++) {
    // Visits: a few clicks within minutes, then days of nothing.
    at += random.chance(0.6) ? random.below(600_000) : random.below(14 * DAY_MS)
    if (at > END) break
    const [, type, properties] = pickActivity(random)
    facts.push({ kind: 'activity', id: id(), at, lead, type, properties })
    if (random.chance(0.02)) facts.push(decision(random, { id: id(), at: at + 3_600_000, lead }))
  }
  return facts
}

function decision(random: Random, base: { id: string; at: number; lead: LeadId }): Fact {
  return {
    ...base,
    kind: 'decision',
    decision: random.pick(['accept', 'accept', 'qualify', 'reject', 'recycle', 'disqualify']),
  }
}
