/** Parts that several charts of a report have. */
import type { ChartColors, ChartOption } from '../../ui/chart.tsx'
import { tooltipStyle } from '../../ui/chart-tip.ts'

export const axisStyle = ({ soft, line }: ChartColors) => ({
  axisLabel: { color: soft, fontSize: 11, hideOverlap: true },
  axisLine: { lineStyle: { color: line } },
  axisTick: { show: false },
  nameTextStyle: { color: soft, fontSize: 11 },
})
export const gridLines = ({ line }: ChartColors) => ({ splitLine: { lineStyle: { color: line } } })

/** What is said of the column under the pointer. */
export const columnTip = (colors: ChartColors, said: (index: number) => HTMLElement) => ({
  ...tooltipStyle(colors),
  trigger: 'axis' as const,
  formatter: (given: unknown) => {
    const [{ dataIndex } = { dataIndex: 0 }] = [given].flat() as { dataIndex: number }[]
    return said(dataIndex)
  },
})

export const columnShadow = ({ line }: ChartColors) => ({
  type: 'shadow' as const,
  shadowStyle: { color: line, opacity: 0.35 },
})

type Series = NonNullable<Extract<ChartOption['series'], readonly unknown[]>>[number]

/** What is not known about each point, as a line with ends. @param ends  place on the x axis, low, high */
export const whiskers = (
  ends: readonly (readonly [at: number, low: number, high: number])[],
  color: string,
): Series => ({
  type: 'custom',
  silent: true,
  z: 3,
  data: ends.map((each) => [...each]),
  encode: { x: 0, y: [1, 2] },
  renderItem: (_, api) => {
    const [x, low] = api.coord([api.value(0), api.value(1)]) as [number, number]
    const [, high] = api.coord([api.value(0), api.value(2)]) as [number, number]
    const style = { stroke: color, lineWidth: 1.5 }
    const line = (x1: number, y1: number, x2: number, y2: number) => ({
      type: 'line' as const,
      shape: { x1, y1, x2, y2 },
      style,
    })
    return {
      type: 'group',
      children: [line(x, low, x, high), line(x - 4, low, x + 4, low), line(x - 4, high, x + 4, high)],
    }
  },
})

/** A paler ribbon between two lines. */
export const ribbon = (
  name: string,
  points: readonly (readonly [x: number, low: number, high: number])[],
  color: string,
): Series[] => {
  const shared = {
    type: 'line' as const,
    stack: name,
    stackStrategy: 'all' as const,
    silent: true,
    symbol: 'none',
    lineStyle: { opacity: 0 },
    color,
    tooltip: { show: false },
  }
  return [
    { ...shared, data: points.map(([x, low]) => [x, low]) },
    { ...shared, data: points.map(([x, low, high]) => [x, high - low]), areaStyle: { color, opacity: 0.14 } },
  ]
}

/** Where a chart is marked: a line with a word. */
export const markAt = (
  colors: ChartColors,
  data: readonly {
    readonly xAxis?: number
    readonly yAxis?: number
    readonly label: string
    readonly color?: string
  }[],
) => ({
  symbol: 'none',
  silent: true,
  animation: false,
  data: data.map(({ label, color = colors.text, ...place }) => ({
    ...place,
    lineStyle: { color, type: 'dashed' as const, width: 1.5 },
    label: {
      formatter: label,
      color,
      fontSize: 11,
      position: place.yAxis === undefined ? ('end' as const) : ('insideStartTop' as const),
      rotate: 0,
    },
  })),
})
