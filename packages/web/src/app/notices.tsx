/** What waits for somebody, and what has happened to proposals and alignment sessions. */
import { Drawer, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Moment } from '../ui/moment.tsx'
import { ErrorNote, RowsSkeleton } from '../ui/states.tsx'
import { send } from './api.ts'
import { noticesQuery, type Notices } from './bell.tsx'
import { useFormats } from './format.ts'
import classes from './notices.module.css'
import { queries } from './queries.ts'

export default function NoticesList({ close }: { readonly close: () => void }) {
  const { t } = useTranslation('notices')
  const { data, error } = useQuery(noticesQuery())
  const unread = useReading(data)
  return (
    <Drawer opened onClose={close} title={t('title')} position="right" size="sm">
      {error ? (
        <ErrorNote error={error} />
      ) : data === undefined ? (
        <RowsSkeleton count={3} />
      ) : (
        <Stack gap="lg">
          <section>
            <Title order={3} mb="xs">
              {t('waiting')}
            </Title>
            <Stack gap="xs">
              {data.waiting.map((each) => (
                <WaitingProposal key={each.proposal} waiting={each} close={close} />
              ))}
              {data.sessions.map((each) => (
                <WaitingSession key={each.session} waiting={each} close={close} />
              ))}
              {data.review !== null && <WaitingReview review={data.review} close={close} />}
              {data.waiting.length + data.sessions.length === 0 && data.review === null && (
                <Text size="sm" c="dimmed">
                  {t('nothing')}
                </Text>
              )}
            </Stack>
          </section>
          {data.items.length > 0 && (
            <section>
              <Title order={3} mb="xs">
                {t('happened')}
              </Title>
              <Stack gap={0}>
                {data.items.map((notice) => (
                  <Notice key={notice.id} notice={notice} isNew={unread.has(notice.id)} close={close} />
                ))}
              </Stack>
            </section>
          )}
        </Stack>
      )}
    </Drawer>
  )
}

/** What is shown has been read. @returns what was new when the list was opened */
function useReading(data: Notices | undefined): ReadonlySet<number> {
  const [isNew, setNew] = useState<ReadonlySet<number>>(new Set())
  const { mutate } = useMutation({
    mutationFn: (upTo: number) => send('proposals', 'readNotices', { body: { upTo } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: noticesQuery().queryKey }),
  })
  const latest = data?.items.find(({ isRead }) => !isRead)?.id
  useEffect(() => {
    if (latest === undefined) return
    setNew((before) => new Set([...before, ...data!.items.filter(({ isRead }) => !isRead).map(({ id }) => id)]))
    mutate(latest)
    // oxlint-disable-next-line react/exhaustive-deps -- read once for each that is new
  }, [latest, mutate])
  return isNew
}

function WaitingProposal({
  waiting: { proposal, name, proposedBy, at, sides },
  close,
}: {
  readonly waiting: Notices['waiting'][number]
  readonly close: () => void
}) {
  const { t } = useTranslation('notices')
  const formats = useFormats()
  return (
    <Link to="/definition/proposals/$proposal" params={{ proposal }} className={classes.waiting} onClick={close}>
      <Said what={name} todo={t('sign', { sides: formats.list(sides.map((side) => t(`sides.${side}`))) })}>
        {proposedBy} · <Moment at={at} />
      </Said>
    </Link>
  )
}

function WaitingSession({
  waiting: { session, title, invitedBy, at, left },
  close,
}: {
  readonly waiting: Notices['sessions'][number]
  readonly close: () => void
}) {
  const { t } = useTranslation('notices')
  return (
    <Link to="/alignment/$session" params={{ session }} className={classes.waiting} onClick={close}>
      <Said what={title} todo={t('judge', { count: left })}>
        {invitedBy} · <Moment at={at} />
      </Said>
    </Link>
  )
}

function WaitingReview({
  review: { dueAt, open },
  close,
}: {
  readonly review: NonNullable<Notices['review']>
  readonly close: () => void
}) {
  const { t } = useTranslation('notices')
  const formats = useFormats()
  const said = (
    <Said what={t('review')} todo={t(open === null ? 'prepare' : 'hold')}>
      {t('due', { at: formats.date(dueAt) })}
    </Said>
  )
  return open === null ? (
    <Link to="/reviews" className={classes.waiting} onClick={close}>
      {said}
    </Link>
  ) : (
    <Link to="/reviews/$review" params={{ review: open }} className={classes.waiting} onClick={close}>
      {said}
    </Link>
  )
}

const Said = ({
  what,
  todo,
  children,
}: {
  readonly what: string
  readonly todo: string
  readonly children: ReactNode
}) => (
  <>
    <Text size="sm" fw={560} style={{ overflowWrap: 'anywhere' }}>
      {what}
    </Text>
    <Text size="xs">{todo}</Text>
    <Text size="xs" c="dimmed">
      {children}
    </Text>
  </>
)

function Notice({
  notice: { kind, at, proposal, session, name, by, version },
  isNew,
  close,
}: {
  readonly notice: Notices['items'][number]
  readonly isNew: boolean
  readonly close: () => void
}) {
  const { t } = useTranslation('notices')
  const shared = { className: classes.notice, 'data-new': isNew || undefined, onClick: close }
  const said = (
    <>
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {t(`kinds.${kind}`, { by: by ?? t('winnow'), name, version })}
      </Text>
      <Text size="xs" c="dimmed">
        <Moment at={at} />
      </Text>
    </>
  )
  return session === null ? (
    <Link to="/definition/proposals/$proposal" params={{ proposal: proposal! }} {...shared}>
      {said}
    </Link>
  ) : (
    <Link to="/alignment/$session" params={{ session }} {...shared}>
      {said}
    </Link>
  )
}
