/** What a form of exclusions holds, and what the server does. */
import type { Reply } from '../../app/api.ts'

type CaptureSettings = Reply<'capture', 'getCaptureSettings'>

export const KINDS = ['internal', 'competitor', 'test'] as const
type Kind = (typeof KINDS)[number]

export interface ExclusionsEntered {
  /** A line each. */
  readonly emails: Readonly<Record<Kind, string>>
  readonly addresses: string
  readonly attributes: readonly { readonly name: string; readonly is: string; readonly as: Kind }[]
  readonly events: readonly string[]
  readonly personalMore: readonly string[]
  readonly personalNot: readonly string[]
  readonly ignoresBots: boolean
}

export function readForm(settings: CaptureSettings): ExclusionsEntered {
  const { excluded, ignoredAddresses = [], identifyingEvents = [], personalDomains, bots } = settings
  const { emails = [], attributes = [] } = excluded ?? {}
  const matches = (kind: Kind) => emails.flatMap(({ match, as }) => (as === kind ? [match] : []))
  return {
    emails: {
      internal: matches('internal').join('\n'),
      competitor: matches('competitor').join('\n'),
      test: matches('test').join('\n'),
    },
    addresses: ignoredAddresses.join('\n'),
    attributes: attributes.map(({ name, is, as }) => ({ name, is: String(is), as })),
    events: identifyingEvents,
    personalMore: personalDomains?.more ?? [],
    personalNot: personalDomains?.not ?? [],
    ignoresBots: bots === 'ignore',
  }
}

/** What the form has no fields for stays as it is. */
export function writtenForm(settings: CaptureSettings, entered: ExclusionsEntered): CaptureSettings {
  const { emails, addresses, attributes, events, personalMore, personalNot, ignoresBots } = entered
  return {
    ...settings,
    excluded: {
      emails: KINDS.flatMap((as) => linesOf(emails[as]).map((match) => ({ match, as }))),
      attributes: attributes.map(({ name, is, as }) => ({ name: name.trim(), is: valueOf(is.trim()), as })),
    },
    ignoredAddresses: linesOf(addresses),
    identifyingEvents: [...events],
    personalDomains: { more: [...personalMore], not: [...personalNot] },
    bots: ignoresBots ? 'ignore' : 'keep',
  }
}

const linesOf = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

/** Numbers and yes or no as sources send them. */
function valueOf(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true'
  return /^-?\d{1,15}(?:\.\d+)?$/.test(text) ? Number(text) : text
}
