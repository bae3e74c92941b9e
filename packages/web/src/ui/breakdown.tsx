/** Why each score is what it is: sums that add up, line by line. */
import { Text, UnstyledButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconChevronRight, IconHelpCircle, IconHourglassLow, IconScissors } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDefinition } from '../app/definition.ts'
import { useFormats } from '../app/format.ts'
import { useSay } from '../app/phrases.ts'
import { type GroupSum, type Line, type ScoreSum, sumsOf } from './sums.ts'
import classes from './breakdown.module.css'
import { factWords } from './fact-words.ts'
import type { Reply } from '../app/api.ts'

type Explanation = Reply<'leads', 'explainLead'>

export function Breakdown({ explanation }: { readonly explanation: Explanation }) {
  const sums = useMemo(() => sumsOf(explanation), [explanation])
  return (
    <div className={classes.scores}>
      {sums.map((score) => (
        <Score key={score.name} score={score} facts={explanation.facts} />
      ))}
    </div>
  )
}

type Facts = Explanation['facts']

function Score({ score, facts }: { readonly score: ScoreSum; readonly facts: Facts }) {
  const { t } = useTranslation('lead')
  const formats = useFormats()
  const words = useDefinition()
  const outline = words.outline.scores.find(({ name }) => name === score.name)
  const [least, most] = outline?.range ?? [0, 100]
  const idle = score.groups.reduce((count, group) => count + group.idle.length, 0)
  const [showsIdle, { toggle }] = useDisclosure()
  const label = words.scoreLabel(score.name)
  return (
    <section className={classes.score} aria-label={t('breakdown.of', { score: label })}>
      <header className={classes.head}>
        <h2>{label}</h2>
        <span className={classes.total}>
          <Total tenths={score.tenths} />
          <small>{t('breakdown.range', { most: formats.number(most) })}</small>
        </span>
        <span className={classes.meter} aria-hidden>
          <span style={{ width: `${share(score.tenths / 10 - least, most - least)}%` }} />
        </span>
      </header>
      <table className={classes.lines}>
        <caption className={classes.unseen}>{t('breakdown.caption', { score: label })}</caption>
        <thead className={classes.unseen}>
          <tr>
            <th scope="col">{t('breakdown.criterion')}</th>
            <th scope="col">{t('breakdown.points')}</th>
          </tr>
        </thead>
        {score.groups.map((group) => (
          <Group key={group.name} score={score} group={group} facts={facts} showsIdle={showsIdle} />
        ))}
        {score.limits.length > 0 && (
          <tbody>
            {score.limits.map((line) => (
              <Adjustment key={line.key} line={line} />
            ))}
          </tbody>
        )}
        <tfoot>
          <tr data-row="sum">
            <th scope="row">
              {t('breakdown.sum')}
              <span className={classes.arithmetic}>{arithmetic(score, formats.number)}</span>
            </th>
            <td>{formats.number(score.tenths / 10)}</td>
          </tr>
        </tfoot>
      </table>
      {idle > 0 && (
        <UnstyledButton className={`${classes.more} no-print`} onClick={toggle} aria-expanded={showsIdle}>
          {t(showsIdle ? 'breakdown.hideIdle' : 'breakdown.showIdle', { count: idle })}
        </UnstyledButton>
      )}
    </section>
  )
}

/** What has moved since the page was opened stays beside the number. */
function Total({ tenths }: { readonly tenths: number }) {
  const { t } = useTranslation('lead')
  const formats = useFormats()
  const [first] = useState(tenths)
  const moved = tenths - first
  return (
    <>
      {Math.abs(moved) >= 10 && (
        <span className={classes.moved} data-sign={moved > 0 ? 'for' : 'against'}>
          {t('breakdown.moved', { points: formats.points(moved / 10) })}
        </span>
      )}
      <strong className="tabular">{formats.number(tenths / 10)}</strong>
    </>
  )
}

const share = (part: number, whole: number) => (whole <= 0 ? 0 : Math.max(0, Math.min(100, (part / whole) * 100)))

/** `75 + 11.6 − 4 =` */
function arithmetic({ groups, limits }: ScoreSum, number: (value: number) => string): string {
  const parts = [...groups, ...limits].map(({ tenths }) => tenths / 10).filter((value) => value !== 0)
  if (parts.length < 2) return ''
  const written = parts.map((value, index) => {
    if (index === 0) return number(value)
    return `${value < 0 ? '−' : '+'} ${number(Math.abs(value))}`
  })
  return `${written.join(' ')} =`
}

function Group({
  score,
  group,
  facts,
  showsIdle,
}: {
  readonly score: ScoreSum
  readonly group: GroupSum
  readonly facts: Facts
  readonly showsIdle: boolean
}) {
  const formats = useFormats()
  const words = useDefinition()
  const outline = words.outline.scores.find(({ name }) => name === score.name)?.groups
  const cap = outline?.find(({ name }) => name === group.name)?.cap ?? undefined
  const lines = showsIdle ? [...group.lines, ...group.idle] : group.lines
  if (lines.length === 0 && group.adjustments.length === 0) return null
  return (
    <tbody>
      <tr data-row="group">
        <th scope="rowgroup">
          {words.groupLabel(score.name, group.name)}
          <span className={classes.groupMeter} aria-hidden data-sign={group.tenths < 0 ? 'against' : 'for'}>
            <span style={{ width: `${share(Math.abs(group.tenths) / 10, cap ?? Math.max(100, score.scale / 10))}%` }} />
          </span>
        </th>
        <td>{formats.number(group.tenths / 10)}</td>
      </tr>
      {lines.map((line) => (
        <Criterion key={line.key} line={line} score={score} facts={facts} />
      ))}
      {group.adjustments.map((line) => (
        <Adjustment key={line.key} line={line} />
      ))}
    </tbody>
  )
}

function Criterion({ line, score, facts }: { readonly line: Line; readonly score: ScoreSum; readonly facts: Facts }) {
  const { t } = useTranslation('lead')
  const formats = useFormats()
  const words = useDefinition()
  const say = useSay()
  const [isOpen, { toggle }] = useDisclosure()
  const criterion = words.criterion(line.score, line.group, line.criterion ?? '')
  const label = criterion?.label ?? line.criterion ?? ''
  const question = line.outcome === 'unknown' ? words.attribute(criterion?.attribute ?? '')?.question : undefined
  const evidence = line.evidence.map((id) => facts[id]).filter((fact) => fact !== undefined)
  return (
    <tr data-row="line" data-outcome={line.outcome}>
      <th scope="row">
        {evidence.length > 0 ? (
          <UnstyledButton className={classes.label} onClick={toggle} aria-expanded={isOpen}>
            {label}
            <IconChevronRight size={12} className={classes.chevron} aria-hidden />
          </UnstyledButton>
        ) : (
          <span className={classes.label}>{label}</span>
        )}
        <span className={classes.because}>
          <OutcomeIcon line={line} />
          {question ?? say(line.phrase)}
          {question !== undefined && <span className={classes.unseen}> {t('breakdown.unknown')}</span>}
        </span>
        {isOpen && (
          <ul className={classes.evidence}>
            {evidence.slice(0, EVIDENCE_MAX).map((fact) => (
              <li key={`${String(fact['at'])} ${factWords(fact)}`}>
                <Text span c="dimmed" fz="inherit" className="tabular">
                  {formats.dateTime(String(fact['at']))}
                </Text>{' '}
                {factWords(fact)}
              </li>
            ))}
            {evidence.length > EVIDENCE_MAX && (
              <li>{t('breakdown.moreFacts', { count: evidence.length - EVIDENCE_MAX })}</li>
            )}
          </ul>
        )}
      </th>
      <td>
        <Bar line={line} scale={score.scale} />
        {formats.points(line.tenths / 10)}
      </td>
    </tr>
  )
}

const EVIDENCE_MAX = 12

function OutcomeIcon({ line: { outcome, fullTenths } }: { readonly line: Line }) {
  const common = { size: 13, 'aria-hidden': true, className: classes.icon }
  if (outcome === 'unknown') return <IconHelpCircle {...common} />
  if (outcome === 'capped') return <IconScissors {...common} />
  return fullTenths === undefined ? null : <IconHourglassLow {...common} />
}

/** Solid for what counts now, hollow for what has faded or was cut off. */
const Bar = ({ line: { tenths, fullTenths }, scale }: { readonly line: Line; readonly scale: number }) => (
  <span className={classes.bar} aria-hidden data-sign={tenths < 0 ? 'against' : 'for'}>
    {fullTenths !== undefined && <i style={{ width: `${share(Math.abs(fullTenths), scale)}%` }} />}
    <b style={{ width: `${share(Math.abs(tenths), scale)}%` }} />
  </span>
)

function Adjustment({ line }: { readonly line: Line }) {
  const say = useSay()
  const formats = useFormats()
  return (
    <tr data-row="line" data-outcome={line.outcome}>
      <th scope="row">
        <span className={classes.because}>
          <IconScissors size={13} aria-hidden className={classes.icon} />
          {say(line.phrase)}
        </span>
      </th>
      <td>{formats.points(line.tenths / 10)}</td>
    </tr>
  )
}
