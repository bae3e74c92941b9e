/** A table of figures: each leads to its leads, and each rate shows how sure it is. */
import { ScrollArea, UnstyledButton } from '@mantine/core'
import type { BacktestFigure } from '@winnow/contract'
import type { Comparison, Estimate } from '@winnow/engine'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './backtests.module.css'
import { useReport } from './report.ts'
import type { Cell, FigureTable } from './table.ts'

export function Numbers({ table: { columns, rows }, label }: { readonly table: FigureTable; readonly label: string }) {
  const tops = columns.map((_, at) => topOf(rows.flatMap((row) => row[at]?.mark ?? [])))
  return (
    <Wide label={label}>
      <table className={classes.numbers}>
        <thead>
          <tr>
            {columns.map(({ label, isNumber }) => (
              <th key={label} scope="col" data-number={isNumber || undefined}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells) => (
            <tr key={cells.map(({ text }) => text).join(' ')}>
              {cells.map((cell, at) => {
                const shown = <Shown cell={cell} top={tops[at]!} row={cells[0]!.text} column={columns[at]!.label} />
                return at === 0 ? (
                  <th key={columns[at]!.label} scope="row">
                    {shown}
                  </th>
                ) : (
                  <td key={columns[at]!.label} data-number={columns[at]!.isNumber || undefined}>
                    {shown}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  )
}

/** What may be wider than a phone: it can be scrolled, by keys too. */
export const Wide = ({ label, children }: { readonly label: string; readonly children: ReactNode }) => (
  <ScrollArea type="auto" viewportProps={{ tabIndex: 0, role: 'group', 'aria-label': label }}>
    {children}
  </ScrollArea>
)

/** The end of a column's scale: a little above the highest end that there is, in steps of a tenth. */
const topOf = (marks: readonly Estimate[]): number =>
  Math.min(1, Math.max(0.1, Math.ceil(10 * Math.max(0, ...marks.map(({ high, value }) => high ?? value ?? 0))) / 10))

function Shown({
  cell: { text, figure, mark, tone },
  top,
  row,
  column,
}: {
  readonly cell: Cell
  readonly top: number
  readonly row: string
  readonly column: string
}) {
  const said = (
    <span className="tabular" data-tone={tone}>
      {text}
    </span>
  )
  return (
    <>
      {figure === undefined ? (
        said
      ) : (
        <FigureButton figure={figure} about={row === text ? column : `${row}, ${column}`}>
          {said}
        </FigureButton>
      )}
      {mark !== undefined && <IntervalMark estimate={mark} top={top} />}
    </>
  )
}

/** A number that leads to its leads. */
export function FigureButton({
  figure,
  about,
  children,
}: {
  readonly figure: BacktestFigure
  /** What the number is, for whoever hears it alone. */
  readonly about: string
  readonly children: ReactNode
}) {
  const { t } = useTranslation('backtests')
  const { show } = useReport()
  return (
    <UnstyledButton className={classes.figure} onClick={() => show(figure)} title={t('figure.open', { about })}>
      {children}
    </UnstyledButton>
  )
}

/** Where a share lies, and how far from there it may be. The text beside it says the same. */
export const IntervalMark = ({
  estimate: { value, low, high },
  top,
}: {
  readonly estimate: Estimate
  readonly top: number
}) =>
  value === null || low === null || high === null ? null : (
    <span className={classes.track} aria-hidden>
      <i style={{ left: `${(100 * low) / top}%`, width: `${(100 * (high - low)) / top}%` }} />
      <b style={{ left: `${(100 * value) / top}%` }} />
    </span>
  )

/** The same for a difference: on which side of none it lies. */
export function DifferenceMark({
  estimate: { value, low, high },
  verdict,
}: {
  readonly estimate: Estimate
  readonly verdict: Comparison['differences'][number]['verdict']
}) {
  if (value === null || low === null || high === null) return null
  const far = Math.max(Math.abs(low), Math.abs(high), Number.MIN_VALUE) * 1.1
  const place = (end: number) => 50 + (50 * end) / far
  return (
    <span className={classes.track} data-verdict={verdict} data-around-zero aria-hidden>
      <i style={{ left: `${place(low)}%`, width: `${place(high) - place(low)}%` }} />
      <b style={{ left: `${place(value)}%` }} />
    </span>
  )
}
