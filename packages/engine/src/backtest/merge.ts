/** Traces of several threads → one. */
import type { Snapshots, Split, Traces, VersionTrace } from './traces.ts'

/** @param parts  of the same versions and options, of different leads; at least one */
export function mergeTraces(parts: readonly Traces[]): Traces {
  const [first] = parts
  if (parts.length === 1) return first
  const outcomes = parts.map((part) => part.outcomes)
  return {
    options: first.options,
    leads: parts.flatMap(({ leads }) => leads),
    firstAt: joined(parts.map(({ firstAt }) => firstAt)),
    facts: parts.reduce((sum, { facts }) => sum + facts, 0),
    outcomes: {
      offsets: joinedOffsets(outcomes.map(({ offsets }) => offsets)),
      at: joined(outcomes.map(({ at }) => at)),
      kind: joined(outcomes.map(({ kind }) => kind)),
      amount: joined(outcomes.map(({ amount }) => amount)),
    },
    firstWeek: joined(parts.map(({ firstWeek }) => firstWeek)),
    versions: first.versions.map((_, version) => mergeVersions(parts, version)),
  }
}

function mergeVersions(parts: readonly Traces[], version: number): VersionTrace {
  const traces = parts.map(({ versions }) => versions[version])
  const [{ about, reaches, weeks, splits }] = traces
  const begins = beginsOf(parts)
  return {
    about,
    changes: {
      offsets: joinedOffsets(traces.map(({ changes }) => changes.offsets)),
      at: joined(traces.map(({ changes }) => changes.at)),
      node: joined(traces.map(({ changes }) => changes.node)),
      to: joined(traces.map(({ changes }) => changes.to)),
    },
    handoverAt: joined(traces.map(({ handoverAt }) => handoverAt)),
    atHandover: mergeSnapshots(
      traces.map(({ atHandover }) => atHandover),
      begins,
    ),
    atWin: mergeSnapshots(
      traces.map(({ atWin }) => atWin),
      begins,
    ),
    reaches: reaches.map((_, score) => ({
      before: joined(traces.map((each) => each.reaches[score].before)),
      offsets: joinedOffsets(traces.map((each) => each.reaches[score].offsets)),
      at: joined(traces.map((each) => each.reaches[score].at)),
      low: joined(traces.map((each) => each.reaches[score].low)),
      high: joined(traces.map((each) => each.reaches[score].high)),
    })),
    weeks: {
      offsets: joinedOffsets(traces.map((each) => each.weeks.offsets)),
      points: weeks.points.map((_, score) => joined(traces.map((each) => each.weeks.points[score]))),
    },
    splits: splits.map((_, split) => mergeSplits(traces.map((each) => each.splits[split]))),
  }
}

const beginsOf = (parts: readonly Traces[]): number[] => {
  let begin = 0
  return parts.map(({ leads }) => (begin += leads.length) - leads.length)
}

function mergeSnapshots(parts: readonly Snapshots[], begins: readonly number[]): Snapshots {
  return {
    lead: joined(parts.map(({ lead }, part) => lead.map((each) => each + begins[part]))),
    at: joined(parts.map(({ at }) => at)),
    points: joined(parts.map(({ points }) => points)),
    levels: joined(parts.map(({ levels }) => levels)),
    expected: joined(parts.map(({ expected }) => expected)),
  }
}

/** Each part has its own codes. */
function mergeSplits(parts: readonly Split[]): Split {
  const places = new Map<string | null, number>()
  const codes = parts.map((part) => {
    const own = part.values.map((value) => {
      const place = places.get(value) ?? places.size
      places.set(value, place)
      return place
    })
    return part.codes.map((code) => own[code])
  })
  return { attribute: parts[0].attribute, values: [...places.keys()], codes: joined(codes) }
}

type Numbers = Float64Array | Uint32Array | Uint16Array | Uint8Array

function joined<T extends Numbers>(parts: readonly T[]): T {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  const Kind = parts[0].constructor as new (length: number) => T
  const whole = new Kind(length)
  let begin = 0
  for (const part of parts) {
    whole.set(part, begin)
    begin += part.length
  }
  return whole
}

/** Offsets of lists that follow one another. */
function joinedOffsets(parts: readonly Uint32Array[]): Uint32Array {
  const whole = new Uint32Array(parts.reduce((sum, { length }) => sum + length - 1, 1))
  let place = 1
  let begin = 0
  for (const part of parts) {
    for (let index = 1; index < part.length; index++) whole[place++] = begin + part[index]
    begin += part[part.length - 1]
  }
  return whole
}
