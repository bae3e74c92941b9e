/** What a team's share of the replayed weeks comes to for each of its people. */
import { bootstrapMean, capacityInWeek, meanCapacity } from './gate.ts'
import type { Reading } from './reading.ts'
import type { LoadLine } from './result.ts'
import type { VersionAbout } from './traces.ts'

/**
 * A line for each stage that the definition says a capacity of for a team whose people were counted. A team without any is taken to get
 * what is handed over, without a limit.
 * @param entriesOf  leads that entered a stage, by whole week
 */
export function loadLines(reading: Reading, entriesOf: (stage: string) => readonly number[]): readonly LoadLine[] {
  const { about, options } = reading
  return Object.entries(options.reps ?? {}).flatMap(([team, reps]) => {
    if (reps <= 0) return []
    const limits = about.capacity.filter((limit) => limit.team === team)
    if (limits.length > 0)
      return limits.map((limit) => lineOf(reading, { team, stage: limit.stage, reps, limit, entriesOf }))
    const stage = about.handover
    return stage === null ? [] : [lineOf(reading, { team, stage, reps, limit: undefined, entriesOf })]
  })
}

interface Wanted {
  readonly team: string
  readonly stage: string
  readonly reps: number
  readonly limit: VersionAbout['capacity'][number] | undefined
  readonly entriesOf: (stage: string) => readonly number[]
}

function lineOf({ weeks: begins, options }: Reading, { team, stage, reps, limit, entriesOf }: Wanted): LoadLine {
  const entries = entriesOf(stage)
  const each = (count: number) => count / reps
  const { value, low, high, count } = bootstrapMean(entries, options)
  const weeks = begins.map((begin, week) => ({
    begin,
    perRep: each(entries[week] ?? 0),
    capacity: limit === undefined ? null : each(capacityInWeek(limit, begin, options)),
  }))
  return {
    team,
    stage,
    reps,
    perRep: {
      value: value === null ? null : each(value),
      low: low === null ? null : each(low),
      high: high === null ? null : each(high),
      count,
    },
    capacity: limit === undefined ? null : each(meanCapacity(limit, begins, options)),
    weeks,
    weeksOver: weeks.filter(({ perRep, capacity }) => capacity !== null && perRep > capacity).length,
  }
}
