/** Reviews of the definition: when the next one is due, and those there were. */
import { Alert, Badge, Button, Group, Text } from '@mantine/core'
import { IconArrowRight, IconCalendarCheck, IconUsersGroup } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ask, type Reply, send } from '../../app/api.ts'
import { useFormats } from '../../app/format.ts'
import { queries } from '../../app/queries.ts'
import { useMay } from '../../app/session.ts'
import { Page } from '../../ui/page.tsx'
import { Empty, ErrorNote, RowsSkeleton } from '../../ui/states.tsx'
import classes from './reviews.module.css'

export function ReviewsPage() {
  const { t } = useTranslation('reviews')
  const reviews = useQuery(ask('reviews', 'listReviews'))
  const due = useQuery(ask('reviews', 'getDue'))
  const isEmpty = reviews.data?.items.length === 0
  const error = reviews.error ?? due.error
  return (
    <Page
      title={t('title')}
      actions={
        <>
          <Button
            variant="default"
            leftSection={<IconUsersGroup size={16} />}
            renderRoot={(props) => <Link {...props} to="/alignment" />}
          >
            {t('alignment')}
          </Button>
          {!isEmpty && <Begin open={due.data?.open ?? null} />}
        </>
      }
    >
      <Text c="dimmed" maw="46rem" mb="md">
        {t('intro')}
      </Text>
      {error && <ErrorNote error={error} retry={() => void reviews.refetch()} />}
      {due.data !== undefined && <DueLine due={due.data} />}
      {reviews.isPending && <RowsSkeleton count={3} />}
      {isEmpty && (
        <Empty title={t('none')} action={<Begin open={null} />}>
          {t('noneSaid')}
        </Empty>
      )}
      <ul className={classes.reviews}>
        {reviews.data?.items.map((review) => (
          <ReviewRow key={review.id} review={review} />
        ))}
      </ul>
    </Page>
  )
}

function DueLine({ due: { dueAt, isDue, every } }: { readonly due: Reply<'reviews', 'getDue'> }) {
  const { t } = useTranslation('reviews')
  const formats = useFormats()
  return (
    <Alert variant="light" color={isDue ? 'yellow' : 'gray'} icon={<IconCalendarCheck size={18} />} mb="md">
      <Text size="sm">
        {dueAt !== null && <b>{t(isDue ? 'dueNow' : 'dueThen', { at: formats.date(dueAt) })}. </b>}
        {every === null ? t('noInterval') : t('every', { every })}
      </Text>
    </Alert>
  )
}

function Begin({ open }: { readonly open: string | null }) {
  const { t } = useTranslation('reviews')
  const may = useMay()
  const navigate = useNavigate()
  const goTo = (review: string) => navigate({ to: '/reviews/$review', params: { review } })
  const begin = useMutation({
    mutationFn: () => send('reviews', 'prepareReview', { body: {} }),
    onSuccess: async ({ id }) => {
      void queries.invalidateQueries({ queryKey: ['reviews'] })
      void queries.invalidateQueries({ queryKey: ask('proposals', 'listNotices').queryKey })
      await goTo(id)
    },
  })
  if (open !== null) return <Button onClick={() => void goTo(open)}>{t('goOn')}</Button>
  if (!may('definitions:write')) return null
  return (
    <>
      <Button loading={begin.isPending} onClick={() => begin.mutate()}>
        {t('prepare')}
      </Button>
      {begin.error && <ErrorNote error={begin.error} />}
    </>
  )
}

function ReviewRow({ review }: { readonly review: Reply<'reviews', 'listReviews'>['items'][number] }) {
  const { t } = useTranslation('reviews')
  const formats = useFormats()
  const state = review.signedAt !== null ? 'signed' : review.isPrepared ? 'open' : 'preparing'
  return (
    <li>
      <Link to="/reviews/$review" params={{ review: review.id }} className={classes.review}>
        <span className={classes.reviewName}>
          <Text span fw={600}>
            {t('period', { from: formats.date(review.from), to: formats.date(review.to) })}
          </Text>
          <Text span size="sm" c="dimmed">
            {t('version', { version: review.version })} · {t('decisionsMade', { count: review.decisions })}
          </Text>
        </span>
        <Group gap="sm" wrap="nowrap">
          <Badge variant="light" color={state === 'signed' ? 'gray' : 'spruce'} className={classes.badge}>
            {t(state)}
          </Badge>
          <IconArrowRight size={16} aria-hidden />
        </Group>
      </Link>
    </li>
  )
}
