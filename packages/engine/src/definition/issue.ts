/** Steps from the root of a document to the place that an issue is about. */
export type Path = readonly (string | number)[]

export interface Issue {
  readonly severity: 'error' | 'warning'
  readonly code: string
  readonly path: Path
  readonly message: string
  /** What to do, where we can say: a spelling, a range, a construct. */
  readonly hint?: string
  /** The key at the end of the path is meant, not its value. */
  readonly about?: 'key'
  /** 1-based place in the text, where the definition was read from text. */
  readonly line?: number
  readonly column?: number
}

/** How the place of an issue can be made well-shaped without cutting out what surrounds it. */
export interface Repair {
  readonly path: Path
  readonly value: unknown
}

export type Report = (issue: Issue, repair?: Repair) => void

/** `scores.fit.groups.company.criteria[0].points` */
export function formatPath(path: Path): string {
  return path.map((step, at) => (typeof step === 'number' ? `[${step}]` : at === 0 ? step : `.${step}`)).join('')
}

/** "did you mean" for a name that isn't there: the nearest of `known` within a third of its length, if any. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  let best: string | undefined
  // A single letter resembles nothing: changing it would change everything.
  let bestDistance = name.length < 2 ? 0 : Math.max(1, Math.floor(name.length / 3)) + 1
  for (const candidate of known) {
    if (Math.abs(candidate.length - name.length) >= bestDistance) continue
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase())
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const substitution = last[column - 1] + (a[row - 1] === b[column - 1] ? 0 : 1)
      let best = Math.min(last[column] + 1, current[column - 1] + 1, substitution)
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        best = Math.min(best, beforeLast[column - 2] + 1)
      }
      current.push(best)
    }
    beforeLast = last
    last = current
  }
  return last[b.length]
}
