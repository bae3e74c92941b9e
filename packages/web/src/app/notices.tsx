/** What waits for somebody, and what has happened to proposals. */
import { Drawer, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
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
            {data.waiting.length === 0 && (
              <Text size="sm" c="dimmed">
                {t('nothing')}
              </Text>
            )}
            <Stack gap="xs">
              {data.waiting.map((each) => (
                <Waiting key={each.proposal} waiting={each} close={close} />
              ))}
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

function Waiting({
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
      <Text size="sm" fw={560} style={{ overflowWrap: 'anywhere' }}>
        {name}
      </Text>
      <Text size="xs">{t('sign', { sides: formats.list(sides.map((side) => t(`sides.${side}`))) })}</Text>
      <Text size="xs" c="dimmed">
        {proposedBy} · <Moment at={at} />
      </Text>
    </Link>
  )
}

function Notice({
  notice: { kind, at, proposal, name, by, version },
  isNew,
  close,
}: {
  readonly notice: Notices['items'][number]
  readonly isNew: boolean
  readonly close: () => void
}) {
  const { t } = useTranslation('notices')
  return (
    <Link
      to="/definition/proposals/$proposal"
      params={{ proposal }}
      className={classes.notice}
      data-new={isNew || undefined}
      onClick={close}
    >
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {t(`kinds.${kind}`, { by: by ?? t('winnow'), name, version })}
      </Text>
      <Text size="xs" c="dimmed">
        <Moment at={at} />
      </Text>
    </Link>
  )
}
