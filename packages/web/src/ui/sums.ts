/** An explanation as sums that somebody can check with a pencil. */
import type { Reply } from '../app/api.ts'

type Explanation = Reply<'leads', 'explainLead'>

type Contribution = Explanation['contributions'][number]

export interface Line extends Contribution {
  readonly key: string
  /** As it is shown: tenths of a point, as a whole number. */
  readonly tenths: number
  /** What it was before it faded or was limited, where it faded. */
  readonly fullTenths: number | undefined
}

export interface GroupSum {
  readonly name: string
  /** What gives or takes points, or would if it were known. */
  readonly lines: readonly Line[]
  /** What the group's limits and weight make of them. */
  readonly adjustments: readonly Line[]
  /** Criteria that do not apply. */
  readonly idle: readonly Line[]
  readonly tenths: number
}

export interface ScoreSum {
  readonly name: string
  readonly groups: readonly GroupSum[]
  /** What the score's range cuts off. */
  readonly limits: readonly Line[]
  readonly tenths: number
  /** The largest amount of any line: the scale of their bars. */
  readonly scale: number
}

export function sumsOf({ contributions }: Pick<Explanation, 'contributions'>): readonly ScoreSum[] {
  const byScore = Map.groupBy(contributions, ({ score }) => score)
  return [...byScore].map(([name, all]) => {
    const lines = inTenths(all)
    const byGroup = Map.groupBy(lines, ({ group }) => group)
    const limits = byGroup.get('') ?? []
    byGroup.delete('')
    return {
      name,
      groups: [...byGroup].map(([group, of]) => groupSum(group, of)),
      limits,
      tenths: sum(lines),
      scale: Math.max(
        1,
        ...lines.map(({ tenths, fullTenths = 0 }) => Math.max(Math.abs(tenths), Math.abs(fullTenths))),
      ),
    }
  })
}

function groupSum(name: string, all: readonly Line[]): GroupSum {
  const { own = [], adjustment = [], idle = [] } = Object.groupBy(all, kindOf)
  return { name, lines: own, adjustments: adjustment, idle, tenths: sum(all) }
}

function kindOf({ criterion, outcome, points }: Contribution): 'own' | 'adjustment' | 'idle' {
  if (criterion === undefined) return 'adjustment'
  return points === 0 && outcome !== 'unknown' && outcome !== 'capped' ? 'idle' : 'own'
}

const sum = (lines: readonly Line[]) => lines.reduce((total, { tenths }) => total + tenths, 0)

/** Rounded so that the lines so far add up to their rounded sum: what is shown adds up, and no line is off by more than a tenth. */
function inTenths(all: readonly Contribution[]): Line[] {
  let exact = 0
  let shown = 0
  return all.map((line, index) => {
    exact += line.points
    // Points are millionths: what floating point adds to them is far below.
    const rounded = Math.round(Number((exact * 10).toFixed(5)))
    const tenths = rounded - shown
    shown = rounded
    return { ...line, tenths, key: `${line.group}/${line.criterion ?? index}`, fullTenths: fullOf(line) }
  })
}

const fullOf = ({ phrase: { args } }: Contribution): number | undefined =>
  'full' in args ? Math.round(args.full * 10) : undefined
