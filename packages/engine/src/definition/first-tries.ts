/** What people write first where the language wants something else, and how the language says it. */
import { isMap } from './shape.ts'

/** A hint for a value that is not as it should be; nothing where none can be guessed. */
export type Suggest = (value: unknown) => string | undefined

const write = (text: string) => `write \`${text}\``

const UNIT_LETTERS: readonly (readonly [words: RegExp, letter: string, each: number])[] = [
  [/^s(ec(ond)?s?)?$/, 's', 1],
  [/^m(in(ute)?s?)?$/, 'm', 1],
  [/^h((ou)?rs?)?$/, 'h', 1],
  [/^d(ays?)?$/, 'd', 1],
  [/^w(ee)?ks?$/, 'w', 1],
  [/^months?$/, 'd', 30],
  [/^quarters?$/, 'd', 91],
  [/^y((ea)?rs?)?$/, 'd', 365],
]

/** `7 days` → `7d` */
function asDuration(text: string): { readonly meant: string; readonly isOfCalendar: boolean } | undefined {
  const [, digits, unit = ''] = /^(\d{1,5}|an?|one)? *-?([a-z]+)$/.exec(text.trim().toLowerCase()) ?? []
  const known = UNIT_LETTERS.find(([words]) => words.test(unit))
  if (known === undefined) return undefined
  const count = digits === undefined || !/^\d/.test(digits) ? 1 : Number(digits)
  return { meant: `${count * known[2]}${known[1]}`, isOfCalendar: known[2] > 1 }
}

export const duration: Suggest = (value) => {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0)
    return `say in what: \`${value}d\` for days, \`${value}h\` for hours`
  const read = typeof value === 'string' ? asDuration(value) : undefined
  if (read === undefined) return undefined
  return `${write(read.meant)}${read.isOfCalendar ? ': months and years differ in length' : ''}`
}

export const decay: Suggest = (value) => {
  const meant = typeof value === 'string' ? asDuration(value)?.meant : undefined
  if (meant !== undefined) return `${write(`{ half_life: ${meant} }`)}, or \`{ expires: ${meant} }\``
  return typeof value === 'number' ? `write for instance \`{ half_life: ${value}d }\`` : undefined
}

export const comparison: Suggest = (value) =>
  typeof value === 'number' ? `${write(`{ at_least: ${value} }`)}, or \`{ is: ${value} }\`` : undefined

export const frequency: Suggest = (value) =>
  typeof value === 'number' ? `${write(`{ at_most: ${value} }`)}, or \`{ at_most: ${value}, within: 7d }\`` : undefined

export const percent: Suggest = (value) => {
  if (typeof value !== 'number') return undefined
  return write(`${value > 0 && value < 1 ? value * 100 : value}%`)
}

export const condition: Suggest = (value) => {
  if (Array.isArray(value)) return 'join the parts with `all: [ … ]` or `any: [ … ]`'
  if (typeof value !== 'string') return undefined
  const [, name, sign, number] = /^\s*([a-z][a-z0-9_]*)\s*(>=|<=|>|<|==?)\s*(-?\d+(?:\.\d+)?)\s*$/.exec(value) ?? []
  const operator = { '>=': 'at_least', '<=': 'at_most', '>': 'above', '<': 'below', '=': 'is', '==': 'is' }[sign ?? '']
  return operator === undefined
    ? 'write for instance `{ score: fit, at_least: 50 }`'
    : `write \`{ score: ${name}, ${operator}: ${number} }\`, or \`attribute:\` instead of \`score:\``
}

const PERIODS = new Map(
  Object.entries({
    week: '1 week',
    weekly: '1 week',
    month: '1 month',
    monthly: '1 month',
    quarter: '3 months',
    quarterly: '3 months',
    year: '12 months',
    yearly: '12 months',
    annually: '12 months',
  }),
)

export const period: Suggest = (value) => {
  if (typeof value === 'number') return `say of what: \`${value} months\``
  if (typeof value !== 'string') return undefined
  const word = value.trim().toLowerCase()
  const named = PERIODS.get(word.replace(/^(every|an?|one|each) /, ''))
  if (named !== undefined) return write(named)
  const [, digits, unit = ''] = /^(\d{1,3}) *([a-z]+)$/.exec(word) ?? []
  if (digits === undefined) return undefined
  const per = { w: 7, d: 1 }[unit[0]]
  if (per !== undefined) {
    const weeks = Math.round((Number(digits) * per) / 7)
    return weeks >= 1 && weeks < 100 ? write(weeks === 1 ? '1 week' : `${weeks} weeks`) : undefined
  }
  const months = Number(digits) * ({ m: 1, q: 3, y: 12 }[unit[0]] ?? Infinity)
  return months >= 1 && months < 100 ? write(months === 1 ? '1 month' : `${months} months`) : undefined
}

const TYPES = new Map(
  Object.entries({
    string: 'text',
    str: 'text',
    varchar: 'text',
    email: 'text',
    phone: 'text',
    bool: 'boolean',
    yesno: 'boolean',
    flag: 'boolean',
    int: 'number',
    integer: 'number',
    float: 'number',
    decimal: 'number',
    currency: 'number',
    money: 'number',
    percent: 'number',
    enum: 'choice',
    enumeration: 'choice',
    select: 'choice',
    picklist: 'choice',
    dropdown: 'choice',
    multiselect: 'choices',
    list: 'choices',
    tags: 'choices',
    datetime: 'date',
    timestamp: 'date',
    time: 'date',
  }),
)

export const attributeType: Suggest = (value) => {
  const meant = typeof value === 'string' ? TYPES.get(value.toLowerCase().replaceAll(/[-_ ]/g, '')) : undefined
  return meant === undefined
    ? undefined
    : `${write(meant)}${meant.startsWith('choice') ? ' and list its values with `of`' : ''}`
}

export const list: Suggest = (value) =>
  typeof value === 'string' && value.includes(',')
    ? write(
        `[${value
          .split(',')
          .map((each) => each.trim())
          .join(', ')}]`,
      )
    : undefined

export const levels: Suggest = (value) =>
  isMap(value) ? 'write a list, the best level first: `- hot: { when: … }`, each level behind a `-`' : undefined

export const stages: Suggest = (value) =>
  isMap(value) ? 'write a list in the order of the path: `- { id: lead }`, each stage behind a `-`' : undefined

export const criteria: Suggest = (value) =>
  isMap(value) ? 'write a list: `- { id: … , points: … }`, each criterion behind a `-`' : undefined
