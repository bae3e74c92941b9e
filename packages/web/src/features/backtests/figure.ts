/** The leads behind a number, as an address says it: what cannot be meant is nobody's. */
import type { Outcome } from '@winnow/engine'
import type { BacktestFigure } from '@winnow/contract'

const OUTCOMES = ['won', 'lost', 'accepted', 'rejected', 'disqualified'] as const satisfies readonly Outcome[]

type Given = Readonly<Record<string, unknown>>

const isIndex = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0
const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= 500
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)

/** What each kind needs besides its version. */
const NEEDED: Readonly<Record<BacktestFigure['kind'], Readonly<Record<string, (value: unknown) => boolean>>>> = {
  stage: { stage: isText },
  level: { category: isText, level: isText },
  handover: {},
  wins: {},
  band: { score: isText, from: isNumber, to: isNumber },
  threshold: { score: isText, at: isNumber },
  captured: { perWeek: isNumber },
  returning: {},
  split: { attribute: isText, value: (value) => value === null || isText(value) },
  migration: { category: isText, from: isText, to: isText },
  missed: {},
  falseAlarms: {},
}

const OPTIONAL: Readonly<Record<string, (value: unknown) => boolean>> = {
  week: isNumber,
  outcome: (value) => OUTCOMES.some((each) => each === value),
  handedOver: (value) => typeof value === 'boolean',
}

const MAY_HAVE: Readonly<Record<BacktestFigure['kind'], readonly string[]>> = {
  stage: ['week'],
  level: ['week', 'outcome'],
  handover: ['week', 'outcome'],
  wins: ['week', 'handedOver'],
  band: ['outcome'],
  threshold: ['outcome'],
  captured: [],
  returning: [],
  split: [],
  migration: [],
  missed: [],
  falseAlarms: [],
}

/** Reads what an address holds, which anybody may have written. */
export function readFigure(given: unknown): BacktestFigure | undefined {
  if (typeof given !== 'object' || given === null) return undefined
  const { kind, version, ...rest } = given as Given
  if (typeof kind !== 'string' || !Object.hasOwn(NEEDED, kind) || !isIndex(version)) return undefined
  const needed = Object.entries(NEEDED[kind as BacktestFigure['kind']])
  if (!needed.every(([name, isGood]) => isGood(rest[name]))) return undefined
  const optional = MAY_HAVE[kind as BacktestFigure['kind']].filter((name) => OPTIONAL[name]!(rest[name]))
  const kept = [...needed.map(([name]) => name), ...optional].map((name) => [name, rest[name]])
  return { kind, version, ...(Object.fromEntries(kept) as Given) } as BacktestFigure
}

/** As the server takes it: instants as text. */
export const writeFigure = (figure: BacktestFigure): string =>
  JSON.stringify(figure, (key, value: unknown) =>
    key === 'week' && typeof value === 'number' ? new Date(value).toISOString() : value,
  )
