/** Sessions in which both teams judge the same past leads: those that wait for one, and those that are over. */
import { Badge, Button, Group, Progress, Text } from '@mantine/core'
import { IconArrowRight, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, type Reply } from '../../app/api.ts'
import { useFormats } from '../../app/format.ts'
import { useMay, useMe } from '../../app/session.ts'
import { Moment } from '../../ui/moment.tsx'
import { Page } from '../../ui/page.tsx'
import { Empty, ErrorNote, RowsSkeleton } from '../../ui/states.tsx'
import classes from './alignment.module.css'

const StartDialog = lazy(() => import('./start-dialog.tsx'))

export type Session = Reply<'alignment', 'listSessions'>['items'][number]

export function SessionsPage() {
  const { t } = useTranslation('alignment')
  const may = useMay()
  const sessions = useQuery(ask('alignment', 'listSessions'))
  const [isStarting, setIsStarting] = useState(false)
  const start = may('definitions:write') && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setIsStarting(true)}>
      {t('start')}
    </Button>
  )
  const isEmpty = sessions.data?.items.length === 0
  return (
    <Page title={t('title')} actions={!isEmpty && start}>
      <Text c="dimmed" maw="46rem" mb="lg">
        {t('intro')}
      </Text>
      {sessions.error && <ErrorNote error={sessions.error} retry={() => void sessions.refetch()} />}
      {sessions.isPending && <RowsSkeleton count={3} />}
      {isEmpty && (
        <Empty title={t('none')} action={start}>
          {t('noneSaid')}
        </Empty>
      )}
      <ul className={classes.sessions}>
        {sessions.data?.items.map((session) => (
          <SessionRow key={session.id} session={session} />
        ))}
      </ul>
      <Suspense>{isStarting && <StartDialog close={() => setIsStarting(false)} />}</Suspense>
    </Page>
  )
}

function SessionRow({ session }: { readonly session: Session }) {
  const { t } = useTranslation('alignment')
  const formats = useFormats()
  const { id } = useMe()
  const mine = session.members.find((member) => member.id === id)
  const rated = session.members.reduce((sum, member) => sum + member.rated, 0)
  const all = session.leads * session.members.length
  const isOpen = session.revealedAt === null
  return (
    <li>
      <Link to="/alignment/$session" params={{ session: session.id }} className={classes.session}>
        <span className={classes.sessionName}>
          <Text span fw={600}>
            {session.title}
          </Text>
          <Text span size="sm" c="dimmed">
            {t('leads', { count: session.leads })} · {t('startedBy', { name: session.createdBy })} ·{' '}
            <Moment at={session.createdAt} />
          </Text>
        </span>
        <Group gap="sm" wrap="nowrap" className={classes.sessionState}>
          {isOpen && mine !== undefined && (
            <Text span size="sm" fw={560}>
              {mine.rated < session.leads ? t('yourTurn', { count: session.leads - mine.rated }) : t('youAreThrough')}
            </Text>
          )}
          {isOpen && (
            <Progress
              w={90}
              size="sm"
              value={(100 * rated) / all}
              aria-label={t('rate.done', { done: rated, total: all })}
            />
          )}
          {session.kappa !== null && (
            <Text span size="sm" className="tabular">
              {t('agreement', { kappa: formats.number(session.kappa, 2) })}
            </Text>
          )}
          <Badge variant="light" color={isOpen ? 'spruce' : 'gray'} className={classes.badge}>
            {isOpen ? t('open') : t('revealed')}
          </Badge>
          <IconArrowRight size={16} aria-hidden />
        </Group>
      </Link>
    </li>
  )
}
