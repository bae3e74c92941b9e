/** What somebody did or said, in a few words. All of it came from outside: it is text and nothing else. */

type Fact = Readonly<Record<string, unknown>>

/** What tells one activity from the next, the most telling first. */
const TELLING = ['path', 'url', 'title', 'form', 'event', 'name', 'outcome', 'campaign', 'subject', 'minutes']
const SHOWN_MAX = 3
/** The first of these need no name beside their value. */
const SPEAKING = 5

export function propertyWords(properties: Fact): string {
  const names = Object.keys(properties).toSorted((a, b) => rank(a) - rank(b))
  const shown = names.filter((name) => isShort(properties[name])).slice(0, SHOWN_MAX)
  return shown
    .map((name, index) =>
      index === 0 && rank(name) < SPEAKING
        ? valueWords(properties[name])
        : `${spaced(name)} ${valueWords(properties[name])}`,
    )
    .join(', ')
}

const rank = (name: string) => (TELLING.includes(name) ? TELLING.indexOf(name) : TELLING.length)
const isShort = (value: unknown) => value !== null && (typeof value !== 'object' || Array.isArray(value))

/** `form_submitted` is *form submitted*. */
export const spaced = (name: string): string => name.replaceAll('_', ' ')

export function valueWords(value: unknown): string {
  if (Array.isArray(value)) return value.map(valueWords).join(', ')
  if (typeof value === 'boolean') return value ? '✓' : '✗'
  if (value === null || value === undefined) return '–'
  if (typeof value === 'string') return value
  return typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? '')
}

/** A fact behind a line of an explanation. */
export function factWords(fact: Fact): string {
  switch (fact['kind']) {
    case 'activity':
      return [spaced(String(fact['type'])), propertyWords((fact['properties'] ?? {}) as Fact)]
        .filter(Boolean)
        .join(' · ')
    case 'attribute':
    case 'account_attribute':
      return `${spaced(String(fact['name']))}: ${valueWords(fact['value'])}`
    case 'decision':
      return spaced(String(fact['decision']))
    default:
      return spaced(String(fact['kind']))
  }
}
