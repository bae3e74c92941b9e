/** Leads of which something is known in the end, by `attribute=value`. */
import { compareFacts, type Fact, type LeadId } from '@winnow/engine'
import type { CircleWork } from '@winnow/io'
import { CliError } from './errors.ts'

interface Wanted {
  readonly attribute: string
  readonly value: string
}

export interface Segment {
  readonly isEverybody: boolean
  /** Has to see a circle before it can say who of it belongs. */
  readonly look: (circle: CircleWork) => void
  readonly has: (lead: string) => boolean
}

/** @throws CliError `option_malformed` */
export function segmentOf(texts: readonly string[]): Segment {
  const wanted = texts.map(wantedOf)
  const found = new Set<string>()
  return {
    isEverybody: wanted.length === 0,
    look: ({ leads, facts }) => {
      if (wanted.length === 0) return
      const ordered = [...facts].sort(compareFacts)
      for (const lead of leads) if (wanted.every((each) => isKnown(ordered, lead, each))) found.add(lead)
    },
    has: (lead) => found.has(lead),
  }
}

function wantedOf(text: string): Wanted {
  const [attribute, value] = [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)]
  if (text.includes('=') && attribute !== '' && value !== '') return { attribute, value }
  throw new CliError(
    'option_malformed',
    `--segment \`${text}\` names no value`,
    'Write it as --segment industry=retail.',
  )
}

/** What was said last of the lead, or of the account that it belongs to in the end. */
function isKnown(facts: readonly Fact[], lead: LeadId, { attribute, value }: Wanted): boolean {
  let account: string | null = null
  for (const fact of facts) if (fact.kind === 'link' && fact.lead === lead) account = fact.account
  const said = facts.findLast(
    (fact) =>
      (fact.kind === 'attribute' && fact.lead === lead && fact.name === attribute) ||
      (fact.kind === 'account_attribute' && fact.account === account && fact.name === attribute),
  )
  if (said === undefined || !('value' in said)) return false
  return Array.isArray(said.value) ? said.value.includes(value) : String(said.value) === value
}
