/** Two people changed one text: line by line, what each of them did to the text that both began with. */

export type Hunk =
  | { readonly kind: 'same'; readonly lines: readonly string[] }
  /** Only one of them changed it, or both alike: there is nothing to decide. */
  | { readonly kind: 'settled'; readonly lines: readonly string[]; readonly by: 'yours' | 'theirs' | 'both' }
  | {
      readonly kind: 'conflict'
      readonly base: readonly string[]
      readonly yours: readonly string[]
      readonly theirs: readonly string[]
    }
export type Choice = 'yours' | 'theirs' | 'both'

const linesOf = (text: string): string[] => text.split('\n')

/** What became of `base`, in order. Joined, the hunks hold every line of both. */
export function mergeTexts(base: string, yours: string, theirs: string): readonly Hunk[] {
  const [from, mine, other] = [linesOf(base), linesOf(yours), linesOf(theirs)]
  const toMine = pairing(from, mine)
  const toOther = pairing(from, other)
  const hunks: Hunk[] = []
  let [b, m, o] = [0, 0, 0]
  while (b < from.length || m < mine.length || o < other.length) {
    if (b < from.length && toMine[b] === m && toOther[b] === o) {
      const start = b
      while (b < from.length && toMine[b] === m && toOther[b] === o) [b, m, o] = [b + 1, m + 1, o + 1]
      hunks.push({ kind: 'same', lines: from.slice(start, b) })
      continue
    }
    // Up to the next line that all three have.
    let end = b
    while (end < from.length && !(toMine[end]! >= m && toOther[end]! >= o)) end += 1
    const [mineEnd, otherEnd] = end < from.length ? [toMine[end]!, toOther[end]!] : [mine.length, other.length]
    hunks.push(hunkOf(from.slice(b, end), mine.slice(m, mineEnd), other.slice(o, otherEnd)))
    ;[b, m, o] = [end, mineEnd, otherEnd]
  }
  return hunks
}

function hunkOf(base: readonly string[], yours: readonly string[], theirs: readonly string[]): Hunk {
  if (alike(yours, theirs)) return { kind: 'settled', lines: yours, by: 'both' }
  if (alike(base, theirs)) return { kind: 'settled', lines: yours, by: 'yours' }
  if (alike(base, yours)) return { kind: 'settled', lines: theirs, by: 'theirs' }
  return { kind: 'conflict', base, yours, theirs }
}

const alike = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((line, at) => line === b[at])

/** The text that the choices come to, one for each conflict in order. */
export function joinHunks(hunks: readonly Hunk[], choices: readonly Choice[]): string {
  let conflict = 0
  return hunks
    .flatMap((hunk) => {
      if (hunk.kind !== 'conflict') return hunk.lines
      const choice = choices[conflict++]!
      return choice === 'both' ? [...hunk.theirs, ...hunk.yours] : hunk[choice]
    })
    .join('\n')
}

/** For each line of `a`, the line of `b` that it is, or −1: the longest common subsequence. */
function pairing(a: readonly string[], b: readonly string[]): Int32Array {
  const pairs = new Int32Array(a.length).fill(-1)
  let head = 0
  while (head < a.length && head < b.length && a[head] === b[head]) pairs[head] = head++
  let [endA, endB] = [a.length, b.length]
  while (endA > head && endB > head && a[endA - 1] === b[endB - 1]) pairs[--endA] = --endB
  const [rows, columns] = [endA - head, endB - head]
  // Texts of ten thousand changed lines are taken as wholly changed rather than compared line by line.
  if (rows * columns > 20_000_000) return pairs
  const width = columns + 1
  const lengths = new Uint16Array((rows + 1) * width)
  for (let row = rows - 1; row >= 0; row--) {
    for (let column = columns - 1; column >= 0; column--) {
      lengths[row * width + column] =
        a[head + row] === b[head + column]
          ? lengths[(row + 1) * width + column + 1]! + 1
          : Math.max(lengths[(row + 1) * width + column]!, lengths[row * width + column + 1]!)
    }
  }
  for (let row = 0, column = 0; row < rows && column < columns;) {
    if (a[head + row] === b[head + column]) pairs[head + row++] = head + column++
    else if (lengths[(row + 1) * width + column]! >= lengths[row * width + column + 1]!) row += 1
    else column += 1
  }
  return pairs
}
