/** What a backtest says first, before anybody has to read a chart. Pure. */
import type { BacktestResult, Comparison, Estimate, GateLine, VersionResult } from '@winnow/engine'

export interface HeadlineVersion {
  readonly index: number
  readonly name: string
  /** Of what was won, the share that sales had in front of it before. */
  readonly recall: Estimate
  readonly precision: Estimate
  readonly perWeek: number | null
  readonly gate: GateLine | undefined
}

export interface Headline {
  /** The one that is spoken of: the last that was chosen. */
  readonly main: HeadlineVersion
  readonly others: readonly HeadlineVersion[]
  /** How many a week the team that gets them can take. */
  readonly capacity: number | null
  readonly verdict: Verdict | undefined
}

/** What can be said of two versions, of what was won and of what came of those handed over. */
export interface Verdict {
  readonly kind: 'better' | 'worse' | 'mixed' | 'unclear'
  readonly recall: Estimate | undefined
  readonly precision: Estimate | undefined
}

export function headlineOf(result: BacktestResult): Headline | undefined {
  const all = result.versions.map(headlineVersion)
  const main = all.at(-1)
  if (main === undefined) return undefined
  const comparison = result.comparisons.find(({ version }) => version === main.name) ?? result.comparisons.at(-1)
  return {
    main,
    others: all.slice(0, -1),
    capacity: main.gate?.capacity ?? null,
    verdict: comparison && verdictOf(comparison),
  }
}

function headlineVersion(version: VersionResult, index: number): HeadlineVersion {
  const gate = gateOf(version)
  const { name, recall, precision } = version
  return { index, name, recall, precision, gate, perWeek: gate?.expected.value ?? meanPerWeek(version) }
}

/** The line of the gate for the stage at which sales is handed a lead. */
export const gateOf = ({ gate, handover }: VersionResult): GateLine | undefined =>
  gate.find(({ stage }) => stage === handover)

export function meanPerWeek({ weeks }: VersionResult): number | null {
  if (weeks.length === 0) return null
  return weeks.reduce((sum, { handedOver }) => sum + handedOver, 0) / weeks.length
}

export function verdictOf({ differences }: Comparison): Verdict {
  const of = (figure: string) => differences.find((each) => each.figure === figure)
  const said = ['recall', 'precision', 'revenueAtCapacity', 'winsAtCapacity'].map((figure) => of(figure)?.verdict)
  const isBetter = said.includes('better')
  const isWorse = said.includes('worse')
  const kind = isBetter && isWorse ? 'mixed' : isBetter ? 'better' : isWorse ? 'worse' : 'unclear'
  return { kind, recall: of('recall')?.difference, precision: of('precision')?.difference }
}
