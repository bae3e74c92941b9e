/**
 * How many different names a source may use. A program that puts ids into the names of events would fill lists, indexes and
 * memory without end.
 */
import type { Instant } from '@winnow/engine'
import type { Uses } from './decode.ts'
import type { CaptureStore, NameKind, UsedName } from './store.ts'

/** How long a source that has used up its names is not asked about again: others may have made room. */
const BELIEVED_MS = 60_000

interface Known {
  readonly event: Set<string>
  readonly property: Set<string>
  readonly trait: Set<string>
  readAt: Instant
}

export type NamesMax = Readonly<Record<NameKind, number>>

export class NameLimits {
  private readonly store: CaptureStore
  private readonly bySource = new Map<string, Known>()

  constructor(store: CaptureStore) {
    this.store = store
  }

  /**
   * Takes note of names that are new.
   * @returns for each of `uses` the name that it may not use, or undefined
   */
  async admit(
    sourceId: string,
    uses: readonly Uses[],
    max: NamesMax,
    now: Instant,
  ): Promise<readonly (UsedName | undefined)[]> {
    const known = this.bySource.get(sourceId) ?? this.open(sourceId)
    const fresh = uses.flatMap((each) => unknownNames(known, each))
    if (fresh.length === 0) return uses.map(() => undefined)
    const isWorthAsking = fresh.some(({ kind }) => known[kind].size < max[kind]) || now - known.readAt >= BELIEVED_MS
    if (isWorthAsking) await this.add(sourceId, known, fresh, max, now)
    return uses.map((each) => unknownNames(known, each)[0])
  }

  private open(sourceId: string): Known {
    const known: Known = { event: new Set(), property: new Set(), trait: new Set(), readAt: -Infinity }
    this.bySource.set(sourceId, known)
    return known
  }

  private async add(sourceId: string, known: Known, names: UsedName[], max: NamesMax, now: Instant): Promise<void> {
    const all = await this.store.addNames(sourceId, names, max, now)
    for (const { kind, name } of all) known[kind].add(name)
    known.readAt = now
  }
}

function unknownNames(known: Known, uses: Uses): UsedName[] {
  const found: UsedName[] = []
  if (uses.event !== undefined && !known.event.has(uses.event)) found.push({ kind: 'event', name: uses.event })
  for (const name of uses.properties) if (!known.property.has(name)) found.push({ kind: 'property', name })
  for (const name of uses.traits) if (!known.trait.has(name)) found.push({ kind: 'trait', name })
  return found
}
