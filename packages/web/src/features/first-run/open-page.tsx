import { Paper, Text, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import { IconChartHistogram, IconListCheck, IconSignature, type TablerIcon } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import mark from '../../app/mark.svg'
import classes from './open-page.module.css'

const POINTS = [
  ['agreed', IconSignature],
  ['applied', IconListCheck],
  ['proven', IconChartHistogram],
] as const satisfies readonly (readonly [string, TablerIcon])[]

/** A page for whoever is not signed in yet: what Winnow is, and the one thing to do here. */
export function OpenPage({
  title,
  said,
  children,
}: {
  readonly title: string
  readonly said?: string
  readonly children: ReactNode
}) {
  const { t } = useTranslation('first-run')
  useDocumentTitle(`${title} · Winnow`)
  return (
    <div className={classes.page}>
      <header className={classes.about}>
        <div className={classes.name}>
          <img src={mark} alt="" width={40} height={40} />
          <span>Winnow</span>
        </div>
        <p className={classes.tagline}>{t('about.said')}</p>
        <ul className={classes.points}>
          {POINTS.map(([point, Icon]) => (
            <li key={point}>
              <Icon size={19} stroke={1.6} color="var(--w-accent)" aria-hidden />
              <span>{t(`about.${point}`)}</span>
            </li>
          ))}
        </ul>
      </header>
      <main className={classes.main}>
        <Paper withBorder p="xl" radius="md" bg="var(--w-surface)" w="100%" maw={420}>
          <Title order={1} mb={said === undefined ? 'md' : 4}>
            {title}
          </Title>
          {said !== undefined && (
            <Text c="dimmed" size="sm" mb="md" style={{ overflowWrap: 'anywhere' }}>
              {said}
            </Text>
          )}
          {children}
        </Paper>
      </main>
    </div>
  )
}
