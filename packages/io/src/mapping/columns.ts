import { nearest } from '@winnow/engine'
import { InputError } from '../refusal.ts'

/** Names that people take for equal: case, blanks and punctuation do not matter. Look-alike letters do. */
export const foldName = (name: string): string =>
  name
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[\s_.\-–/]+/g, '')

/** The columns of a file by name, and which of them were asked for. */
export class Columns {
  readonly names: readonly string[]
  private readonly at: string | undefined
  private readonly exact = new Map<string, number[]>()
  private readonly folded = new Map<string, number[]>()
  private readonly used = new Set<number>()

  constructor(names: readonly string[], file: string | undefined) {
    this.names = names
    this.at = file
    names.forEach((name, index) => {
      append(this.exact, name, index)
      append(this.folded, foldName(name), index)
    })
  }

  /**
   * Index of the column that is meant.
   * @throws InputError `column_unknown`, `column_ambiguous`
   */
  require(name: string): number {
    const index = this.find(name)
    if (index !== undefined) return index
    const near = nearest(name, this.names)
    const hint =
      near === undefined ? `The file has: ${this.names.slice(0, 30).join(', ')}` : `Did you mean \`${near}\`?`
    throw new InputError('column_unknown', `there is no column \`${name}\``, { at: this.at, hint })
  }

  /** @throws InputError `column_ambiguous` when several columns could be meant */
  find(name: string): number | undefined {
    const indexes = this.exact.get(name) ?? (foldName(name) === '' ? undefined : this.folded.get(foldName(name)))
    if (indexes === undefined) return undefined
    if (indexes.length > 1) {
      throw new InputError('column_ambiguous', `${indexes.length} columns are called \`${name}\``, { at: this.at })
    }
    this.used.add(indexes[0]!)
    return indexes[0]
  }

  /**
   * Name of the column that is called so, give or take case and blanks.
   * @throws InputError `column_ambiguous`: where nobody chose, an exact name is not enough to choose by
   */
  alike(name: string): string | undefined {
    const indexes = this.folded.get(foldName(name)) ?? []
    if (indexes.length <= 1) return indexes.length === 0 ? undefined : this.names[indexes[0]!]
    throw new InputError('column_ambiguous', `${indexes.length} columns are called \`${name}\``, { at: this.at })
  }

  unused(): string[] {
    return this.names.filter((_, index) => !this.used.has(index))
  }

  usedIndexes(): number[] {
    return [...this.used].sort((a, b) => a - b)
  }
}

function append(map: Map<string, number[]>, key: string, index: number): void {
  const list = map.get(key)
  if (list) list.push(index)
  else map.set(key, [index])
}
