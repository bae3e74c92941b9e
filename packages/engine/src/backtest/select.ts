/** Traces of some of the leads: colleagues are replayed because they count for others, and are nobody's who was asked for. */
import type { Snapshots, Traces, VersionTrace } from './traces.ts'

type Column = Float64Array | Uint32Array | Uint16Array | Uint8Array

/** Places of leads, or of rows, that stay; rising. */
type Places = Uint32Array

export function selectTraces(traces: Traces, isAsked: (lead: string) => boolean): Traces {
  const places = placesWhere(traces.leads.length, (place) => isAsked(traces.leads[place]))
  const { outcomes } = traces
  const decided = entriesOf(outcomes.offsets, places)
  return {
    ...traces,
    leads: Array.from(places, (place) => traces.leads[place]),
    firstAt: taken(traces.firstAt, places),
    firstWeek: taken(traces.firstWeek, places),
    outcomes: {
      offsets: offsetsOf(outcomes.offsets, places),
      at: taken(outcomes.at, decided),
      kind: taken(outcomes.kind, decided),
      amount: taken(outcomes.amount, decided),
    },
    versions: traces.versions.map((version) => selectVersion(version, places)),
  }
}

function selectVersion(version: VersionTrace, places: Places): VersionTrace {
  const { about, changes, weeks } = version
  const changed = entriesOf(changes.offsets, places)
  const weekly = entriesOf(weeks.offsets, places)
  return {
    about,
    changes: {
      offsets: offsetsOf(changes.offsets, places),
      at: taken(changes.at, changed),
      node: taken(changes.node, changed),
      to: taken(changes.to, changed),
    },
    handoverAt: taken(version.handoverAt, places),
    atHandover: selectSnapshots(version.atHandover, places, about),
    atWin: selectSnapshots(version.atWin, places, about),
    reaches: version.reaches.map((reach) => {
      const reached = entriesOf(reach.offsets, places)
      return {
        before: taken(reach.before, places),
        offsets: offsetsOf(reach.offsets, places),
        at: taken(reach.at, reached),
        low: taken(reach.low, reached),
        high: taken(reach.high, reached),
      }
    }),
    weeks: {
      offsets: offsetsOf(weeks.offsets, places),
      points: weeks.points.map((points) => taken(points, weekly)),
    },
    splits: version.splits.map((split) => ({ ...split, codes: taken(split.codes, places) })),
  }
}

function selectSnapshots(
  { lead, at, points, levels, expected }: Snapshots,
  places: Places,
  { scores, categories }: VersionTrace['about'],
): Snapshots {
  const placeOf = new Map(Array.from(places, (old, place) => [old, place]))
  const rows = placesWhere(lead.length, (row) => placeOf.has(lead[row]))
  return {
    lead: taken(lead, rows).map((old) => placeOf.get(old)!),
    at: taken(at, rows),
    points: taken(points, rows, scores.length),
    levels: taken(levels, rows, categories.length),
    expected: taken(expected, rows),
  }
}

// --- Columns ---------------------------------------------------------------------------------------------------------

function placesWhere(count: number, is: (place: number) => boolean): Places {
  const places = new Uint32Array(count)
  let length = 0
  for (let place = 0; place < count; place++) if (is(place)) places[length++] = place
  return places.slice(0, length)
}

/** Rows of so many values each. */
function taken<T extends Column>(column: T, rows: Places, width = 1): T {
  const some = new (column.constructor as new (length: number) => T)(rows.length * width)
  let end = 0
  for (const row of rows) for (let place = 0; place < width; place++) some[end++] = column[row * width + place]
  return some
}

function offsetsOf(offsets: Uint32Array, places: Places): Uint32Array {
  const own = new Uint32Array(places.length + 1)
  for (const [index, place] of places.entries()) own[index + 1] = own[index] + offsets[place + 1] - offsets[place]
  return own
}

/** The places of all entries of these leads. */
function entriesOf(offsets: Uint32Array, places: Places): Places {
  const entries = new Uint32Array(places.reduce((sum, place) => sum + offsets[place + 1] - offsets[place], 0))
  let end = 0
  for (const place of places)
    for (let entry = offsets[place]; entry < offsets[place + 1]; entry++) entries[end++] = entry
  return entries
}
