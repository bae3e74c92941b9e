/** A chart: drawn by ECharts, which is fetched with the first chart that is shown, and told as a table too. */
import { ActionIcon, ScrollArea, Skeleton, Table, Tooltip, useComputedColorScheme } from '@mantine/core'
import { IconChartLine, IconTable } from '@tabler/icons-react'
import { createContext, lazy, Suspense, useContext, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type ChartColors, readChartColors } from './chart-colors.ts'
import type { ChartOption, ChartPick } from './chart-drawing.tsx'
import classes from './chart.module.css'

export type { ChartColors } from './chart-colors.ts'
export type { ChartOption, ChartPick } from './chart-drawing.tsx'

const Drawing = lazy(async () => ({ default: (await import('./chart-drawing.tsx')).ChartDrawing }))

/** What the chart shows, for whoever cannot see it. Cells are formatted as they are to be read. */
export interface ChartTable {
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** Of what is about to be printed: paper is light, whatever the screen is. */
export const ChartScheme = createContext<'light' | 'dark' | undefined>(undefined)

/**
 * @param label  one sentence: what is to be seen here
 * @param option  made again when the theme changes; keep it stable (`useCallback`), each new one is drawn anew
 * @param table  none where the same stands in a table beside the chart
 * @param onPick  somebody clicked an item
 */
export function Chart({
  label,
  option,
  table,
  height = 220,
  onPick,
}: {
  readonly label: string
  readonly option: (colors: ChartColors) => ChartOption
  readonly table?: ChartTable
  readonly height?: number
  readonly onPick?: (pick: ChartPick) => void
}) {
  const { t } = useTranslation()
  const [isTable, setIsTable] = useState(false)
  const screen = useComputedColorScheme('light')
  const scheme = useContext(ChartScheme) ?? screen
  // The variables belong to the scheme: they are read when it changes.
  const drawn = useMemo(() => option(readChartColors(scheme)), [option, scheme])
  const toggle = t(isTable ? 'chart.asChart' : 'chart.asTable')
  return (
    <figure className={classes.figure} aria-label={label}>
      {table !== undefined && (
        <Tooltip label={toggle}>
          <ActionIcon
            className={`${classes.toggle} no-print`}
            variant="subtle"
            color="gray"
            size="sm"
            aria-label={toggle}
            aria-pressed={isTable}
            onClick={() => setIsTable(!isTable)}
          >
            {isTable ? <IconChartLine size={15} /> : <IconTable size={15} />}
          </ActionIcon>
        </Tooltip>
      )}
      {isTable && table !== undefined ? (
        <TableOf table={table} height={height} />
      ) : (
        <div aria-hidden style={{ height }}>
          <Suspense fallback={<Skeleton h={height} />}>
            <Drawing option={drawn} {...(onPick && { onPick })} />
          </Suspense>
        </div>
      )}
    </figure>
  )
}

const TableOf = ({ table: { head, rows }, height }: { readonly table: ChartTable; readonly height: number }) => (
  <ScrollArea.Autosize mah={Math.max(height, 160)} pt="sm" viewportProps={{ tabIndex: 0 }}>
    <Table fz="xs" stickyHeader className="tabular" data={{ head: [...head], body: rows.map((cells) => [...cells]) }} />
  </ScrollArea.Autosize>
)
