/** Whether people who judge the same things judge them alike, beyond what chance would do. */
import { deviationsAround } from './normal.ts'
import { wilson, type Interval } from './rates.ts'

export interface Agreement extends Interval {
  /** 1: always; 0: as often as chance would; below: less often. null where chance alone would always agree, or nothing was judged. */
  readonly kappa: number | null
  /** Share of pairs of judgements that were alike; null where there was none. */
  readonly observed: number | null
  /** What chance would come to. */
  readonly expected: number | null
  /** How many things were judged by two at least. */
  readonly subjects: number
}

const UNKNOWN = { kappa: null, observed: null, expected: null, low: -1, high: 1, subjects: 0 } as const

/** What two people said of one thing. */
export type Pair<Label extends string = string> = readonly [Label, Label]

/**
 * Cohen's κ of two raters (Cohen 1960): (observed − expected) / (1 − expected), `expected` from how often each of the two uses
 * each label. The interval is κ ± z times the large-sample standard error of Fleiss, Cohen & Everitt (1969). Where that is zero,
 * as with full agreement, it is the Wilson interval of the observed agreement on the scale of κ: ten of ten are no proof.
 */
export function cohensKappa(pairs: readonly Pair[], confidence = 0.95): Agreement {
  const subjects = pairs.length
  if (subjects === 0) return UNKNOWN
  const labels = [...new Set(pairs.flat())].sort()
  const first = new Map(labels.map((label) => [label, pairs.filter(([said]) => said === label).length / subjects]))
  const second = new Map(labels.map((label) => [label, pairs.filter(([, said]) => said === label).length / subjects]))
  const observed = pairs.filter(([a, b]) => a === b).length / subjects
  const expected = sum(labels.map((label) => first.get(label)! * second.get(label)!))
  const moments = pairs.map(([a, b]) => {
    const chance = second.get(a)! + first.get(b)!
    return (kappa: number) => ((a === b ? 1 : 0) - chance * (1 - kappa)) ** 2
  })
  return agreementOf({ observed, expected, subjects, confidence }, (kappa) => {
    const squares = sum(moments.map((of) => of(kappa))) / subjects
    return (squares - (kappa - expected * (1 - kappa)) ** 2) / (subjects * (1 - expected) ** 2)
  })
}

/**
 * Fleiss' κ of any number of raters (Fleiss 1971). Things that fewer than two judged are left out, and the others may have been
 * judged by different numbers of people (each counts as one thing; Gwet 2014). The interval is κ ± z times the large-sample
 * standard error of Gwet (2021), which holds for any κ, unlike that of 1979 for κ = 0; where it is zero, as in `cohensKappa`.
 * @param ratings  for each thing what each person said of it, in any order
 */
export function fleissKappa(ratings: readonly (readonly string[])[], confidence = 0.95): Agreement {
  const judged = ratings.filter((said) => said.length >= 2)
  const subjects = judged.length
  if (subjects === 0) return UNKNOWN
  const shares = judged.map(sharesOf)
  const labels = [...new Set(judged.flat())].sort()
  const use = new Map(labels.map((label) => [label, sum(shares.map((share) => share.get(label) ?? 0)) / subjects]))
  const expected = sum(labels.map((label) => use.get(label)! ** 2))
  const alike = judged.map((said, index) => {
    const [n, share] = [said.length, shares[index]]
    return (n * sum([...share.values()].map((part) => part * part)) - 1) / (n - 1)
  })
  const observed = sum(alike) / subjects
  const byChance = shares.map((share) => sum([...share].map(([label, part]) => part * use.get(label)!)))
  return agreementOf({ observed, expected, subjects, confidence }, (kappa) => {
    const deviations = alike.map((agreed, index) => {
      const own = (agreed - expected) / (1 - expected)
      return (own - (2 * (1 - kappa) * (byChance[index] - expected)) / (1 - expected) - kappa) ** 2
    })
    return subjects < 2 ? 0 : sum(deviations) / (subjects * (subjects - 1))
  })
}

function sharesOf(said: readonly string[]): Map<string, number> {
  const shares = new Map<string, number>()
  for (const label of said) shares.set(label, (shares.get(label) ?? 0) + 1 / said.length)
  return shares
}

interface Observed {
  readonly observed: number
  readonly expected: number
  readonly subjects: number
  readonly confidence: number
}

function agreementOf(
  { observed, expected, subjects, confidence }: Observed,
  varianceOf: (kappa: number) => number,
): Agreement {
  if (1 - expected < 1e-12) return { ...UNKNOWN, observed, expected, subjects }
  const onScale = (share: number) => (share - expected) / (1 - expected)
  const kappa = onScale(observed)
  const half = deviationsAround(confidence) * Math.sqrt(Math.max(0, varianceOf(kappa)))
  if (half > 1e-9)
    return { kappa, observed, expected, subjects, low: Math.max(-1, kappa - half), high: Math.min(1, kappa + half) }
  const share = wilson(observed * subjects, subjects, confidence)
  return {
    kappa,
    observed,
    expected,
    subjects,
    low: Math.max(-1, Math.min(kappa, onScale(share.low))),
    high: Math.min(1, Math.max(kappa, onScale(share.high))),
  }
}

export const AGREEMENT_BANDS = ['poor', 'slight', 'fair', 'moderate', 'substantial', 'almost_perfect'] as const
export type AgreementBand = (typeof AGREEMENT_BANDS)[number]

/** The words of Landis & Koch (1977): poor under 0, then a band for each 0.2, its upper end included. A habit, not a law. */
export function agreementBand(kappa: number): AgreementBand {
  if (kappa < 0) return 'poor'
  const step = Math.ceil(Math.round(kappa * 1e9) / 2e8)
  return AGREEMENT_BANDS[Math.min(5, Math.max(1, step))]
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)
