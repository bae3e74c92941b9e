/**
 * JSON as data that can be trusted: what `JSON.parse` would change silently (duplicate keys, numbers beyond exactness,
 * half surrogate pairs) or let through to do harm (`__proto__`, unbounded depth) is refused with its place.
 */
import type { RefusalCode } from '../refusal.ts'

export const DEPTH_MAX = 32
export const KEY_MAX = 200

export type JsonResult =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly code: RefusalCode; readonly place: string; readonly reason: string }

/** Something that may not stand where it stands; what is around it can still be read. */
export interface JsonFault {
  readonly code: RefusalCode
  readonly path: readonly (string | number)[]
  readonly reason: string
}

export type JsonParts =
  | { readonly ok: true; readonly value: unknown; readonly faults: readonly JsonFault[] }
  | Extract<JsonResult, { ok: false }>

class JsonRefusal extends Error {
  readonly code: RefusalCode
  readonly place: string
  constructor(code: RefusalCode, place: string, reason: string) {
    super(reason)
    this.code = code
    this.place = place
  }
}

export function parseStrictJson(text: string): JsonResult {
  const plain = parsePlain(text)
  return plain === undefined ? readParts(text) : { ok: true, value: plain }
}

/**
 * Like `parseStrictJson`, for a text of many parts that stand or fall by themselves: only what is no JSON at all refuses
 * the whole of it. Everything else is told with its place, and the value there means nothing.
 */
export function parseJsonParts(text: string): JsonParts {
  const plain = parsePlain(text)
  return plain === undefined ? readParts(text, []) : { ok: true, value: plain, faults: [] }
}

function readParts(text: string): JsonResult
function readParts(text: string, faults: JsonFault[]): JsonParts
function readParts(text: string, faults?: JsonFault[]): JsonResult | JsonParts {
  try {
    const value = new JsonReader(text, faults).document()
    return faults === undefined ? { ok: true, value } : { ok: true, value, faults }
  } catch (error) {
    if (!(error instanceof JsonRefusal)) throw error
    return { ok: false, code: error.code, place: error.place, reason: error.message }
  }
}

/**
 * What programs write with their own `JSON.stringify`, read at the speed of `JSON.parse`: a text that comes out again as it
 * went in has no key twice and no number that changed on the way. Undefined where that is not certain.
 */
function parsePlain(text: string): unknown {
  if (text.includes('\\u')) return undefined // U+0000 and half surrogate pairs come escaped
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  return isHarmless(value, 0) && JSON.stringify(value) === text ? value : undefined
}

function isHarmless(value: unknown, depth: number): boolean {
  if (typeof value === 'number') return !Number.isInteger(value) || Number.isSafeInteger(value)
  if (typeof value !== 'object' || value === null) return true
  if (depth >= DEPTH_MAX) return false
  if (Array.isArray(value)) return value.every((each) => isHarmless(each, depth + 1))
  for (const key of Object.keys(value)) {
    if (key.length > KEY_MAX || FORBIDDEN_KEYS.has(key)) return false
    if (!isHarmless((value as Record<string, unknown>)[key], depth + 1)) return false
  }
  return true
}

const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype'])
// oxlint-disable-next-line no-control-regex -- JSON forbids exactly these
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const BLANK = /[ \t\r\n]*/y
const BRACKET = /"(?:[^"\\]|\\.)*"|[[\]{}]/gs

class JsonReader {
  private readonly text: string
  private at = 0
  private readonly path: (string | number)[] = []
  /** Absent: the first fault ends the reading. */
  private readonly faults: JsonFault[] | undefined

  constructor(text: string, faults?: JsonFault[]) {
    this.text = text
    this.faults = faults
  }

  document(): unknown {
    const value = this.value()
    this.skipBlanks()
    if (this.at < this.text.length)
      this.refuse('json_malformed', `something follows the value, at character ${this.at + 1}`)
    return value
  }

  private value(): unknown {
    this.skipBlanks()
    switch (this.text[this.at]) {
      case '{':
        return this.object()
      case '[':
        return this.array()
      case '"':
        return this.string()
      case 't':
        return this.word('true', true)
      case 'f':
        return this.word('false', false)
      case 'n':
        return this.word('null', null)
      default:
        return this.number()
    }
  }

  private object(): Record<string, unknown> | null {
    if (!this.enter()) return null
    const result: Record<string, unknown> = {}
    if (this.closes('}')) return result
    do {
      this.skipBlanks()
      if (this.text[this.at] !== '"') this.refuse('json_malformed', `a key is expected at character ${this.at + 1}`)
      const key = this.string()
      const isAllowed = this.checkKey(result, key)
      this.skipBlanks()
      if (this.text[this.at] !== ':') this.refuse('json_malformed', `\`:\` is expected at character ${this.at + 1}`)
      this.at++
      this.path.push(key)
      const value = this.value()
      if (isAllowed) result[key] = value
      this.path.pop()
    } while (this.continues('}'))
    return result
  }

  private array(): unknown[] | null {
    if (!this.enter()) return null
    const result: unknown[] = []
    if (this.closes(']')) return result
    do {
      this.path.push(result.length)
      result.push(this.value())
      this.path.pop()
    } while (this.continues(']'))
    return result
  }

  private enter(): boolean {
    if (this.path.length < DEPTH_MAX) {
      this.at++
      return true
    }
    this.report('json_too_deep', `nested deeper than ${DEPTH_MAX} levels`)
    this.skipNested()
    return false
  }

  /** Goes behind the bracket that closes the one here, without going into what is between. */
  private skipNested(): void {
    BRACKET.lastIndex = this.at
    for (let depth = 0; ;) {
      const found = BRACKET.exec(this.text)
      if (!found) return this.refuse('json_malformed', 'the text ends too early')
      if (found[0].startsWith('"')) continue
      depth += found[0] === '{' || found[0] === '[' ? 1 : -1
      if (depth > 0) continue
      this.at = BRACKET.lastIndex
      return
    }
  }

  private checkKey(object: Record<string, unknown>, key: string): boolean {
    if (FORBIDDEN_KEYS.has(key)) return this.report('json_key_forbidden', `the key \`${key}\` is not allowed`)
    if (key.length > KEY_MAX) return this.report('json_key_too_long', `a key of ${key.length} characters`)
    if (Object.hasOwn(object, key)) return this.report('json_key_duplicate', `the key \`${key}\` appears twice`)
    return true
  }

  private string(): string {
    STRING.lastIndex = this.at
    const found = STRING.exec(this.text)
    if (!found)
      return this.refuse('json_malformed', `the text that begins at character ${this.at + 1} is not well-formed`)
    this.at += found[0].length
    const inside = found[0].slice(1, -1)
    const value = inside.includes('\\') ? (JSON.parse(found[0]) as string) : inside
    if (value.includes('\0')) this.report('text_nul', 'the text holds the character U+0000')
    if (!value.isWellFormed())
      this.report('text_malformed', 'the text holds half a surrogate pair or a byte that is not UTF-8')
    return value
  }

  private number(): number {
    NUMBER.lastIndex = this.at
    const found = NUMBER.exec(this.text)
    if (!found) {
      const isEnd = this.at >= this.text.length
      return this.refuse(
        'json_malformed',
        isEnd ? 'the text ends too early' : `a value is expected at character ${this.at + 1}`,
      )
    }
    this.at += found[0].length
    const value = Number(found[0])
    if (!Number.isFinite(value)) this.report('json_number_unsafe', `${found[0]} is too large for a number`)
    if (Number.isInteger(value) && !Number.isSafeInteger(value))
      this.report('json_number_unsafe', `${found[0]} is not exact as a number`)
    return value === 0 ? 0 : value // −0 is 0: they are equal in every test, and JSON writes both as 0
  }

  private word<T>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.at))
      this.refuse('json_malformed', `a value is expected at character ${this.at + 1}`)
    this.at += word.length
    return value
  }

  private closes(bracket: string): boolean {
    this.skipBlanks()
    if (this.text[this.at] !== bracket) return false
    this.at++
    return true
  }

  private continues(bracket: string): boolean {
    this.skipBlanks()
    const next = this.text[this.at++]
    if (next === ',') return true
    if (next === bracket) return false
    return this.refuse('json_malformed', `\`,\` or \`${bracket}\` is expected at character ${this.at}`)
  }

  private skipBlanks(): void {
    if (this.text.charCodeAt(this.at) > 0x20) return
    BLANK.lastIndex = this.at
    BLANK.exec(this.text)
    this.at = BLANK.lastIndex
  }

  /** Notes what may not stand here, or ends the reading. */
  private report(code: RefusalCode, reason: string): false {
    if (this.faults === undefined) return this.refuse(code, reason)
    this.faults.push({ code, path: [...this.path], reason })
    return false
  }

  private refuse(code: RefusalCode, reason: string): never {
    throw new JsonRefusal(code, this.path.join('.'), reason)
  }
}
