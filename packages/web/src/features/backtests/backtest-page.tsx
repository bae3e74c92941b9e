/** One backtest: how far it is, and then what it says. */
import { ActionIcon, Button, Group, Menu, Progress, SegmentedControl, Stack, Tabs, Text, Tooltip } from '@mantine/core'
import { useClipboard } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { IconCheck, IconDots, IconLink, IconPrinter, IconRefresh, IconTrash } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError, ask, send } from '../../app/api.ts'
import { useFormats } from '../../app/format.ts'
import { queries } from '../../app/queries.ts'
import { useMay } from '../../app/session.ts'
import { ForgottenNote } from '../../ui/forgotten.tsx'
import { ChartScheme } from '../../ui/chart.tsx'
import { Moment } from '../../ui/moment.tsx'
import { Page } from '../../ui/page.tsx'
import { Empty, ErrorNote, PageSkeleton } from '../../ui/states.tsx'
import classes from './backtests.module.css'
import { Capacity } from './capacity.tsx'
import { estimateWords } from './estimates.ts'
import { FigureDrawer } from './figure-drawer.tsx'
import { Method } from './method.tsx'
import { Moves } from './moves.tsx'
import { Names } from './names.tsx'
import { Outcomes } from './outcomes.tsx'
import { Overview } from './overview.tsx'
import { type Backtest, type Report, ReportContext } from './report.ts'
import { TABS, type BacktestSearch, type Tab } from './search.ts'
import { Segments } from './segments.tsx'
import { Thresholds } from './thresholds.tsx'
import { usePrinting } from './use-printing.ts'

const LOOK_MS = 500
const isBusy = ({ state }: Pick<Backtest, 'state'>) => state === 'waiting' || state === 'running'

export function BacktestPage() {
  const { t } = useTranslation('backtests')
  const { backtest: id } = useParams({ from: '/inside/backtests/$backtest' })
  const query = useQuery({
    ...ask('backtests', 'getBacktest', { params: { backtest: id } }),
    refetchInterval: ({ state: { data } }) => (data !== undefined && isBusy(data) ? LOOK_MS : false),
    // What is done stays as it is, and may be large.
    staleTime: ({ state: { data } }) => (data !== undefined && !isBusy(data) ? Infinity : 0),
  })
  if (query.isPending) return <PageSkeleton />
  if (query.data === undefined)
    return (
      <Page title={t('title')}>
        <ErrorNote error={query.error} retry={() => void query.refetch()} />
      </Page>
    )
  return <Shown key={id} backtest={query.data} />
}

function Shown({ backtest }: { readonly backtest: Backtest }) {
  const { t } = useTranslation('backtests')
  const printing = usePrinting()
  const isDone = backtest.result !== null
  return (
    <div className={classes.paper} data-printed={printing.isPrinted || undefined}>
      <Page
        title={backtest.name}
        beside={<Asked backtest={backtest} />}
        actions={<Actions backtest={backtest} print={isDone ? printing.print : undefined} />}
      >
        {isBusy(backtest) && <Running backtest={backtest} />}
        <ForgottenNote forgotten={backtest.forgotten} />
        {backtest.state === 'cancelled' && <Empty title={t('cancelled.title')}>{t('cancelled.said')}</Empty>}
        {backtest.error !== null && <Failure backtest={backtest} />}
        {backtest.result !== null &&
          (backtest.result.versions.length === 0 || backtest.result.leads === 0 ? (
            <Empty title={t('nobody.title')}>{t('nobody.said')}</Empty>
          ) : (
            <ReportView backtest={backtest} isPrinted={printing.isPrinted} />
          ))}
      </Page>
    </div>
  )
}

function Asked({ backtest: { request, createdBy, createdAt, purpose } }: { readonly backtest: Backtest }) {
  const { t } = useTranslation('backtests')
  const formats = useFormats()
  const parts = [
    `${formats.date(request.from)} – ${formats.date(request.to)}`,
    ...(request.segment === null ? [] : [request.segment.name ?? request.segment.query]),
    ...(request.source === null ? [] : [request.source]),
    ...(purpose === 'gate' ? [t('forGate')] : []),
  ]
  return (
    <>
      {parts.join(' · ')} · {createdBy} <Moment at={createdAt} />
    </>
  )
}

function Actions({ backtest, print }: { readonly backtest: Backtest; readonly print: (() => void) | undefined }) {
  const { t } = useTranslation(['backtests', 'common'])
  const may = useMay()
  const navigate = useNavigate()
  const clipboard = useClipboard()
  const forget = () => queries.invalidateQueries({ queryKey: ['backtests', 'listBacktests'] })
  const again = useMutation({
    mutationFn: (watermark: 'same' | 'now') =>
      send('backtests', 'rerunBacktest', { params: { backtest: backtest.id }, body: { watermark } }),
    onSuccess: async ({ id }) => {
      await forget()
      await navigate({ to: '/backtests/$backtest', params: { backtest: id } })
    },
  })
  const removing = useMutation({
    mutationFn: () => send('backtests', 'deleteBacktest', { params: { backtest: backtest.id } }),
    onSuccess: async () => {
      notifications.show({ message: t('removed', { name: backtest.name }) })
      await navigate({ to: '/backtests' })
      await forget()
    },
  })
  const error = again.error ?? removing.error
  return (
    <Group gap="xs" className="no-print">
      {error && <ErrorNote error={error} />}
      <Button component={Link} to="/backtests" variant="subtle" color="gray">
        {t('all')}
      </Button>
      <Tooltip label={t(clipboard.copied ? 'shared' : 'share')}>
        <ActionIcon
          variant="default"
          size={34}
          aria-label={t('share')}
          onClick={() => clipboard.copy(`${location.origin}${location.pathname}${location.search}`)}
        >
          {clipboard.copied ? <IconCheck size={17} /> : <IconLink size={17} />}
        </ActionIcon>
      </Tooltip>
      {print !== undefined && (
        <Button variant="default" leftSection={<IconPrinter size={16} aria-hidden />} onClick={print}>
          {t('print')}
        </Button>
      )}
      {may('definitions:write') && !isBusy(backtest) && (
        <Menu position="bottom-end" width={280}>
          <Menu.Target>
            <ActionIcon variant="default" size={34} aria-label={t('more')} loading={again.isPending}>
              <IconDots size={17} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconRefresh size={16} />} onClick={() => again.mutate('now')}>
              {t('again.now')}
            </Menu.Item>
            <Menu.Item leftSection={<IconRefresh size={16} />} onClick={() => again.mutate('same')}>
              {t('again.same')}
            </Menu.Item>
            <Menu.Divider />
            <Menu.Sub>
              <Menu.Sub.Target>
                <Menu.Sub.Item leftSection={<IconTrash size={16} />}>{t('remove')}</Menu.Sub.Item>
              </Menu.Sub.Target>
              <Menu.Sub.Dropdown>
                <Menu.Item color="red" onClick={() => removing.mutate()}>
                  {t('removeSure')}
                </Menu.Item>
              </Menu.Sub.Dropdown>
            </Menu.Sub>
          </Menu.Dropdown>
        </Menu>
      )}
    </Group>
  )
}

function Running({ backtest: { id, done, total, state } }: { readonly backtest: Backtest }) {
  const { t } = useTranslation(['backtests', 'common'])
  const formats = useFormats()
  const may = useMay()
  const stopping = useMutation({
    mutationFn: () => send('backtests', 'cancelBacktest', { params: { backtest: id } }),
    onSuccess: (next) =>
      queries.setQueryData(ask('backtests', 'getBacktest', { params: { backtest: id } }).queryKey, next),
  })
  const share = total === null || total === 0 ? 0 : done / total
  return (
    <section className={classes.section} aria-label={t('running.title')}>
      <Group justify="space-between" mb="xs">
        <Text fw={580}>{t(state === 'waiting' ? 'running.waiting' : 'running.title')}</Text>
        {may('definitions:write') && (
          <Button size="compact-sm" variant="default" onClick={() => stopping.mutate()} loading={stopping.isPending}>
            {t('common:actions.cancel')}
          </Button>
        )}
      </Group>
      <Progress value={100 * share} animated={state === 'running'} aria-label={t('running.title')} />
      <Text size="sm" c="dimmed" mt="xs" className="tabular" aria-live="polite">
        {total === null
          ? t('running.beginning')
          : t('running.leads', { done: formats.number(done, 0), total: formats.number(total, 0) })}
      </Text>
      {stopping.error && <ErrorNote error={stopping.error} />}
    </section>
  )
}

const Failure = ({ backtest: { error } }: { readonly backtest: Backtest }) =>
  error === null ? null : <ErrorNote error={new ApiError(422, error)} />

const PARTS: Readonly<Record<Tab, () => ReactNode>> = {
  overview: Overview,
  outcomes: Outcomes,
  capacity: Capacity,
  names: Names,
  moves: Moves,
  segments: Segments,
  thresholds: Thresholds,
  method: Method,
}

/** On a phone the chosen tab may lie beyond the edge. */
const intoSight = (tab: HTMLElement | null) => tab?.scrollIntoView({ inline: 'center', block: 'nearest' })

function ReportView({ backtest, isPrinted }: { readonly backtest: Backtest; readonly isPrinted: boolean }) {
  const { t } = useTranslation('backtests')
  const search = useSearch({ from: '/inside/backtests/$backtest' })
  const navigate = useNavigate({ from: '/backtests/$backtest' })
  const formats = useFormats()
  const result = backtest.result!
  const last = result.versions.length - 1
  const index = Math.min(search.version ?? last, last)
  const report = useMemo(
    (): Report => ({
      backtest,
      result,
      index,
      version: result.versions[index]!,
      says: estimateWords(formats, t('to')),
      isPrinted,
      show: (figure) =>
        void navigate({ search: (before: BacktestSearch) => ({ ...before, figure }), resetScroll: false }),
    }),
    [backtest, result, index, formats, t, isPrinted, navigate],
  )
  const tabs = TABS.filter((tab) => tab !== 'moves' || result.comparisons.length > 0)
  const tab = tabs.find((each) => each === search.tab) ?? 'overview'
  const Part = PARTS[tab]
  return (
    <ReportContext value={report}>
      {isPrinted ? (
        <ChartScheme value="light">
          {TABS.filter((each) => each !== 'thresholds' && tabs.includes(each)).map((each) => {
            const Printed = PARTS[each]
            return (
              <div key={each} className={classes.printedPart}>
                <h2 className={classes.printedTitle}>{t(`tabs.${each}`)}</h2>
                <Printed />
              </div>
            )
          })}
        </ChartScheme>
      ) : (
        <Tabs
          value={tab}
          onChange={(next) =>
            void navigate({
              search: ({ version }: BacktestSearch) => ({
                ...(version !== undefined && { version }),
                ...(next !== 'overview' && { tab: next as Tab }),
              }),
              replace: true,
              resetScroll: false,
            })
          }
        >
          <Tabs.List className={classes.tabs}>
            {tabs.map((each) => (
              <Tabs.Tab key={each} value={each} ref={each === tab ? intoSight : undefined}>
                {t(`tabs.${each}`)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {result.versions.length > 1 && tab !== 'overview' && tab !== 'method' && tab !== 'moves' && (
            <Group gap="xs" mb="md">
              <Text size="sm" c="dimmed">
                {t('lookAt')}
              </Text>
              <SegmentedControl
                size="xs"
                aria-label={t('lookAt')}
                value={String(index)}
                data={result.versions.map(({ name }, at) => ({ value: String(at), label: name }))}
                onChange={(version) =>
                  void navigate({
                    search: (before: BacktestSearch) => ({ ...before, version: Number(version) }),
                    replace: true,
                    resetScroll: false,
                  })
                }
              />
            </Group>
          )}
          {tabs.map((each) => (
            <Tabs.Panel key={each} value={each}>
              {each === tab && (
                <Stack gap="lg">
                  <Part />
                </Stack>
              )}
            </Tabs.Panel>
          ))}
        </Tabs>
      )}
      <FigureDrawer
        figure={search.figure}
        close={() => void navigate({ search: ({ figure: _, ...rest }: BacktestSearch) => rest, resetScroll: false })}
      />
    </ReportContext>
  )
}
