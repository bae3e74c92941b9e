/** What can be written at a place of the text: names that are known, and the words of the language. */
import type { CompletionContext, CompletionResult } from '@codemirror/autocomplete'

export interface Names {
  readonly attributes: readonly string[]
  readonly activities: readonly string[]
  /** Raw event types, as sources call them. */
  readonly events: readonly string[]
  readonly personas: readonly string[]
  readonly scores: readonly string[]
  readonly categories: readonly string[]
  readonly stages: readonly string[]
  readonly levels: readonly string[]
  /** Values by attribute. */
  readonly values: ReadonlyMap<string, readonly string[]>
}

/** What each key is followed by. */
const AFTER: Readonly<Record<string, keyof Omit<Names, 'values'>>> = {
  attribute: 'attributes',
  table: 'attributes',
  activity: 'activities',
  each: 'activities',
  from: 'events',
  persona: 'personas',
  score: 'scores',
  category: 'categories',
  rows: 'categories',
  columns: 'categories',
  stage: 'stages',
}
const FIXED: Readonly<Record<string, readonly string[]>> = {
  type: ['text', 'number', 'boolean', 'choice', 'choices', 'date'],
  about: ['lead', 'account'],
  intent: ['high', 'medium', 'low', 'negative'],
  owner: ['marketing', 'sales'],
  by: ['accept', 'qualify', 'win', 'reject', 'recycle', 'disqualify', 'lose', 'account'],
  sensitive: ['personal', 'protected'],
  known: ['true', 'false'],
}
/** The words of the language. */
const WORDS = `
winnow name description label attributes activities personas scores categories stages value capacity
playbooks review examples type of about unit answers question from where intent when range decay
half_life linear steps expires groups criteria cap floor weight id points unknown each count within
table bins values otherwise below at_least at_most above between is is_not in not_in contains
starts_with ends_with matches known changed_within older_than newer_than due_within all any not
attribute activity ever never sum average distinct_days last longer_ago_than trend against score
category persona stage for_at_least reached account leads levels stays_while stays_at_least matrix
rows columns cells enter by needs sla cool_down reasons owner win amount repeats cost currency
probability title every as_of facts expect ago`
  .trim()
  .split(/\s+/)

export function completionsAt(context: CompletionContext, names: Names): CompletionResult | null {
  const line = context.state.doc.lineAt(context.pos)
  const before = line.text.slice(0, context.pos - line.from)
  const word = /[\w.-]*$/.exec(before)![0]
  const from = context.pos - word.length
  if (word === '' && !context.explicit && !/[:[,]\s$/.test(before)) return null
  const options = optionsAfter(before.slice(0, before.length - word.length), names)
  const isKey = options === undefined
  if (isKey && word === '' && !context.explicit) return null
  return {
    from,
    options: (options ?? WORDS).map((label) => ({
      label,
      type: isKey ? 'property' : 'variable',
      ...(isKey && { apply: `${label}: ` }),
    })),
    validFor: /^[\w.-]*$/,
  }
}

/** @returns undefined where a key is expected */
function optionsAfter(before: string, names: Names): readonly string[] | undefined {
  const key = /([a-z_]+):\s*(?:\[[^\]]*)?$/.exec(before)?.[1]
  if (key === undefined) return undefined
  const known = AFTER[key]
  if (known !== undefined) return names[known]
  if (FIXED[key] !== undefined) return FIXED[key]
  if (key === 'is' || key === 'in' || key === 'is_not' || key === 'not_in') {
    const attribute = /attribute:\s*([\w.]+)/.exec(before)?.[1]
    return attribute === undefined ? names.levels : (names.values.get(attribute) ?? [])
  }
  return []
}
