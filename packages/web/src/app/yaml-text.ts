/**
 * Edits of a YAML text that leave everything else in it as it was, byte by byte: comments, order, spacing, quotes. A form is a
 * view of the text; what it changes is written here, into the place that it stands in.
 *
 * Every edit is checked by reading the new text. Where it does not say what was meant (a style that is not understood here), the
 * library writes the whole document anew: comments stay then too, only spacing may change.
 */
import {
  Document,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  type Node,
  type Pair,
  type ParsedNode,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml'

export type Step = string | number
export type Path = readonly Step[]

/** A value at a path; `undefined` takes it out. Only what differs is touched. @throws Error where the text cannot be read */
export function setIn(text: string, path: Path, value: unknown): string {
  const before = readValue(text)
  if (value !== undefined && same(valueIn(before, path), value)) return text
  return checked(text, withValue(before, path, value), reconcile(text, path, valueIn(before, path), value))
}

/** Moves an item of a list or an entry of a map to another place among its siblings, with the comments that lead it. */
export function moveIn(text: string, path: Path, from: number, to: number): string {
  if (from === to) return text
  return checked(text, withMoved(readValue(text), path, from, to), movedText(text, path, from, to))
}

/** A key or a value at a path, and what is to stand there. */
export interface Renaming {
  readonly path: Path
  readonly isKey: boolean
  readonly to: string
}

/** Writes other names in many places at once; each keeps its quotes. */
export function renameAll(text: string, renamings: readonly Renaming[]): string {
  const root = documentOf(text)
  const places = renamings.flatMap(({ path, isKey, to }) => {
    const node = isKey ? pairAt(root, path)?.key : nodeAt(root, path)
    return node ? [{ range: rangeOf(node), to }] : []
  })
  return places
    .toSorted((a, b) => b.range[0] - a.range[0])
    .reduce((written, { range: [start, end], to }) => {
      const quote = /^["']/.exec(written.slice(start, end))?.[0]
      const name = quote === undefined ? inlineText(to, true, isJson(text)) : quote + to + quote
      return written.slice(0, start) + name + written.slice(end)
    }, text)
}

/** An item of a list, and its place in another. */
export interface Transfer {
  readonly from: Path
  readonly at: number
  readonly to: Path
  readonly index: number
}

/** Takes an item out of one list and puts it into another, with its comments, before the item that is there at `index`. */
export function transferIn(text: string, { from, at, to, index }: Transfer): string {
  const value = readValue(text)
  const item = valueIn(value, [...from, at])
  const target = valueIn(value, to)
  const longer = (Array.isArray(target) ? (target as unknown[]) : []).toSpliced(index, 0, item)
  const meant = withValue(withValue(value, [...from, at], undefined), to, longer)
  return checked(
    text,
    meant,
    transferred(text, { from, at, to, index }) ?? setIn(removed(text, [...from, at]), to, longer),
  )
}

/** What stands at a path, as its own small text; empty where nothing does. */
export function snippetAt(text: string, path: Path): string {
  const node = nodeAt(documentOf(text), path)
  if (node === undefined || node === null) return ''
  const start = rangeOf(node)[0]
  const column = columnOf(text, start)
  const lines = text.slice(start, contentEnd(node)).trimEnd().split('\n')
  return lines.map((line, at) => (at === 0 ? line : dedent(line, column))).join('\n')
}

/** Writes a small text as the value at a path. @throws Error where the small text cannot be read */
export function setSnippet(text: string, path: Path, snippet: string): string {
  const value = readValue(snippet)
  const before = readValue(text)
  const expected = withValue(before, path, value)
  const node = nodeAt(documentOf(text), path)
  if (node === undefined || node === null) return setIn(text, path, value)
  const start = rangeOf(node)[0]
  const indent = ' '.repeat(columnOf(text, start))
  const body = snippet
    .trimEnd()
    .split('\n')
    .map((line, at) => (at === 0 || line === '' ? line : indent + line))
    .join('\n')
  const ends = contentEnd(node)
  const after = text.slice(ends)
  // A comment at the end of the snippet must not swallow what stands behind the place.
  const isSafe = isBlock(node) || !lastLine(snippet).includes('#')
  const written = text.slice(0, start) + body + after
  return isSafe ? checked(text, expected, written) : setIn(text, path, value)
}

/** Plain data of a text. @throws Error where it cannot be read */
export function readValue(text: string): unknown {
  return documentOf(text).toJS() as unknown
}

export function valueIn(value: unknown, path: Path): unknown {
  let at = value
  for (const step of path) {
    if (typeof at !== 'object' || at === null) return undefined
    at = Object.hasOwn(at, step) ? (at as Record<Step, unknown>)[step] : undefined
  }
  return at
}

/** Plain data with another value at a path. */
export function withValue(value: unknown, path: Path, next: unknown): unknown {
  const [step, ...rest] = path
  if (step === undefined) return next
  const child = withValue(valueIn(value, [step]), rest, next)
  if (typeof step === 'number') {
    const list = Array.isArray(value) ? [...(value as unknown[])] : []
    if (child === undefined && rest.length === 0) list.splice(step, 1)
    else list[step] = child
    return list
  }
  const map = { ...(isPlainMap(value) ? value : {}) }
  if (child === undefined) delete map[step]
  else map[step] = child
  return map
}

function withMoved(value: unknown, path: Path, from: number, to: number): unknown {
  const holder = valueIn(value, path)
  if (Array.isArray(holder)) return withValue(value, path, moved(holder, from, to))
  return withValue(value, path, Object.fromEntries(moved(Object.entries(holder as object), from, to)))
}

export function moved<T>(items: readonly T[], from: number, to: number): T[] {
  const list = [...items]
  const [item] = list.splice(from, 1)
  list.splice(to, 0, item!)
  return list
}

// --- Reading ---------------------------------------------------------------------------------------------------------

let last: { readonly text: string; readonly document: Document.Parsed } | undefined

/** One edit reads what the last one wrote: it is kept. */
function documentOf(text: string): Document.Parsed {
  if (last?.text === text) return last.document
  const document = parseDocument(text, { uniqueKeys: true, prettyErrors: false, logLevel: 'error' })
  const [error] = document.errors
  if (error) throw new Error(error.message.split('\n', 1)[0])
  last = { text, document }
  return document
}

type AnyNode = ParsedNode | null | undefined

function nodeAt(document: Document.Parsed, path: Path): AnyNode {
  let node: AnyNode = document.contents
  for (const step of path) {
    if (isSeq(node) && typeof step === 'number') node = node.items[step] as AnyNode
    else if (isMap(node)) node = pairOf(node, step)?.value
    else return undefined
  }
  return node
}

function pairAt(document: Document.Parsed, path: Path): Pair<ParsedNode, ParsedNode | null> | undefined {
  const holder = nodeAt(document, path.slice(0, -1))
  return isMap(holder) ? pairOf(holder, path.at(-1)!) : undefined
}

const pairOf = (map: YAMLMap, step: Step) =>
  map.items.find(({ key }) => keyName(key) === String(step)) as Pair<ParsedNode, ParsedNode | null> | undefined

const keyName = (key: unknown) => (isScalar(key) ? String(key.value) : undefined)

const rangeOf = (node: Node | null | undefined): readonly [start: number, end: number] => {
  if (!node?.range) throw new Error('a part without a place')
  return [node.range[0], node.range[1]]
}

/** Where what a part says ends; blank lines and comments behind it are not part of it. */
function contentEnd(node: AnyNode): number {
  if (node === null || node === undefined) throw new Error('nothing there')
  if (!isBlock(node)) return rangeOf(node)[1]
  const item: unknown = (node as YAMLMap | YAMLSeq).items.at(-1)
  return itemEnd(item)
}

function itemEnd(item: unknown): number {
  const { key, value } = isPairLike(item) ? item : { key: undefined, value: item as AnyNode }
  if (value?.range && value.range[1] > value.range[0]) return contentEnd(value)
  // `key:` with nothing behind it ends after its colon.
  return key === undefined ? rangeOf(value)[1] : rangeOf(value ?? key)[1]
}

const isPairLike = (item: unknown): item is { key: ParsedNode; value: AnyNode } =>
  typeof item === 'object' && item !== null && 'key' in item

const itemStart = (item: unknown): number => rangeOf(isPairLike(item) ? item.key : (item as AnyNode))[0]

const isCollection = (node: AnyNode): node is ParsedNode & (YAMLMap.Parsed | YAMLSeq.Parsed) =>
  isMap(node) || isSeq(node)
const isBlock = (node: AnyNode): boolean => isCollection(node) && node.flow !== true && node.items.length > 0

// --- Places in the text ----------------------------------------------------------------------------------------------

const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1
/** After the line break; the end of the text where there is none. */
function lineEnd(text: string, at: number): number {
  // What ends with a line break (block texts) has ended its line.
  if (at > 0 && text[at - 1] === '\n') return at
  const end = text.indexOf('\n', at)
  return end < 0 ? text.length : end + 1
}
const columnOf = (text: string, at: number): number => at - lineStart(text, at)
const dedent = (line: string, columns: number): string => line.slice(Math.min(columns, line.search(/\S|$/)))
const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1)!
const isJson = (text: string): boolean => text.trimStart().startsWith('{')

// --- Writing values --------------------------------------------------------------------------------------------------

const LINE_MAX = 112

/** A value on one line. @param isInFlow  within brackets, where commas and braces mean something */
function inlineText(value: unknown, isInFlow: boolean, json: boolean): string {
  if (json) return JSON.stringify(value)
  const isCompound = typeof value === 'object' && value !== null
  const document = new Document(isInFlow || isCompound ? [value] : value)
  if (isInFlow || isCompound) {
    const list = document.contents as unknown as YAMLSeq
    list.flow = true
    makeFlow(list)
    const written = document.toString({ lineWidth: 0, flowCollectionPadding: true }).trim()
    return written.slice(1, -1).trim()
  }
  const written = document.toString({ lineWidth: 0 }).trim()
  return written.includes('\n') || written === '' ? JSON.stringify(value) : written
}

function makeFlow(node: unknown): void {
  if (isScalar(node)) {
    if (typeof node.value === 'string' && node.value.includes('\n')) node.type = 'QUOTE_DOUBLE'
    return
  }
  if (!isMap(node) && !isSeq(node)) return
  node.flow = true
  for (const item of node.items) makeFlow(isPairLike(item) ? item.value : item)
}

/** A value on several lines, indented for its place: `lines` begin at the column given. Items of lists are on one line where they fit. */
function blockText(value: unknown, column: number): string {
  const indent = ' '.repeat(column)
  const document = new Document(value)
  joinItems(document.contents, column)
  const lines = document
    .toString({ lineWidth: LINE_MAX, indentSeq: true, flowCollectionPadding: true })
    .trimEnd()
    .split('\n')
  return lines.map((line) => (line === '' ? line : indent + line)).join('\n')
}

function joinItems(node: unknown, column: number): void {
  if (!isMap(node) && !isSeq(node)) return
  for (const item of node.items) {
    const child = isPairLike(item) ? item.value : item
    if (isSeq(node) && isMap(child) && fitsInLine(child.toJSON(), column)) makeFlow(child)
    else joinItems(child, column + 2)
  }
}

function fitsInLine(value: unknown, column: number): boolean {
  return isShallow(value) && column + inlineText(value, false, false).length < LINE_MAX - 2
}

const isPlainMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isEmptyOrScalar = (value: unknown): boolean =>
  typeof value !== 'object' || value === null || Object.keys(value).length === 0

/** `key: value`, on one line where it fits. */
function pairText(key: string, value: unknown, column: number): string {
  const name = inlineText(key, false, false)
  const inline = inlineText(value, false, false)
  const isProse = typeof value === 'string' && (value.includes('\n') || column + name.length + inline.length > LINE_MAX)
  if (!isProse && (isEmptyOrScalar(value) || (column + name.length + inline.length < LINE_MAX && isShallow(value))))
    return `${name}: ${inline}`
  const lines = blockText({ [key]: value }, column)
  return lines.slice(column)
}

/** Lists and maps of plain values, or one more level of them, read well on one line. */
const isShallow = (value: unknown, depth = 3): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (depth > 0 && Object.values(value).every((each) => isShallow(each, depth - 1)))

function itemText(value: unknown, column: number): string {
  const inline = inlineText(value, false, false)
  if (isEmptyOrScalar(value) || (column + inline.length < LINE_MAX && isShallow(value))) return `- ${inline}`
  return `- ${blockText(value, column + 2).slice(column + 2)}`
}

// --- Edits -----------------------------------------------------------------------------------------------------------

/** Goes down to where the two values differ, and edits only there. */
function reconcile(text: string, path: Path, before: unknown, after: unknown): string {
  if (same(before, after)) return text
  if (after === undefined) return before === undefined ? text : removed(text, path)
  if (before === undefined) return inserted(text, path, after)
  if (isPlainMap(before) && isPlainMap(after) && Object.keys(before).length > 0)
    return reconcileMap(text, path, before, after)
  if (Array.isArray(before) && Array.isArray(after) && before.length > 0 && after.length > 0)
    return reconcileList(text, path, before as unknown[], after as unknown[])
  return replaced(text, path, after)
}

function reconcileMap(
  text: string,
  path: Path,
  before: Record<string, unknown>,
  after: Record<string, unknown>,
): string {
  const keys = Object.keys(after)
  if (keys.length === 0 || !keys.some((key) => Object.hasOwn(before, key))) return replaced(text, path, after)
  let result = text
  for (const key of Object.keys(before)) {
    if (!Object.hasOwn(after, key) || after[key] === undefined) result = removed(result, [...path, key])
  }
  for (const key of keys) result = reconcile(result, [...path, key], before[key], after[key])
  return result
}

function reconcileList(text: string, path: Path, before: readonly unknown[], after: readonly unknown[]): string {
  let head = 0
  while (head < before.length && head < after.length && same(before[head], after[head])) head += 1
  let tail = 0
  const rest = Math.min(before.length, after.length) - head
  while (tail < rest && same(before[before.length - 1 - tail], after[after.length - 1 - tail])) tail += 1
  const old = before.slice(head, before.length - tail)
  const fresh = after.slice(head, after.length - tail)
  let result = text
  for (let at = old.length - 1; at >= fresh.length; at--) result = removed(result, [...path, head + at])
  fresh.forEach((value, at) => {
    result =
      at < old.length
        ? reconcile(result, [...path, head + at], old[at], value)
        : insertedItem(result, path, head + at, value)
  })
  return result
}

function replaced(text: string, path: Path, value: unknown): string {
  const document = documentOf(text)
  const node = nodeAt(document, path)
  const json = isJson(text)
  const isInFlow = path.some((_, at) => isFlow(nodeAt(document, path.slice(0, at))))
  const pair = pairAt(document, path)
  if (node === null || node === undefined || !node.range || node.range[0] === node.range[1]) {
    const after = text.indexOf(':', rangeOf(pair!.key)[1]) + 1
    return `${text.slice(0, after)} ${inlineText(value, isInFlow, json)}${text.slice(after)}`
  }
  const [start] = rangeOf(node)
  const ends = contentEnd(node)
  const isProseNow = text[ends - 1] === '\n' // what a block text says ends with its line
  const end = isProseNow ? ends - 1 : ends
  const inline = inlineText(value, isInFlow, json)
  const fits = isEmptyOrScalar(value) || (columnOf(text, start) + inline.length < LINE_MAX && isShallow(value))
  const isProse =
    typeof value === 'string' && !isInFlow && !json && (value.includes('\n') || isBlockScalar(text, start))
  const isBehindKey = pair !== undefined && !text.slice(rangeOf(pair.key)[1], start).includes('\n')
  if (isProse && pair !== undefined && isBehindKey) {
    const column = columnOf(text, rangeOf(pair.key)[0])
    const lines = pairText(String(path.at(-1)), value, column)
    const body = lines.slice(lines.indexOf(':') + 2)
    return text.slice(0, start) + body + text.slice(end)
  }
  if (!fits && !isInFlow && !json && (pair === undefined || isBlock(node))) {
    const column = columnOf(text, start)
    return text.slice(0, start) + blockText(value, column).slice(column) + text.slice(end)
  }
  // A block that becomes one line comes up to its key.
  const gap = pair === undefined ? '' : text.slice(rangeOf(pair.key)[1] + 1, start)
  if (pair !== undefined && /^\s*\n\s*$/.test(gap)) {
    const after = text.indexOf(':', rangeOf(pair.key)[1]) + 1
    return `${text.slice(0, after)} ${inline}${text.slice(end)}`
  }
  return text.slice(0, start) + inline + text.slice(end)
}

const isFlow = (node: AnyNode): boolean => isCollection(node) && node.flow === true
const isBlockScalar = (text: string, start: number): boolean => text[start] === '|' || text[start] === '>'

function inserted(text: string, path: Path, value: unknown): string {
  const parentPath = path.slice(0, -1)
  const step = path.at(-1)!
  const parent = nodeAt(documentOf(text), parentPath)
  if (typeof step === 'number') return insertedItem(text, parentPath, step, value)
  if (!isMap(parent) || parent.items.length === 0) {
    const map = { [step]: value }
    if (parentPath.length === 0) return `${text.trimEnd()}\n${pairText(step, value, 0)}\n`
    return parent === undefined ? inserted(text, parentPath, map) : replaced(text, parentPath, map)
  }
  const lastPair: unknown = parent.items.at(-1)
  const json = isJson(text)
  if (parent.flow === true) {
    const end = itemEnd(lastPair)
    const pair = `${inlineText(step, true, json)}: ${inlineText(value, true, json)}`
    return `${text.slice(0, end)}, ${pair}${text.slice(end)}`
  }
  const column = columnOf(text, itemStart(parent.items[0]))
  return insertLines(text, itemEnd(lastPair), `${' '.repeat(column)}${pairText(step, value, column)}`)
}

/** New lines after the line in which something ends. */
function insertLines(text: string, after: number, lines: string): string {
  const at = lineEnd(text, after)
  const isOpen = at === text.length && !text.endsWith('\n')
  return `${text.slice(0, at)}${isOpen ? '\n' : ''}${lines}\n${text.slice(at)}`
}

function insertedItem(text: string, path: Path, index: number, value: unknown): string {
  const list = nodeAt(documentOf(text), path)
  if (!isSeq(list) || list.items.length === 0) {
    return list === undefined ? inserted(text, path, [value]) : replaced(text, path, [value])
  }
  const json = isJson(text)
  const before = list.items[index - 1] as AnyNode
  if (list.flow === true) {
    const item = inlineText(value, true, json)
    if (before === undefined || before === null) {
      const at = itemStart(list.items[0])
      return `${text.slice(0, at)}${item}, ${text.slice(at)}`
    }
    const at = itemEnd(before)
    return `${text.slice(0, at)}, ${item}${text.slice(at)}`
  }
  const column = dashColumn(text, list)
  const lines = `${' '.repeat(column)}${itemText(value, column)}`
  if (before === undefined || before === null) {
    const at = lineStart(text, itemStart(list.items[0]))
    return `${text.slice(0, at)}${lines}\n${text.slice(at)}`
  }
  return insertLines(text, itemEnd(before), lines)
}

/** The column of the dashes of a block list. */
const dashColumn = (text: string, list: AnyNode): number => columnOf(text, rangeOf(list)[0])

function removed(text: string, path: Path): string {
  const parentPath = path.slice(0, -1)
  const step = path.at(-1)!
  const parent = nodeAt(documentOf(text), parentPath)
  if (!isCollection(parent)) return text
  const items = parent.items as readonly unknown[]
  const at = isSeq(parent) ? Number(step) : items.findIndex((item) => isPairLike(item) && keyName(item.key) === step)
  if (at < 0 || at >= items.length) return text
  if (items.length === 1) return replaced(text, parentPath, isSeq(parent) ? [] : {})
  if (parent.flow === true) {
    const [from, to] =
      at === 0 ? [itemStart(items[0]), itemStart(items[1])] : [itemEnd(items[at - 1]), itemEnd(items[at])]
    return text.slice(0, from) + text.slice(to)
  }
  const start = itemStart(items[at])
  const line = lineStart(text, start)
  const isFirstOfItem = !isSeq(parent) && text.slice(line, start).trim() !== ''
  // The first entry of a map in a list shares its line with the dash: the next one comes up to it.
  if (isFirstOfItem && at === 0) return text.slice(0, start) + text.slice(itemStart(items[1]))
  return text.slice(0, line) + text.slice(lineEnd(text, itemEnd(items[at])))
}

function movedText(text: string, path: Path, from: number, to: number): string {
  const holder = nodeAt(documentOf(text), path)
  if (!isCollection(holder)) return text
  const items = holder.items as readonly unknown[]
  if (holder.flow === true) {
    const spans = items.map((item) => [itemStart(item), itemEnd(item)] as const)
    const order = moved(spans, from, to)
    // Items change places; what stands between them stays.
    const parts = spans.map(([, end], at) => text.slice(...order[at]!) + text.slice(end, spans[at + 1]?.[0]))
    return text.slice(0, spans[0]![0]) + parts.join('')
  }
  const first = itemStart(items[0])
  const line = lineStart(text, first)
  // The first entry of a map in a list shares its line with the dash: it is padded as if it had a line of its own.
  const isBesideDash = !isSeq(holder) && text.slice(line, first).trim() !== ''
  const begin = isBesideDash ? first : line
  const padding = isBesideDash ? ' '.repeat(first - line) : ''
  const ends = items.map((item) => lineEnd(text, itemEnd(item)))
  const chunks = ends.map((end, at) => (at === 0 ? padding + text.slice(begin, end) : text.slice(ends[at - 1], end)))
  const closed = chunks.map((chunk) => (chunk.endsWith('\n') ? chunk : `${chunk}\n`))
  const body = moved(closed, from, to).join('').slice(padding.length)
  const isOpen = ends.at(-1) === text.length && !text.endsWith('\n')
  return text.slice(0, begin) + (isOpen ? body.slice(0, -1) : body) + text.slice(ends.at(-1))
}

/** Lines of a block list, carried into another; undefined where either is written otherwise. */
function transferred(text: string, { from, at, to, index }: Transfer): string | undefined {
  const source = nodeAt(documentOf(text), from)
  const target = nodeAt(documentOf(text), to)
  if (!isBlock(source) || !isSeq(source) || !isSeq(target)) return undefined
  const ends = source.items.map((item) => lineEnd(text, itemEnd(item)))
  const begin = at === 0 ? beginOfLines(text, from, source) : ends[at - 1]!
  const end = ends[at]!
  const chunk = text.slice(begin, end)
  const place = placeOfItem(text, target, to, index)
  if (place === undefined || (place.at > begin && place.at < end)) return undefined
  const lines = (chunk.endsWith('\n') ? chunk : `${chunk}\n`)
    .split('\n')
    .map((line) => shifted(line, place.column - dashColumn(text, source)))
    .join('\n')
  const inserted = { ...place, lines: place.before + lines }
  const taken =
    source.items.length === 1 ? { at: afterKey(text, from), end, lines: ' []\n' } : { at: begin, end, lines: '' }
  return [inserted, taken]
    .toSorted((a, b) => b.at - a.at)
    .reduce((written, each) => written.slice(0, each.at) + each.lines + written.slice(each.end), text)
}

/** Where a new item of a list begins, and in which column its dash stands. An empty list `[]` gives way to lines. */
function placeOfItem(text: string, list: YAMLSeq, path: Path, index: number) {
  if (list.items.length > 0) {
    if (!isBlock(list as AnyNode)) return undefined
    const before = list.items[index - 1] as AnyNode
    const at =
      before === undefined || before === null
        ? beginOfLines(text, path, list as AnyNode)
        : lineEnd(text, itemEnd(before))
    return { at, end: at, column: dashColumn(text, list as AnyNode), before: text[at - 1] === '\n' ? '' : '\n' }
  }
  const pair = pairAt(documentOf(text), path)
  const isInFlow = path.some((_, step) => isFlow(nodeAt(documentOf(text), path.slice(0, step))))
  if (pair === undefined || isInFlow) return undefined
  const at = afterKey(text, path)
  return { at, end: lineEnd(text, rangeOf(list)[1]), column: columnOf(text, rangeOf(pair.key)[0]) + 2, before: '\n' }
}

/** Where the first item of a block list begins, with the comments that lead it. */
const beginOfLines = (text: string, path: Path, list: AnyNode): number =>
  pairAt(documentOf(text), path) === undefined ? lineStart(text, rangeOf(list)[0]) : lineEnd(text, afterKey(text, path))

/** Behind the colon of a key. */
const afterKey = (text: string, path: Path): number =>
  text.indexOf(':', rangeOf(pairAt(documentOf(text), path)!.key)[1]) + 1

const shifted = (line: string, columns: number): string =>
  line.trim() === '' ? line : columns < 0 ? dedent(line, -columns) : ' '.repeat(columns) + line

// --- Checking --------------------------------------------------------------------------------------------------------

/** The text that was written, if it says what was meant; else the document as the library writes it. */
const checked = (before: string, meant: unknown, written: string): string =>
  says(written, meant) ? written : byLibrary(before, meant)

function says(text: string, meant: unknown): boolean {
  try {
    return same(readValue(text), meant)
  } catch {
    return false
  }
}

/** Sets what differs, node by node, so that comments stay. */
function byLibrary(text: string, meant: unknown): string {
  const document = parseDocument(text)
  const walk = (path: Path, before: unknown, after: unknown) => {
    if (same(before, after)) return
    if (isPlainMap(before) && isPlainMap(after)) {
      for (const key of Object.keys(before)) if (!Object.hasOwn(after, key)) document.deleteIn([...path, key])
      for (const key of Object.keys(after)) walk([...path, key], before[key], after[key])
    } else document.setIn(path, document.createNode(after))
  }
  walk([], document.toJS(), meant)
  return document.toString({ lineWidth: 0 })
}

/** Equal, whatever the order of a map's entries. */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((each, at) => same(each, b[at]))
  if (!isPlainMap(a) || !isPlainMap(b)) return false
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]))
}
