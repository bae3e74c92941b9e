/** Charts of a backtest as SVG: few kinds, each read at a glance, black and white in print. */
import { htmlText, type Drawing, type VersionResult } from '@winnow/engine'

const WIDTH = 720
const HEIGHT = 220
const LEFT = 50
const BOTTOM = 26
const TOP = 18

interface Bar {
  readonly label: string
  readonly value: number | null
  readonly low?: number | null
  readonly high?: number | null
}

interface Chart {
  readonly says: string
  readonly bars: readonly Bar[]
  readonly text: (value: number) => string
  /** A line across, with what it stands for. */
  readonly bound?: { readonly at: number; readonly says: string }
}

const y = (value: number, most: number): number => HEIGHT - BOTTOM - (value / most) * (HEIGHT - BOTTOM - TOP)
const round = (value: number): string => value.toFixed(1)

function barChart({ says, bars, text, bound }: Chart): Drawing[] {
  const most = Math.max(...bars.map(({ value, high }) => Math.max(value ?? 0, high ?? 0)), bound?.at ?? 0)
  if (bars.length === 0 || !(most > 0)) return []
  const step = (WIDTH - LEFT) / bars.length
  const every = Math.ceil(bars.length / 13)
  const parts = bars.map(({ label, value, low, high }, index) => {
    const x = LEFT + step * index
    const middle = x + step / 2
    const top = y(value ?? 0, most)
    const bar = `<rect x="${round(x + step * 0.12)}" y="${round(top)}" width="${round(step * 0.76)}" height="${round(HEIGHT - BOTTOM - top)}" fill="var(--link)" fill-opacity=".55"/>`
    const isInterval = low !== null && low !== undefined && high !== null && high !== undefined && value !== null
    const whisker = isInterval
      ? `<path d="M${round(middle)} ${round(y(low, most))}V${round(y(high, most))}" stroke="var(--ink)" stroke-width="1.5"/>`
      : ''
    const name =
      index % every === 0
        ? `<text x="${round(middle)}" y="${HEIGHT - 8}" text-anchor="middle">${htmlText(label)}</text>`
        : ''
    return bar + whisker + name
  })
  const line =
    bound === undefined
      ? ''
      : `<path d="M${LEFT} ${round(y(bound.at, most))}H${WIDTH}" stroke="var(--ink)" stroke-dasharray="5 4"/><text x="${WIDTH}" y="${round(y(bound.at, most) - 4)}" text-anchor="end">${htmlText(bound.says)}</text>`
  return [{ kind: 'drawing', width: WIDTH, height: HEIGHT, says, svg: axis(most, text) + parts.join('') + line }]
}

const axis = (most: number, text: (value: number) => string): string =>
  [0, 0.5, 1]
    .map((share) => {
      const at = round(y(share * most, most))
      return `<path d="M${LEFT} ${at}H${WIDTH}" stroke="var(--line)"/><text x="${LEFT - 5}" y="${at}" dy="4" text-anchor="end">${htmlText(text(share * most))}</text>`
    })
    .join('')

const percent = (share: number) => `${Math.round(share * 1000) / 10} %`
const whole = (value: number) => String(Math.round(value * 10) / 10)
const dayOf = (at: number) => new Date(at).toISOString().slice(5, 10)

/** Handed over each week, against what sales can take. */
export function weeklyDrawing({ weeks, gate, handover }: VersionResult): Drawing[] {
  const capacity = gate.find(({ stage }) => stage === handover)
  return barChart({
    says: `Leads handed over each week${capacity ? ', and what sales can take' : ''}`,
    bars: weeks.map(({ begin, handedOver }) => ({ label: dayOf(begin), value: handedOver })),
    text: whole,
    ...(capacity && { bound: { at: capacity.capacity, says: 'capacity' } }),
  })
}

/** Won within the horizon by points, a chart a score. */
export const bandDrawings = ({ bands }: VersionResult): Drawing[] =>
  bands.flatMap(({ score, bands: each }) =>
    barChart({
      says: `Won within the horizon, by points of ${score}; the lines are intervals`,
      bars: each.map(({ from, to, won }) => ({ label: `${whole(from)}–${whole(to)}`, ...won })),
      text: percent,
    }),
  )

/** What is gained by taking the best so many a week. */
export const capturedDrawing = ({ captured }: VersionResult): Drawing[] =>
  barChart({
    says: 'Share of wins among those taken, if sales takes the best so many a week',
    bars: captured.map(({ perWeek, wins, isCapacity }) => ({ label: `${perWeek}${isCapacity ? ' *' : ''}`, ...wins })),
    text: percent,
  })

/** Wins found against leads looked at, best first. */
export function liftDrawing({ lift }: VersionResult): Drawing[] {
  if (lift.length < 2) return []
  const side = HEIGHT - BOTTOM - TOP
  const x = (share: number) => LEFT + share * side * 1.6
  const path = lift.map(({ leads, wins }, at) => `${at === 0 ? 'M' : 'L'}${round(x(leads))} ${round(y(wins, 1))}`)
  const svg = `${axis(1, percent)}<path d="M${x(0)} ${y(0, 1)}L${x(1)} ${y(1, 1)}" stroke="var(--soft)" stroke-dasharray="4 4"/><path d="${path.join('')}" fill="none" stroke="var(--link)" stroke-width="2"/><text x="${x(1)}" y="${HEIGHT - 8}" text-anchor="end">all leads</text>`
  const says = 'Share of wins found against share of leads, best first; the broken line is chance'
  return [{ kind: 'drawing', width: WIDTH, height: HEIGHT, says, svg }]
}
