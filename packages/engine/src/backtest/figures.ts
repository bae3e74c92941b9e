/** Who is behind a number: the same visits that count it. */
import { Capture } from './captured.ts'
import { eachMove } from './compare.ts'
import { falseAlarmLeads, missedLeads, readingsOf } from './measure.ts'
import type { Reading } from './reading.ts'
import type { BacktestOptions, Figure } from './result.ts'
import type { Traces } from './traces.ts'

/**
 * The leads behind a figure, in the order of the traces.
 * @param options  those with which the figure was measured
 * @returns nobody where a figure names what no version has
 */
export function leadsBehind(traces: Traces, options: BacktestOptions, figure: Figure): string[] {
  const readings = readingsOf(traces, options)
  const reading = readings[figure.version]
  if (reading === undefined) return []
  const found = placesBehind(readings, reading, figure)
  return [...new Set(found)].sort((a, b) => a - b).map((lead) => traces.leads[lead])
}

function placesBehind(readings: readonly Reading[], reading: Reading, figure: Figure): number[] {
  switch (figure.kind) {
    case 'stage':
      return entriesBehind(reading, { ...figure, category: 'stage', level: figure.stage })
    case 'level':
      return entriesBehind(reading, figure)
    case 'handover':
      return handoversBehind(reading, figure)
    case 'wins':
      return winsBehind(reading, figure)
    case 'band':
      return bandBehind(reading, figure)
    case 'threshold':
      return thresholdBehind(reading, figure)
    case 'captured':
      return new Capture(reading).takenWinners(figure.perWeek)
    case 'returning':
      return returningBehind(reading)
    case 'split':
      return splitBehind(reading, figure)
    case 'migration':
      return movesBehind(readings, reading, figure)
    case 'missed':
      return missedLeads(reading)
    case 'falseAlarms':
      return falseAlarmLeads(reading)
  }
}

type Of<Kind extends Figure['kind']> = Extract<Figure, { readonly kind: Kind }>

function entriesBehind(
  reading: Reading,
  { category, level, week, outcome }: Omit<Of<'level'>, 'kind' | 'version'>,
): number[] {
  const wanted = reading.placeOf(category, level)
  const found: number[] = []
  if (wanted === undefined) return found
  if (week !== undefined) {
    const place = reading.weeks.indexOf(week)
    reading.eachWeekEntry((lead, entry) => {
      if (entry.week === place && entry.node === wanted.node && entry.place === wanted.place) found.push(lead)
    })
    return found
  }
  reading.eachEntry(wanted.node, wanted.place, (lead, at) => {
    if (hasOutcome(reading, lead, at, outcome)) found.push(lead)
  })
  return found
}

function hasOutcome({ truth }: Reading, lead: number, at: number, outcome: Of<'level'>['outcome']): boolean {
  return outcome === undefined || (truth.isFollowed(lead, at) && truth.hasOutcome(lead, at, outcome))
}

function handoversBehind(reading: Reading, { week, outcome }: Of<'handover'>): number[] {
  const found: number[] = []
  reading.eachHandover((lead, at) => {
    if (week !== undefined && reading.weeks[reading.weekOf(at)] !== week) return
    if (hasOutcome(reading, lead, at, outcome)) found.push(lead)
  })
  return found
}

function winsBehind(reading: Reading, { handedOver, week }: Of<'wins'>): number[] {
  const { truth } = reading
  const found: number[] = []
  for (let lead = 0; lead < reading.count; lead++) {
    if (!truth.isWin(lead)) continue
    if (handedOver !== undefined && reading.isSeenComing(lead) !== handedOver) continue
    if (week !== undefined && reading.weeks[reading.weekOf(truth.wonAt[lead])] !== week) continue
    found.push(lead)
  }
  return found
}

function bandBehind(reading: Reading, { score, from, to, outcome }: Of<'band'>): number[] {
  const found: number[] = []
  const index = reading.about.scores.findIndex(({ name }) => name === score)
  if (index < 0) return found
  reading.eachBand(index, [reading.bandOf(index, from, to)], (lead, _, { won }) => {
    if (outcome === undefined || (outcome === 'won' && won > 0)) found.push(lead)
  })
  return found
}

function thresholdBehind(reading: Reading, { score, at: threshold, outcome }: Of<'threshold'>): number[] {
  const found: number[] = []
  const index = reading.about.scores.findIndex(({ name }) => name === score)
  if (index < 0) return found
  reading.eachReach(index, threshold, (lead, at) => {
    if (hasOutcome(reading, lead, at, outcome)) found.push(lead)
  })
  return found
}

function returningBehind(reading: Reading): number[] {
  const found: number[] = []
  reading.flapping((lead, _, isReturning) => {
    if (isReturning) found.push(lead)
  })
  return found
}

function splitBehind({ trace, count }: Reading, { attribute, value }: Of<'split'>): number[] {
  const split = trace.splits.find((each) => each.attribute === attribute)
  const code = split?.values.indexOf(value) ?? -1
  const found: number[] = []
  for (let lead = 0; lead < count; lead++) if (code >= 0 && split!.codes[lead] === code) found.push(lead)
  return found
}

function movesBehind([first]: readonly Reading[], reading: Reading, { category, from, to }: Of<'migration'>): number[] {
  const found: number[] = []
  if (first === undefined || !first.hasNode(category) || !reading.hasNode(category)) return found
  eachMove(first, reading, category, (lead, one, other) => {
    if (one === from && other === to) found.push(lead)
  })
  return found
}
