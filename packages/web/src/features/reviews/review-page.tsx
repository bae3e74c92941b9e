/** One review: its figures as they were prepared, and what the meeting makes of them. */
import { Alert, Button, Group, Menu, ActionIcon, Progress, Text } from '@mantine/core'
import { IconDots, IconPrinter } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, type Reply, send } from '../../app/api.ts'
import { DefinitionVersion } from '../../app/definition.ts'
import { useFormats } from '../../app/format.ts'
import { queries } from '../../app/queries.ts'
import { useMay } from '../../app/session.ts'
import { ForgottenNote } from '../../ui/forgotten.tsx'
import { Page } from '../../ui/page.tsx'
import { ErrorNote, RowsSkeleton } from '../../ui/states.tsx'
import { Criteria, Reasons } from './criteria.tsx'
import { DriftPanel } from './drift.tsx'
import { Kpis, Promises } from './kpis.tsx'
import { LeadsBehind, Opening } from './leads-behind.tsx'
import { Meeting } from './meeting.tsx'
import classes from './reviews.module.css'
import { Forgotten, Stages } from './stages.tsx'

export type Review = Reply<'reviews', 'getReview'>
export type Figures = NonNullable<Review['figures']>

const LOOK_MS = 700

export function ReviewPage() {
  const { t } = useTranslation('reviews')
  const formats = useFormats()
  const { review: id } = useParams({ from: '/inside/reviews/$review' })
  const [figure, open] = useState<string>()
  const { data, error, refetch } = useQuery({
    ...ask('reviews', 'getReview', { params: { review: id } }),
    refetchInterval: ({ state }) => (isRunning(state.data) ? LOOK_MS : false),
  })
  if (data === undefined)
    return (
      <Page title={t('title')}>
        {error ? <ErrorNote error={error} retry={() => void refetch()} /> : <RowsSkeleton count={6} />}
      </Page>
    )
  return (
    <DefinitionVersion value={data.version}>
      <Page
        title={t('period', { from: formats.date(data.from), to: formats.date(data.to) })}
        beside={t('version', { version: data.version })}
        actions={<Actions review={data} />}
      >
        <Preparing review={data} />
        <Opening value={open}>
          <div className={classes.panels}>
            <ForgottenNote forgotten={data.forgotten} />
            {data.figures !== null && <Prepared figures={data.figures} review={data} />}
            <Meeting review={data} />
          </div>
        </Opening>
        <LeadsBehind review={id} figure={figure} close={() => open(undefined)} />
      </Page>
    </DefinitionVersion>
  )
}

const isRunning = (review: Review | undefined) => review?.job?.state === 'waiting' || review?.job?.state === 'running'

const Prepared = ({ figures, review }: { readonly figures: Figures; readonly review: Review }) => (
  <>
    <Promises figures={figures} />
    <Kpis figures={figures} />
    <Criteria figures={figures} />
    <div className={classes.pair}>
      <Reasons figures={figures} />
      <Forgotten figures={figures} review={review.id} />
    </div>
    <Stages figures={figures} />
    <DriftPanel figures={figures} />
  </>
)

function Preparing({ review: { job, figures } }: { readonly review: Review }) {
  const { t } = useTranslation('reviews')
  const formats = useFormats()
  if (job?.state === 'failed' && job.error !== null)
    return (
      <Alert color="red" title={t('failed')} mb="md">
        {job.error.message}. {job.error.hint}
      </Alert>
    )
  if (job === null || (job.state !== 'waiting' && job.state !== 'running')) return null
  const { done, total } = job
  return (
    <output className={classes.preparing}>
      <Text size="sm">
        {total === null ? t('waiting') : t('progress', { done: formats.number(done), total: formats.number(total) })}
      </Text>
      <Progress value={total === null ? 0 : (100 * done) / total} aria-label={t('preparing')} />
      {figures === null && <RowsSkeleton count={4} />}
    </output>
  )
}

function Actions({ review }: { readonly review: Review }) {
  const { t } = useTranslation(['reviews', 'common'])
  const may = useMay()
  const navigate = useNavigate()
  const params = { review: review.id }
  const again = useMutation({
    mutationFn: () => send('reviews', 'prepareAgain', { params, body: {} }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['reviews'] }),
  })
  const remove = useMutation({
    mutationFn: () => send('reviews', 'deleteReview', { params }),
    onSuccess: async () => {
      await navigate({ to: '/reviews' })
      await queries.invalidateQueries({ queryKey: ['reviews'] })
    },
  })
  return (
    <Group gap="xs" className="no-print">
      {(again.error ?? remove.error) && <ErrorNote error={(again.error ?? remove.error)!} />}
      <Button variant="default" leftSection={<IconPrinter size={16} />} onClick={() => window.print()}>
        {t('print')}
      </Button>
      {review.signedAt === null && may('definitions:write') && (
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon variant="default" size={34} aria-label={t('common:nav.more')}>
              <IconDots size={18} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => again.mutate()}>{t('again')}</Menu.Item>
            <Menu.Item color="red" onClick={() => globalThis.confirm(t('removeAsk')) && remove.mutate()}>
              {t('remove')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </Group>
  )
}
