/** From anything at all to a definition that means something, or to every issue that it has. */
import { checkCategories } from './check-categories.ts'
import { checkCondition } from './check-conditions.ts'
import { checkExamples } from './check-examples.ts'
import { checkScores } from './check-scores.ts'
import { checkStages } from './check-stages.ts'
import { checkActivities, checkAttributes, checkCapacity, checkReview, checkValue } from './check-terms.ts'
import { fail, type Checking } from './checking.ts'
import { issueOf } from './codes.ts'
import { copyOf, pathsAround, wellShaped } from './cut.ts'
import { cyclesIn, formatNode } from './dependencies.ts'
import type { Issue } from './issue.ts'
import { definitionShape, type Definition } from './language.ts'
import { LIMITS, measure } from './measure.ts'
import { namesOf } from './names.ts'
import { isMap } from './shape.ts'
import { criteriaOf, everyPart, placesOf } from './walk.ts'

export type Parsed =
  | { readonly ok: true; readonly definition: Definition; /** Warnings. */ readonly issues: readonly Issue[] }
  | { readonly ok: false; readonly issues: readonly Issue[] }

/** A definition, with warnings; or every issue found, of which at least one is an error. Never throws. */
export function parseDefinition(input: unknown): Parsed {
  const unbearable = measure(input)
  if (unbearable.length > 0) return { ok: false, issues: unbearable }
  const issues: Issue[] = []
  definitionShape.check(input, [], (issue) => issues.push(issue))
  const document = copyOf(input)
  // What a document must begin with is no reason to leave the rest of it unread.
  const rest =
    issues.length === 0
      ? (document as Definition)
      : issues.length < LIMITS.issues
        ? wellShaped(withHead(document), definitionShape)
        : undefined
  if (rest !== undefined) issues.push(...meaningIssues(document, rest, issues))
  if (issues.some((issue) => issue.severity === 'error')) return { ok: false, issues: inOrder(document, issues) }
  return { ok: true, definition: document as Definition, issues: inOrder(document, issues) }
}

const withHead = (document: unknown): unknown =>
  isMap(document) ? { ...document, winnow: 1, name: 'unnamed' } : document

/** What is wrong with well-shaped parts: names, types, order, circles. */
function meaningIssues(document: unknown, definition: Definition, illShaped: readonly Issue[]): readonly Issue[] {
  const tooLarge = sizeIssues(definition)
  if (tooLarge.length > 0) return tooLarge
  const issues: Issue[] = []
  const checking: Checking = {
    definition,
    names: namesOf(document, definition),
    report: (issue) => {
      if (issues.length < LIMITS.issues) issues.push(issue)
    },
    illShaped: pathsAround(illShaped),
    patterns: { size: 0, known: new Map() },
  }
  checkAttributes(checking)
  checkActivities(checking)
  for (const place of placesOf(definition)) checkCondition(checking, place)
  checkScores(checking)
  checkCategories(checking)
  checkStages(checking)
  checkValue(checking)
  checkCapacity(checking)
  checkReview(checking)
  checkCycles(checking)
  checkExamples(checking)
  return issues
}

function sizeIssues(definition: Definition): readonly Issue[] {
  const issues: Issue[] = []
  const limit = (what: string, count: number, most: number, section: string) => {
    if (count > most) issues.push(issueOf('too_large', [section], `more than ${most} ${what}: ${count}`))
  }
  const { personas = {}, scores = {}, categories = {} } = definition
  const named = [personas, scores, categories].reduce((sum, each) => sum + Object.keys(each).length, 0)
  limit('criteria', criteriaOf(definition).length, LIMITS.criteria, 'scores')
  limit('personas, scores and categories', named, LIMITS.named, 'scores')
  const conditions = placesOf(definition).reduce((sum, place) => sum + everyPart(place).length, 0)
  if (conditions > LIMITS.conditions)
    issues.push(issueOf('too_large', [], `more than ${LIMITS.conditions} conditions: ${conditions}`))
  return issues
}

function checkCycles(checking: Checking): void {
  for (const cycle of cyclesIn(checking.definition)) {
    fail(checking, 'cycle', formatNode(cycle[0]).split('.'), `this reads itself: ${cycle.map(formatNode).join(' → ')}`)
  }
}

/** In the order of the document, as a reader meets them; no more than anybody reads. */
function inOrder(document: unknown, issues: readonly Issue[]): readonly Issue[] {
  const kept = issues.slice(0, LIMITS.issues)
  const siblings = siblingFinder()
  const sorted = kept
    .map((issue) => ({ issue, place: positionOf(document, issue.path, siblings) }))
    .sort((a, b) => comparePositions(a.place, b.place))
    .map(({ issue }) => issue)
  if (issues.length <= LIMITS.issues) return sorted
  return [...sorted, issueOf('too_many_issues', [], `more than ${LIMITS.issues} issues; the rest is not listed`)]
}

type FindSibling = (map: object, key: string) => number

/** Positions of keys in their maps; each map is indexed once, as a large one may be asked a thousand times. */
function siblingFinder(): FindSibling {
  const indexes = new WeakMap<object, Map<string, number>>()
  return (map, key) => {
    const index = indexes.get(map) ?? new Map(Object.keys(map).map((each, at) => [each, at]))
    indexes.set(map, index)
    return index.get(key) ?? -1
  }
}

/** Position of every step among its siblings. */
function positionOf(document: unknown, path: Issue['path'], siblings: FindSibling): readonly number[] {
  let at = document
  return path.map((step) => {
    const position = typeof step === 'number' ? step : isMap(at) ? siblings(at, step) : 0
    at =
      typeof at === 'object' && at !== null && Object.hasOwn(at, step)
        ? (at as Record<string | number, unknown>)[step]
        : undefined
    return position
  })
}

function comparePositions(a: readonly number[], b: readonly number[]): number {
  const differs = a.findIndex((each, at) => each !== b[at])
  return differs < 0 ? a.length - b.length : a[differs] - (b[differs] ?? -1)
}
