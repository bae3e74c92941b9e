/** What a runner gives for a case, in the words of the cases, and how the two are held against each other. */
import { formatInstant, type Instant } from '@winnow/engine'
import type { ConformanceCase, Expected, ExpectedWorth } from './load.ts'

export interface Answer {
  readonly scores: Readonly<Record<string, number>>
  /** Points by criterion; one that earned nothing may be left out. */
  readonly points: Readonly<Record<string, number>>
  readonly levels: Readonly<Record<string, string>>
  readonly stage: string
  readonly personas: readonly string[]
  readonly transitions: readonly AnsweredTransition[]
  /** A runner that cannot tell leaves it out. */
  readonly nextChange?: Instant | null
  readonly value: ExpectedWorth | null
}

export interface AnsweredTransition {
  readonly at: Instant
  readonly name: string
  readonly from: string | null
  readonly to: string
}

/** Every runner is one of these. */
export type Runner = (each: ConformanceCase) => Answer

/** The answer cut down to what the case expects, so that a comparison shows the whole difference at once. */
export function answered(expect: Expected, answer: Answer): Expected {
  return {
    ...(expect.scores && { scores: only(expect.scores, answer.scores) }),
    ...(expect.points && { points: nearly(expect.points, only(expect.points, answer.points)) }),
    ...(expect.levels && { levels: only(expect.levels, answer.levels) }),
    ...(expect.stage === undefined ? {} : { stage: answer.stage }),
    ...(expect.personas && { personas: answer.personas }),
    ...(expect.transitions && { transitions: answer.transitions.map(written) }),
    ...(expect.value === undefined ? {} : { value: worth(answer.value) }),
    ...(expect.nextChange === undefined || answer.nextChange === undefined
      ? {}
      : { nextChange: answer.nextChange === null ? null : shortInstant(answer.nextChange) }),
  }
}

function only<T>(wanted: Readonly<Record<string, T>>, given: Readonly<Record<string, T>>): Record<string, T> {
  const nothing = 0 as T // a criterion that earned nothing need not be listed
  return Object.fromEntries(Object.keys(wanted).map((name) => [name, given[name] ?? nothing]))
}

/** The lines of an explanation are rounded so that they add up: each is within a millionth of what it stands for. */
const ROUNDING = 1.000001e-6

function nearly(wanted: Readonly<Record<string, number>>, given: Readonly<Record<string, number>>) {
  const points = Object.entries(given).map(([name, value]) => {
    const expected = wanted[name]!
    return [name, Math.abs(value - expected) <= ROUNDING ? expected : value]
  })
  return Object.fromEntries(points) as Record<string, number>
}

const written = ({ at, name, from, to }: AnsweredTransition) => ({ at: shortInstant(at), name, from, to })

/** Money is no threshold: it is compared to a millionth. */
const worth = (value: ExpectedWorth | null) =>
  value && {
    probability: value.probability,
    amount: value.amount,
    expected: Math.round(value.expected * 1e6) / 1e6,
  }

/** As the cases write it: without `.000`. */
const shortInstant = (instant: Instant) => formatInstant(instant).replace('.000Z', 'Z')
