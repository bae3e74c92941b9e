/** Traits, as clients send them, become values that attributes can have, under names that definitions can use. */
import type { FactValue } from '@winnow/engine'
import { isMap, type Json } from './names.ts'
import { pointerStep, type MessageFault } from './refusal.ts'

export interface Trait {
  readonly name: string
  readonly value: FactValue
}

export interface Traits {
  readonly traits: readonly Trait[]
  /** Fields that are left out. */
  readonly faults: readonly MessageFault[]
}

export const TEXT_MAX = 10_000
const LIST_MAX = 1_000
const NAME_MAX = 200

/** Maps are flattened: `address: { city }` is `address_city`. */
export function readTraits(traits: Json, pointer: string): Traits {
  const reader = new TraitReader()
  reader.readMap(traits, '', pointer)
  return { traits: reader.traits, faults: reader.faults }
}

class TraitReader {
  readonly traits: Trait[] = []
  readonly faults: MessageFault[] = []
  private readonly values = new Map<string, FactValue>()

  readMap(map: Json, prefix: string, pointer: string): void {
    for (const key of Object.keys(map)) {
      const value = map[key]
      const path = prefix === '' ? key : `${prefix}.${key}`
      if (key === '' || path.length > NAME_MAX) {
        this.fault('trait_name_malformed', pointer + pointerStep(key), `a name has 1 to ${NAME_MAX} characters`)
      } else if (isMap(value)) this.readMap(value, path, pointer + pointerStep(key))
      else this.readValue(path, value, pointer, key)
    }
  }

  private readValue(path: string, value: unknown, pointer: string, key: string): void {
    const problem = problemOf(value)
    if (problem !== undefined) {
      this.fault(problem.code, pointer + pointerStep(key), problem.message)
      return
    }
    const name = attributeName(path)
    if (this.values.has(name)) {
      const isSame = JSON.stringify(this.values.get(name)) === JSON.stringify(value)
      if (!isSame) this.fault('trait_twice', pointer + pointerStep(key), `another trait is the attribute too`)
      return
    }
    this.values.set(name, value as FactValue)
    this.traits.push({ name, value: value as FactValue })
  }

  private fault(code: MessageFault['code'], at: string, message: string): void {
    this.faults.push({ code, at, message })
  }
}

function problemOf(value: unknown): Pick<MessageFault, 'code' | 'message'> | undefined {
  if (typeof value === 'string') {
    return value.length <= TEXT_MAX
      ? undefined
      : { code: 'value_too_long', message: `a text has at most ${TEXT_MAX} characters` }
  }
  if (!Array.isArray(value)) return undefined
  if (!value.every((each) => typeof each === 'string'))
    return { code: 'value_unsupported', message: 'a list may hold text only' }
  return value.length <= LIST_MAX && value.every((each) => each.length <= LIST_MAX)
    ? undefined
    : { code: 'value_too_long', message: `a list has at most ${LIST_MAX} texts of ${LIST_MAX} characters` }
}

/** Few names come again and again. */
const known = new Map<string, string>()
const KNOWN_MAX = 10_000

/**
 * The name that a definition would use: `jobTitle`, `Job Title` and `job-title` are `job_title`, `address.city` is
 * `address_city`. Names that no definition could use anyway are kept as they are.
 */
export function attributeName(path: string): string {
  const found = known.get(path)
  if (found !== undefined) return found
  const name = /^[a-z][\w .-]*$/i.test(path) ? snakeCase(path) : path
  if (known.size >= KNOWN_MAX) known.clear()
  known.set(path, name)
  return name
}

const snakeCase = (text: string): string =>
  text
    .replaceAll(/([a-z\d])([A-Z])/g, '$1_$2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .replaceAll(/[\s._-]+/g, '_')
    .replace(/_$/, '')
    .toLowerCase()
