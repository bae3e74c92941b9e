/** Who is behind a number. */
import { Button, Center, Drawer, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import type { BacktestFigure } from '@winnow/contract'
import { useTranslation } from 'react-i18next'
import { type ApiError, type Reply, send } from '../../app/api.ts'
import { useDefinition } from '../../app/definition.ts'
import { useFormats } from '../../app/format.ts'
import { ErrorNote, RowsSkeleton } from '../../ui/states.tsx'
import { writeFigure } from './figure.ts'
import { LeadRows } from './lead-rows.tsx'
import { useReport } from './report.ts'

const PAGE = 50

export function FigureDrawer({
  figure,
  close,
}: {
  readonly figure: BacktestFigure | undefined
  readonly close: () => void
}) {
  const { t } = useTranslation(['backtests', 'common'])
  return (
    <Drawer
      opened={figure !== undefined}
      onClose={close}
      position="right"
      size="md"
      title={figure && <Title figure={figure} />}
      closeButtonProps={{ 'aria-label': t('common:actions.close') }}
      className="no-print"
    >
      {figure !== undefined && <People key={writeFigure(figure)} figure={figure} />}
    </Drawer>
  )
}

function Title({ figure }: { readonly figure: BacktestFigure }) {
  const { result } = useReport()
  const said = useFigureWords()(figure)
  return (
    <>
      <Text fw={600}>{said}</Text>
      <Text size="xs" c="dimmed">
        {result.versions[figure.version]?.name}
      </Text>
    </>
  )
}

function People({ figure }: { readonly figure: BacktestFigure }) {
  const { t } = useTranslation(['backtests', 'common'])
  const formats = useFormats()
  const { backtest } = useReport()
  const leads = useInfiniteQuery<Reply<'backtests', 'listBacktestLeads'>, ApiError>({
    queryKey: ['backtests', 'listBacktestLeads', backtest.id, writeFigure(figure)],
    queryFn: ({ pageParam, signal }) => {
      const cursor = pageParam as string | undefined
      const query = { figure: writeFigure(figure), limit: PAGE, ...(cursor !== undefined && { cursor }) }
      return send('backtests', 'listBacktestLeads', { params: { backtest: backtest.id }, query }, { signal })
    },
    initialPageParam: undefined,
    getNextPageParam: ({ next }) => next,
    staleTime: Infinity,
  })
  if (leads.error && leads.data === undefined)
    return <ErrorNote error={leads.error} retry={() => void leads.refetch()} />
  if (leads.data === undefined) return <RowsSkeleton />
  const total = leads.data.pages[0]!.total
  const shown = leads.data.pages.flatMap(({ items }) => items)
  return (
    <>
      <Text size="sm" mb="sm" component="output" display="block">
        {t('figure.count', { count: total, number: formats.number(total, 0) })}
      </Text>
      <LeadRows leads={shown} label={t('figure.leads')} version={figure.version} />
      {leads.hasNextPage && (
        <Center mt="md">
          <Button variant="default" loading={leads.isFetchingNextPage} onClick={() => void leads.fetchNextPage()}>
            {t('common:actions.showMore')}
          </Button>
        </Center>
      )}
    </>
  )
}

/** A number's address, in words. */
function useFigureWords(): (figure: BacktestFigure) => string {
  const { t } = useTranslation('backtests')
  const words = useDefinition()
  const formats = useFormats()
  const plain = (figure: BacktestFigure): string => {
    switch (figure.kind) {
      case 'stage':
        return t('figure.stage', { stage: words.stageLabel(figure.stage) })
      case 'level':
        return t('figure.level', {
          category: words.categoryLabel(figure.category),
          level: words.level(figure.category, figure.level).level,
        })
      case 'wins':
        return t(
          figure.handedOver === undefined ? 'figure.wins' : figure.handedOver ? 'figure.caught' : 'figure.uncaught',
        )
      case 'band':
        return t('figure.band', { score: words.scoreLabel(figure.score), from: figure.from, to: figure.to })
      case 'threshold':
        return t('figure.threshold', { score: words.scoreLabel(figure.score), at: figure.at })
      case 'captured':
        return t('figure.captured', { perWeek: formats.number(figure.perWeek) })
      case 'split':
        return `${words.attributeLabel(figure.attribute)}: ${figure.value ?? t('splits.unknown')}`
      case 'migration': {
        const label = (name: string) =>
          figure.category === 'stage' ? words.stageLabel(name) : words.level(figure.category, name).level
        return t('figure.migration', { from: label(figure.from), to: label(figure.to) })
      }
      case 'handover':
      case 'returning':
      case 'missed':
      case 'falseAlarms':
        return t(`figure.${figure.kind}`)
    }
  }
  return (figure) => {
    const parts = [plain(figure)]
    if ('outcome' in figure && figure.outcome !== undefined) parts.push(t(`outcomes.${figure.outcome}`))
    if ('week' in figure && figure.week !== undefined) parts.push(t('weeks.tip', { date: formats.date(figure.week) }))
    return parts.join(' · ')
  }
}
