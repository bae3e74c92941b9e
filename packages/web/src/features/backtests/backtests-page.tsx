/** All backtests, and how a new one begins. */
import { Badge, Button, Center, Progress, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { type ApiError, type Reply, send } from '../../app/api.ts'
import { useFormats } from '../../app/format.ts'
import { useMay } from '../../app/session.ts'
import { Moment } from '../../ui/moment.tsx'
import { Page } from '../../ui/page.tsx'
import { Empty, ErrorNote, RowsSkeleton } from '../../ui/states.tsx'
import classes from './backtests.module.css'
import { estimateWords } from './estimates.ts'
import { NewBacktest } from './new-backtest.tsx'
import type { BacktestListed } from './report.ts'

const LOOK_MS = 1500

export function BacktestsPage() {
  const { t } = useTranslation('backtests')
  const may = useMay()
  const navigate = useNavigate({ from: '/backtests' })
  const search = useSearch({ from: '/inside/backtests' })
  const isNew = search.new === true && may('definitions:write')
  return (
    <Page
      title={t('title')}
      actions={
        may('definitions:write') &&
        !isNew && (
          <Button
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={() => void navigate({ search: { new: true } })}
          >
            {t('new.open')}
          </Button>
        )
      }
    >
      <Text c="dimmed" mb="lg" maw="46rem">
        {t('lead')}
      </Text>
      {isNew && <NewBacktest draft={search.draft} close={() => void navigate({ search: {} })} />}
      <Earlier hasForm={isNew} begin={() => void navigate({ search: { new: true } })} />
    </Page>
  )
}

function Earlier({ hasForm, begin }: { readonly hasForm: boolean; readonly begin: () => void }) {
  const { t } = useTranslation(['backtests', 'common'])
  const may = useMay()
  const list = useInfiniteQuery<Reply<'backtests', 'listBacktests'>, ApiError>({
    queryKey: ['backtests', 'listBacktests'],
    queryFn: ({ pageParam, signal }) => {
      const cursor = pageParam as string | undefined
      const query = { limit: 20, ...(cursor !== undefined && { cursor }) }
      return send('backtests', 'listBacktests', { query }, { signal })
    },
    initialPageParam: undefined,
    getNextPageParam: ({ next }) => next,
    refetchInterval: ({ state }) => (state.data?.pages.some(({ items }) => items.some(isBusy)) ? LOOK_MS : false),
  })
  if (list.error && list.data === undefined) return <ErrorNote error={list.error} retry={() => void list.refetch()} />
  if (list.data === undefined) return <RowsSkeleton count={4} />
  const items = list.data.pages.flatMap((page) => page.items)
  if (items.length === 0)
    return hasForm ? null : (
      <Empty
        title={t('none.title')}
        action={may('definitions:write') && <Button onClick={begin}>{t('new.open')}</Button>}
      >
        {t('none.said')}
      </Empty>
    )
  return (
    <>
      <ul className={classes.list} aria-label={t('earlier')}>
        {items.map((each) => (
          <Row key={each.id} backtest={each} />
        ))}
      </ul>
      {list.hasNextPage && (
        <Center mt="md">
          <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {t('common:actions.showMore')}
          </Button>
        </Center>
      )}
    </>
  )
}

const isBusy = ({ state }: BacktestListed) => state === 'waiting' || state === 'running'

function Row({ backtest }: { readonly backtest: BacktestListed }) {
  const { t } = useTranslation('backtests')
  const formats = useFormats()
  const says = estimateWords(formats, t('to'))
  const { id, name, request, headline, versions, state, done, total, createdAt, createdBy } = backtest
  return (
    <li>
      <Link to="/backtests/$backtest" params={{ backtest: id }} className={classes.row}>
        <span>
          <b>{name}</b>
          <Text size="xs" c="dimmed" component="span">
            {formats.date(request.from)} – {formats.date(request.to)}
            {request.segment !== null && ` · ${request.segment.name ?? request.segment.query}`}
            {request.source !== null && ` · ${request.source}`}
          </Text>
        </span>
        <span className={classes.rowFigures}>
          {headline?.map(({ recall, precision }, at) => (
            <span key={versions[at]?.hash}>
              <Text span size="xs" c="dimmed">
                {versions[at]?.name}
              </Text>
              <Text span size="sm" className="tabular">
                {t('row.figures', { recall: says.rateAlone(recall.value), precision: says.rateAlone(precision.value) })}
              </Text>
            </span>
          ))}
          {isBusy(backtest) && (
            <Progress
              w={120}
              value={total === null || total === 0 ? 0 : (100 * done) / total}
              aria-label={t('running.title')}
            />
          )}
          {(state === 'failed' || state === 'cancelled') && (
            <Badge variant="light" color={state === 'failed' ? 'red' : 'gray'} tt="none">
              {t(`states.${state}`)}
            </Badge>
          )}
        </span>
        <Text size="xs" c="dimmed" component="span">
          <Moment at={createdAt} /> · {createdBy}
        </Text>
      </Link>
    </li>
  )
}
