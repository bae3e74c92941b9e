/** YAML (or JSON) of the project's small files → plain values, with the place of every part for messages. */
import type { Issue, Path } from '@winnow/engine'
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Node } from 'yaml'

const TEXT_MAX = 1024 * 1024
const DEPTH_MAX = 32

export interface YamlFile {
  readonly value: unknown
  readonly issues: readonly Issue[]
  /** Where a part stands; of its parent where it is not there. */
  readonly place: (path: Path) => { readonly line: number; readonly column: number } | undefined
}

export function readYaml(text: string): YamlFile {
  if (text.length > TEXT_MAX)
    return { value: undefined, issues: [issue('too_long', 'the file is longer than 1 MiB')], place: () => undefined }
  const lines = new LineCounter()
  const document = parseDocument(text, {
    lineCounter: lines,
    version: '1.2',
    uniqueKeys: true,
    maxAliasCount: 0,
  } as never)
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return { line, column: col }
  }
  const issues: Issue[] = document.errors.map((error) =>
    issue('yaml_malformed', error.message.split('\n')[0]!, at(error.pos[0])),
  )
  const place = (path: Path) => {
    const offset = offsetOf(document.contents, path)
    return offset === undefined ? undefined : at(offset)
  }
  if (issues.length > 0) return { value: undefined, issues, place }
  const reader = new YamlReader()
  const value = reader.read(document.contents, [])
  return { value, issues: reader.issues.map((each) => ({ ...each, ...place(each.path) })), place }
}

const issue = (
  code: string,
  message: string,
  place: { line?: number; column?: number } = {},
  path: Path = [],
): Issue => ({
  severity: 'error',
  code,
  path,
  message,
  ...place,
})

class YamlReader {
  readonly issues: Issue[] = []

  read(node: unknown, path: Path): unknown {
    if (path.length > DEPTH_MAX) return this.refuse('too_deep', `nested deeper than ${DEPTH_MAX} levels`, path)
    if (isAlias(node)) return this.refuse('yaml_alias', 'anchors and aliases are not read: write it out', path)
    if (isSeq(node)) return node.items.map((item, at) => this.read(item, [...path, at]))
    if (isMap(node)) return this.readMap(node.items, path)
    return isScalar(node) ? node.value : null
  }

  /** Keys are taken as they are written: `TRUE: …` and `1: …` are the texts of cells. */
  private readMap(items: readonly { key: unknown; value: unknown }[], path: Path): unknown {
    const entries = items.map(({ key, value }): [string, unknown] => {
      const name = keyText(key)
      return [name, this.read(value, [...path, name])]
    })
    const forbidden = entries.find(([key]) => key === '__proto__')
    return forbidden ? this.refuse('key_forbidden', '`__proto__` is not a key', path) : Object.fromEntries(entries)
  }

  private refuse(code: string, message: string, path: Path): undefined {
    this.issues.push(issue(code, message, {}, path))
    return undefined
  }
}

const keyText = (key: unknown): string => (isScalar(key) ? (key.source ?? String(key.value)) : String(key))

function offsetOf(root: Node | null, path: Path): number | undefined {
  let node: unknown = root
  let offset = root?.range?.[0]
  for (const step of path) {
    let next: unknown
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => keyText(key) === step)
      offset = (pair?.key as Node | undefined)?.range?.[0] ?? offset
      next = pair?.value
    } else if (isSeq(node) && typeof step === 'number') {
      next = node.items[step]
      offset = (next as Node | undefined)?.range?.[0] ?? offset
    }
    if (next === undefined) return offset
    node = next
  }
  return offset
}
