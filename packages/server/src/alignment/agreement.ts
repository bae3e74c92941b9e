/** What a session comes to: from what was said, how far people agree with each other, the definition and the outcome. Pure. */
import { agreementBand, cohensKappa, fleissKappa, wilson, type Agreement, type Pair } from '@winnow/engine'

export type Team = 'marketing' | 'sales'
export type Side = 'all' | Team
const TEAMS = ['marketing', 'sales'] as const
const SIDES = ['all', ...TEAMS] as const

export interface Judgement {
  readonly level: string
  readonly wouldCall: boolean
}

export interface JudgedLead {
  readonly place: number
  /** What the definition said. */
  readonly level: string
  readonly isGood: boolean
  readonly ratings: readonly (Judgement & { readonly team: Team })[]
}

export interface AgreementShown {
  readonly kappa: number | null
  readonly low: number
  readonly high: number
  readonly band: ReturnType<typeof agreementBand> | null
  readonly observed: number | null
  readonly subjects: number
}

export interface Share {
  readonly successes: number
  readonly trials: number
  readonly rate: number | null
  readonly low: number
  readonly high: number
}

export interface SessionResult {
  readonly levels: Readonly<Record<Side | 'between', AgreementShown>>
  readonly calls: Readonly<Record<Side | 'between', AgreementShown>>
  readonly definition: readonly { readonly side: Side; readonly agreement: AgreementShown }[]
  readonly outcome: readonly {
    readonly side: Side
    readonly agreement: AgreementShown
    readonly called: Share
    readonly notCalled: Share
  }[]
  readonly definitionOutcome: readonly { readonly level: string; readonly good: Share }[]
}

/** @param levels  of the category, the best first */
export function resultOf(leads: readonly JudgedLead[], levels: readonly string[]): SessionResult {
  return {
    levels: agreementsOn(
      leads,
      ({ level }) => level,
      (said) => middleLevel(said, levels),
    ),
    calls: agreementsOn(leads, callWord, (said) => callWord({ wouldCall: mostWouldCall(said) })),
    definition: SIDES.map((side) => ({
      side,
      agreement: shown(
        cohensKappa(
          leads.flatMap((lead): Pair[] => {
            const said = saidBy(lead, side)
            return said.length === 0 ? [] : [[middleLevel(said, levels), lead.level]]
          }),
        ),
      ),
    })),
    outcome: SIDES.map((side) => withOutcome(leads, side)),
    definitionOutcome: levels.map((level) => ({
      level,
      good: shareGood(leads.filter((lead) => lead.level === level)),
    })),
  }
}

type Said = readonly Judgement[]

const saidBy = ({ ratings }: JudgedLead, side: Side): Said =>
  ratings.filter(({ team }) => side === 'all' || team === side)

const callWord = ({ wouldCall }: Pick<Judgement, 'wouldCall'>) => (wouldCall ? 'call' : 'leave')

/** Of everybody and within a team every judgement counts (Fleiss); between teams, the verdict of each (Cohen). */
function agreementsOn(
  leads: readonly JudgedLead[],
  word: (judgement: Judgement) => string,
  verdict: (said: Said) => string,
): SessionResult['levels'] {
  const of = (side: Side) => shown(fleissKappa(leads.map((lead) => saidBy(lead, side).map(word))))
  const pairs = leads.flatMap((lead): Pair[] => {
    const [ours, theirs] = [saidBy(lead, 'marketing'), saidBy(lead, 'sales')]
    return ours.length === 0 || theirs.length === 0 ? [] : [[verdict(ours), verdict(theirs)]]
  })
  return { all: of('all'), marketing: of('marketing'), sales: of('sales'), between: shown(cohensKappa(pairs)) }
}

/** The level in the middle of what was said; the lower of two. */
export function middleLevel(said: Said, levels: readonly string[]): string {
  const ranks = said.map(({ level }) => levels.indexOf(level)).sort((a, b) => a - b)
  return levels[ranks[ranks.length >> 1]!]!
}

/** More than half of them. */
export const mostWouldCall = (said: Said): boolean => said.filter(({ wouldCall }) => wouldCall).length * 2 > said.length

function withOutcome(leads: readonly JudgedLead[], side: Side): SessionResult['outcome'][number] {
  const judged = leads.filter((lead) => saidBy(lead, side).length > 0)
  const isCalled = (lead: JudgedLead) => mostWouldCall(saidBy(lead, side))
  return {
    side,
    agreement: shown(
      cohensKappa(judged.map((lead): Pair => [isCalled(lead) ? 'call' : 'leave', lead.isGood ? 'call' : 'leave'])),
    ),
    called: shareGood(judged.filter(isCalled)),
    notCalled: shareGood(judged.filter((lead) => !isCalled(lead))),
  }
}

function shareGood(leads: readonly JudgedLead[]): Share {
  const successes = leads.filter(({ isGood }) => isGood).length
  return { successes, trials: leads.length, ...wilson(successes, leads.length) }
}

const shown = ({ kappa, low, high, observed, subjects }: Agreement): AgreementShown => ({
  kappa,
  low,
  high,
  observed,
  subjects,
  band: kappa === null ? null : agreementBand(kappa),
})

/**
 * How far apart two people are about a lead on average, from 0 to 1: half of it the steps between their levels, half whether
 * they would call.
 */
export function disagreementOf({ ratings }: Pick<JudgedLead, 'ratings'>, levels: readonly string[]): number {
  let [apart, pairs] = [0, 0]
  for (const [index, one] of ratings.entries())
    for (const other of ratings.slice(index + 1)) {
      const steps = Math.abs(levels.indexOf(one.level) - levels.indexOf(other.level))
      apart += steps / Math.max(1, levels.length - 1) / 2 + (one.wouldCall === other.wouldCall ? 0 : 0.5)
      pairs += 1
    }
  return pairs === 0 ? 0 : apart / pairs
}
