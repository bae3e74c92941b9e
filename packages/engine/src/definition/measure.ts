/** A first look at a document that may be hostile: how large it is and whether it is plain data at all. Never recurses. */
import { issueOf } from './codes.ts'
import type { Issue, Path } from './issue.ts'

export const LIMITS = {
  depth: 64,
  nodes: 200_000,
  /** Characters of all text and keys together. */
  characters: 2_000_000,
  criteria: 2_000,
  conditions: 20_000,
  /** Personas, scores and categories together. */
  named: 500,
  stages: 100,
  /** Instructions of one compiled pattern, and of all together: what a match costs per character. */
  patternSize: 5_000,
  patternSizes: 100_000,
  /** More than this nobody reads; the rest is cut off with a note. */
  issues: 1_000,
} as const

const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])
const NOT_TEXT = /\u0000|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/

/** A value that is still to be looked at; the path is a chain, so that a deep document costs no more than a flat one. */
interface Pending {
  readonly value: unknown
  readonly depth: number
  readonly step?: string | number
  readonly parent?: Pending
}

/** Everything that keeps `input` from being looked at further; none when it is plain data of a bearable size. */
export function measure(input: unknown): readonly Issue[] {
  const issues: Issue[] = []
  const pending: Pending[] = [{ value: input, depth: 0 }]
  let nodes = 0
  let characters = 0
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { value, depth } = next
    nodes += 1
    if (typeof value === 'string') characters += value.length
    if (nodes > LIMITS.nodes) return [issueOf('too_large', [], `more than ${LIMITS.nodes} values`)]
    if (characters > LIMITS.characters) return [issueOf('too_large', [], `more than ${LIMITS.characters} characters`)]
    if (depth > LIMITS.depth) return [issueOf('too_deep', pathOf(next), `more than ${LIMITS.depth} levels deep`)]
    const wrong = wrongWith(next)
    if (wrong !== undefined) {
      if (issues.push(wrong) >= LIMITS.issues) return issues
      continue
    }
    if (typeof value !== 'object' || value === null) continue
    if (Array.isArray(value)) {
      if (nodes + value.length > LIMITS.nodes) return [issueOf('too_large', [], `more than ${LIMITS.nodes} values`)]
      for (let at = value.length - 1; at >= 0; at--) {
        pending.push({ value: value[at], depth: depth + 1, step: at, parent: next })
      }
      continue
    }
    for (const key of Object.keys(value).reverse()) {
      characters += key.length
      const child: Pending = {
        value: (value as Record<string, unknown>)[key],
        depth: depth + 1,
        step: key,
        parent: next,
      }
      if (FORBIDDEN_KEYS.has(key)) issues.push(issueOf('forbidden_key', pathOf(child), `\`${key}\` cannot be a key`))
      else if (NOT_TEXT.test(key))
        issues.push(issueOf('malformed_text', pathOf(next), 'a key holds NUL or half a character'))
      else pending.push(child)
    }
  }
  return issues
}

function wrongWith(pending: Pending): Issue | undefined {
  const { value } = pending
  switch (typeof value) {
    case 'string':
      if (!NOT_TEXT.test(value)) return undefined
      return issueOf('malformed_text', pathOf(pending), 'the text holds NUL or half a character')
    case 'number':
      if (Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))) return undefined
      return issueOf('unsafe_number', pathOf(pending), `${value} cannot be held exactly`)
    case 'boolean':
      return undefined
    case 'object':
      if (value === null || Array.isArray(value) || isPlain(value)) return undefined
      return issueOf('not_json', pathOf(pending), 'this is neither a list nor a plain map')
    default:
      return issueOf('not_json', pathOf(pending), `a ${typeof value} cannot stand in a definition`)
  }
}

/** Made by `{}`, by a JSON parser, or without a prototype; also in another window or worker. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

function pathOf(pending: Pending): Path {
  const steps: (string | number)[] = []
  for (let at: Pending | undefined = pending; at?.step !== undefined; at = at.parent) steps.push(at.step)
  return steps.reverse()
}
