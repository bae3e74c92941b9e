/** What has moved against the period before: attributes, activities, levels. */
import { Badge, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useDefinition } from '../../app/definition.ts'
import { useFormats } from '../../app/format.ts'
import { spaced } from '../../ui/fact-words.ts'
import { Panel } from '../../ui/panel.tsx'
import { Bar } from './criteria.tsx'
import { Behind } from './leads-behind.tsx'
import classes from './reviews.module.css'
import type { Figures } from './review-page.tsx'

type Drift = Figures['levels'][number]
const ORDER = ['shifted', 'moving', 'stable', 'not_enough'] as const
const COLORS = { shifted: 'red', moving: 'yellow', stable: 'spruce', not_enough: 'gray' } as const

export function DriftPanel({ figures: { attributes, activities, levels } }: { readonly figures: Figures }) {
  const { t } = useTranslation('reviews')
  const words = useDefinition()
  const level = (drift: Drift) => (label: string) => words.level(drift.name, label).level
  return (
    <Panel title={t('drift.title')}>
      <Text size="sm" c="dimmed" mb="sm">
        {t('drift.said')}
      </Text>
      <div className={classes.drifts}>
        <section>
          <Title order={3}>{t('drift.levels')}</Title>
          {levels.map((drift) => (
            <OneDrift key={drift.name} drift={drift} title={words.categoryLabel(drift.name)} word={level(drift)} />
          ))}
        </section>
        <section>
          <Title order={3}>{t('drift.attributes')}</Title>
          {attributes
            .toSorted((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict) || (b.index ?? 0) - (a.index ?? 0))
            .map((drift) => (
              <OneDrift key={drift.name} drift={drift} title={words.attributeLabel(drift.name)} word={spaced} />
            ))}
        </section>
        {activities !== null && (
          <section>
            <Title order={3}>{t('drift.activities')}</Title>
            <OneDrift drift={activities} title={t('drift.activities')} word={spaced} />
          </section>
        )}
      </div>
    </Panel>
  )
}

function OneDrift({
  drift,
  title,
  word,
}: {
  readonly drift: Drift
  readonly title: string
  readonly word: (label: string) => string
}) {
  const { t } = useTranslation('reviews')
  const formats = useFormats()
  const before = drift.parts.reduce((sum, part) => sum + part.before, 0)
  const now = drift.parts.reduce((sum, part) => sum + part.now, 0)
  return (
    <details className={classes.drift}>
      <summary>
        <span>{title}</span>
        <Text span size="xs" c="dimmed" className="tabular">
          {drift.index !== null && t('drift.psi', { index: formats.number(drift.index, 2) })}
          {drift.byChance !== null && ` · ${t('drift.chance', { value: formats.number(drift.byChance, 2) })}`}
        </Text>
        <Badge variant="light" color={COLORS[drift.verdict]} className={classes.badge}>
          {t(`drift.verdicts.${drift.verdict}`)}
        </Badge>
      </summary>
      <table className={classes.parts}>
        <thead>
          <tr>
            <th scope="col">{t('drift.value')}</th>
            <th scope="col">{t('drift.before')}</th>
            <th scope="col">{t('drift.now')}</th>
          </tr>
        </thead>
        <tbody>
          {drift.parts.map((part) => (
            <tr key={part.label ?? ''}>
              <th scope="row">{part.label === null ? t('unknown') : word(part.label)}</th>
              <td>
                <Bar isFaint share={part.before / Math.max(1, before)} />
                <Text span size="xs" c="dimmed" className="tabular">
                  {formats.percent(part.before / Math.max(1, before))}
                </Text>
              </td>
              <td>
                <Bar share={part.now / Math.max(1, now)} />
                <Text span size="xs" className="tabular">
                  {formats.percent(part.now / Math.max(1, now))} ·{' '}
                  <Behind figure={part.figure}>{formats.number(part.now)}</Behind>
                </Text>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}
