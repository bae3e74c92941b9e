/** The one file that knows ECharts: only what is registered here can be drawn. */
import { BarChart, type BarSeriesOption, LineChart, type LineSeriesOption } from 'echarts/charts'
import { CustomChart, type CustomSeriesOption, ScatterChart, type ScatterSeriesOption } from 'echarts/charts'
import { SankeyChart, type SankeySeriesOption } from 'echarts/charts'
import { GraphicComponent, type GraphicComponentOption } from 'echarts/components'
import { GridComponent, type GridComponentOption } from 'echarts/components'
import { MarkAreaComponent, MarkLineComponent, MarkPointComponent } from 'echarts/components'
import { TooltipComponent, type TooltipComponentOption } from 'echarts/components'
import { type ComposeOption, init, type ECharts, use as register } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { useEffect, useRef } from 'react'

register([BarChart, LineChart, ScatterChart, CustomChart, SankeyChart, SVGRenderer])
register([GridComponent, TooltipComponent, GraphicComponent, MarkAreaComponent, MarkLineComponent, MarkPointComponent])

export type ChartOption = ComposeOption<
  | BarSeriesOption
  | LineSeriesOption
  | ScatterSeriesOption
  | CustomSeriesOption
  | SankeySeriesOption
  | GridComponentOption
  | TooltipComponentOption
  | GraphicComponentOption
>

export interface ChartPick {
  readonly series: string
  readonly index: number
  readonly name: string
  /** What was given as data. */
  readonly data: unknown
}

/** Nothing moves by itself; what is hovered does not light up the rest. */
const CALM: ChartOption = { animation: false, textStyle: { fontFamily: "'Inter Variable', system-ui, sans-serif" } }

export function ChartDrawing({
  option,
  onPick,
}: {
  readonly option: ChartOption
  readonly onPick?: (pick: ChartPick) => void
}) {
  const place = useRef<HTMLDivElement>(null)
  const chart = useRef<ECharts>(undefined)
  const pick = useRef(onPick)
  useEffect(() => {
    pick.current = onPick
  })
  useEffect(() => {
    const element = place.current!
    const drawing = init(element, null, { renderer: 'svg' })
    chart.current = drawing
    drawing.on('click', ({ seriesName, dataIndex, name, data }) =>
      pick.current?.({ series: seriesName ?? '', index: dataIndex, name, data }),
    )
    const resized = new ResizeObserver(() => drawing.resize())
    resized.observe(element)
    return () => {
      resized.disconnect()
      drawing.dispose()
      chart.current = undefined
    }
  }, [])
  useEffect(() => {
    chart.current!.setOption({ ...CALM, ...option }, { notMerge: true })
  }, [option])
  return <div ref={place} style={{ height: '100%' }} />
}
