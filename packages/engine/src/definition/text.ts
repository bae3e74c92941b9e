/**
 * A definition from YAML or JSON text. Of YAML only what JSON could say is taken: no anchors, tags or documents in a row.
 * Every issue gets the line and column of the key or value that its path points at.
 */
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type Pair,
  type ParsedNode,
  type Scalar,
  type YAMLMap,
  type YAMLParseError,
} from 'yaml'
import { issueOf, type IssueCode } from './codes.ts'
import { formatPath, type Issue, type Path } from './issue.ts'
import type { Definition } from './language.ts'
import { LIMITS } from './measure.ts'
import { parseDefinition } from './parse.ts'

export interface Position {
  /** 1-based. */
  readonly line: number
  readonly column: number
}

/** Where the parts of a document stand in its text. */
export interface Source {
  /** The value at a path, or with `about: 'key'` its key; where there is none, the nearest part around it. */
  readonly locate: (path: Path, about?: 'key') => Position
}

export type ParsedText =
  | {
      readonly ok: true
      readonly definition: Definition
      /** Warnings. */ readonly issues: readonly Issue[]
      readonly source: Source
    }
  | { readonly ok: false; readonly issues: readonly Issue[]; readonly source?: Source }

const TEXT_MAX = 1_048_576
/** Reading flow collections recurses: what is nested deeper than this is refused unread. */
const BRACKETS_MAX = 200

/** Like `parseDefinition`, for the text of a file or an editor. Never throws. */
export function parseDefinitionText(text: string): ParsedText {
  const unread = refusal(text)
  if (unread !== undefined) return { ok: false, issues: [{ ...unread, ...START }] }
  const reading = read(text)
  const { source } = reading
  const placed = (issues: readonly Issue[]) => issues.map((issue) => ({ ...issue, ...placeOf(issue, source) }))
  if (reading.issues.some(({ code }) => !READS_ON.has(code)))
    return { ok: false, issues: placed(reading.issues), source }
  const parsed = parseDefinition(reading.value)
  if (parsed.ok && reading.issues.length === 0) return { ...parsed, issues: placed(parsed.issues), source }
  const told = new Set(reading.issues.map(signOf))
  const issues = [...placed(reading.issues), ...placed(parsed.issues.filter((issue) => !told.has(signOf(issue))))]
  return { ok: false, issues: issues.sort((a, b) => a.line - b.line || a.column - b.column), source }
}

const signOf = ({ code, path }: Issue): string => `${code} ${formatPath(path)}`

/** Issues that leave a value in their place, so that the rest of the document is worth reading. */
const READS_ON: ReadonlySet<string> = new Set(['duplicate_key', 'unsafe_number', 'tag_refused'])

const placeOf = (issue: Issue, source: Source): Position =>
  issue.line !== undefined && issue.column !== undefined
    ? { line: issue.line, column: issue.column }
    : source.locate(issue.path, issue.about)

/** Bytes of the text as UTF-8 are at most three times its length, so most texts need no counting. */
function refusal(text: string): Issue | undefined {
  if (text.length > TEXT_MAX || (text.length * 3 > TEXT_MAX && bytesOf(text) > TEXT_MAX)) {
    return issueOf('text_too_large', [], `more than ${TEXT_MAX} bytes`)
  }
  return deepestBrackets(text) > BRACKETS_MAX
    ? issueOf('too_deep', [], `more than ${BRACKETS_MAX} brackets within brackets`)
    : undefined
}

function bytesOf(text: string): number {
  let bytes = 0
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    // Each half of a surrogate pair is counted as two of the four bytes.
    bytes += unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 2 : 3
  }
  return bytes
}

/**
 * How deep brackets stand in one another, those inside quotes and prose counted too: an estimate that costs no stack. What it
 * underestimates is refused all the same, only later: the library says when it runs out of stack.
 */
function deepestBrackets(text: string): number {
  let depth = 0
  let deepest = 0
  for (let at = 0; at < text.length; at++) {
    const unit = text[at]
    if (unit === '[' || unit === '{') deepest = Math.max(deepest, ++depth)
    else if ((unit === ']' || unit === '}') && depth > 0) depth -= 1
  }
  return deepest
}

export interface Reading {
  readonly value: unknown
  readonly issues: readonly Issue[]
  readonly source: Source
}

/** Plain data of a text and the place of every part, for other small files that people write. Never throws. */
export function readText(text: string): Reading {
  const unread = refusal(text)
  if (unread === undefined) return read(text)
  return { value: undefined, issues: [{ ...unread, ...START }], source: { locate: () => START } }
}

function read(text: string): Reading {
  const lines = new LineCounter()
  // Unique keys are checked here in linear time; the library compares all with all.
  const document = parsedOrUndefined(text, lines)
  if (document === undefined) return { value: undefined, issues: [TOO_DEEP], source: { locate: () => START } }
  const positionAt = (offset: number): Position => {
    const { line, col } = lines.linePos(Math.min(offset, text.length))
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
  const pairs = pairFinder()
  const source: Source = { locate: (path, about) => positionAt(offsetOf(document.contents, path, about, pairs)) }
  const syntax = syntaxIssues(document.errors).map(({ issue, offset }) => ({ ...issue, ...positionAt(offset) }))
  if (document.directives?.yaml.explicit === true) {
    syntax.push({ ...issueOf('yaml_syntax', [], 'a `%YAML` line', 'remove it: YAML 1.2 is meant'), line: 1, column: 1 })
  }
  if (syntax.length > 0) return { value: undefined, issues: syntax, source }
  const issues: Issue[] = []
  const value = plainValue(document.contents, [], (issue, offset) => {
    if (issues.length < LIMITS.issues) issues.push({ ...issue, ...positionAt(offset) })
  })
  return { value, issues, source }
}

const START: Position = { line: 1, column: 1 }
const TOO_DEEP: Issue = { ...issueOf('too_deep', [], 'nested too deep to be read'), ...START }

/** The library catches its own exhaustion of the stack nearly everywhere; called with little stack left, it may not. */
function parsedOrUndefined(text: string, lineCounter: LineCounter): Document.Parsed | undefined {
  const options = { lineCounter, uniqueKeys: false, prettyErrors: false, logLevel: 'error', version: '1.2' } as const
  try {
    return parseDocument(text, options)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

const SYNTAX_ERRORS_MAX = 100
const SYNTAX_CODES: { readonly [code: string]: IssueCode } = {
  BAD_ALIAS: 'alias_refused',
  ALIAS_PROPS: 'alias_refused',
  MULTIPLE_ANCHORS: 'alias_refused',
  MULTIPLE_TAGS: 'tag_refused',
  TAG_RESOLVE_FAILED: 'tag_refused',
  MULTIPLE_DOCS: 'several_documents',
}

/** What the library could not read: one issue at a place, however many rules are broken there. */
function syntaxIssues(
  errors: readonly YAMLParseError[],
): readonly { readonly issue: Issue; readonly offset: number }[] {
  // A text nested so deep that reading it ran out of stack has hundreds of errors with this one cause.
  const exhausted = errors.find((error) => error.code === 'RESOURCE_EXHAUSTION')
  if (exhausted) return [{ issue: issueOf('too_deep', [], 'nested too deep to be read'), offset: exhausted.pos[0] }]
  const places = new Map(errors.toReversed().map((error) => [error.pos[0], error]))
  return [...places.values()]
    .toReversed()
    .slice(0, SYNTAX_ERRORS_MAX)
    .map((error) => ({
      issue: issueOf(SYNTAX_CODES[error.code] ?? 'yaml_syntax', [], sentence(error.message)),
      offset: error.pos[0],
    }))
}

/** The library's message without its advice to programmers. */
const sentence = (message: string): string => message.split(/[;\n]/, 1)[0].slice(0, 160)

type ReportAt = (issue: Issue, offset: number) => void
type AnyNode = ParsedNode | null | undefined

/** Plain data of a node. Goes one level deeper than is allowed, so that `parseDefinition` sees and says that it is too deep. */
function plainValue(node: AnyNode, path: Path, report: ReportAt): unknown {
  if (node === null || node === undefined) return null
  const offset = node.range[0]
  if (isAlias(node))
    return report(issueOf('alias_refused', path, `\`*${node.source}\` stands for something written elsewhere`), offset)
  if (node.anchor !== undefined) report(issueOf('alias_refused', path, `\`&${node.anchor}\` names this part`), offset)
  if (node.tag !== undefined) report(issueOf('tag_refused', path, `\`${node.tag}\` is a tag`), offset)
  if (isScalar(node)) return plainScalar(node, path, report)
  if (path.length > LIMITS.depth) return isSeq(node) ? [] : {}
  if (isSeq(node)) return node.items.map((item, at) => plainValue(item as AnyNode, [...path, at], report))
  return plainMap(node, path, report)
}

/** As JSON writes numbers: everything else that YAML would read as one may as well have been meant as text. */
const JSON_NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/

function plainScalar(node: Scalar.Parsed, path: Path, report: ReportAt): unknown {
  const { value, source } = node
  if (typeof value !== 'number' || JSON_NUMBER.test(source)) return value
  const hint = 'write a plain decimal number, or put quotes around text'
  report(issueOf('unsafe_number', path, `\`${source}\` would be read as ${value}`, hint), node.range[0])
  return value
}

function plainMap(node: YAMLMap.Parsed, path: Path, report: ReportAt): unknown {
  const entries = new Map<string, unknown>()
  for (const { key, value } of node.items) {
    const name = keyName(key)
    const offset = key?.range?.[0] ?? node.range[0]
    if (name === undefined) {
      report(issueOf('yaml_syntax', path, 'a key must be text', 'put quotes around it'), offset)
      continue
    }
    if (name === '<<')
      report(issueOf('alias_refused', [...path, name], '`<<` copies another map into this one'), offset)
    if (entries.has(name))
      report(issueOf('duplicate_key', [...path, name], `\`${name}\` stands in this map twice`), offset)
    if (key.anchor !== undefined || key.tag !== undefined)
      report(issueOf('alias_refused', path, 'a key has an anchor or a tag'), offset)
    entries.set(name, plainValue(value, [...path, name], report))
  }
  return Object.fromEntries(entries)
}

/** A key as it is written: `1` and `true` are words here, as in JSON. */
function keyName(key: AnyNode): string | undefined {
  if (!isScalar(key) || key.value === null) return undefined
  return typeof key.value === 'string' ? key.value : key.source
}

type FindPair = (map: YAMLMap.Parsed, name: string) => Pair<ParsedNode, ParsedNode | null> | undefined

/** Finds pairs by key; each map is indexed once, as a large one may be asked a thousand times. */
function pairFinder(): FindPair {
  const indexes = new WeakMap<YAMLMap.Parsed, Map<string | undefined, Pair<ParsedNode, ParsedNode | null>>>()
  return (map, name) => {
    let index = indexes.get(map)
    if (index === undefined) {
      const pairs = map.items.toReversed() // the first of two equal keys is kept
      index = new Map(pairs.map((pair) => [keyName(pair.key), pair]))
      indexes.set(map, index)
    }
    return index.get(name)
  }
}

/** Offset of the part at the path, or of the nearest part around it. */
function offsetOf(root: AnyNode, path: Path, about: 'key' | undefined, findPair: FindPair): number {
  let node = root
  let offset = root?.range?.[0] ?? 0
  for (const [at, step] of path.entries()) {
    if (isSeq(node) && typeof step === 'number') node = node.items[step] as AnyNode
    else if (isMap(node) && typeof step === 'string') {
      const pair = findPair(node, step)
      if (pair === undefined) return offset
      offset = pair.key.range[0]
      if (about === 'key' && at === path.length - 1) return offset
      node = pair.value
    } else return offset
    // An empty value (`when:` and nothing after it) has no place of its own: that of its key is better.
    if (node?.range && node.range[1] > node.range[0]) offset = node.range[0]
  }
  return offset
}
