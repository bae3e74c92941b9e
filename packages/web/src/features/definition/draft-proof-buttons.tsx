import { Button, Loader, Popover, Progress, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconChartHistogram, IconCircleCheck, IconGauge, IconHelpCircle } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ask, type Reply, send } from '../../app/api.ts'
import { queries } from '../../app/queries.ts'
import { useMay } from '../../app/session.ts'
import { GateVerdict } from '../../ui/gate-line.tsx'
import { ErrorNote } from '../../ui/states.tsx'

type Gate = Reply<'backtests', 'getGate'>

const LOOK_MS = 700
const isBusy = ({ backtest }: Gate) => backtest?.state === 'waiting' || backtest?.state === 'running'
const gateQuery = (draft: string) => ask('backtests', 'getGate', { params: { draft } })

export function DraftProofButtons({ draft }: { readonly draft: string }) {
  const { t } = useTranslation('gate')
  const may = useMay()
  const gate = useQuery({
    ...gateQuery(draft),
    refetchInterval: ({ state: { data } }) => (data !== undefined && isBusy(data) ? LOOK_MS : false),
  })
  if (!may('definitions:write')) return null
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconChartHistogram size={16} aria-hidden />}
        renderRoot={(props) => <Link to="/backtests" search={{ new: true, draft }} {...props} />}
      >
        {t('backtest')}
      </Button>
      <Popover width={400} position="bottom-end" withArrow shadow="md" trapFocus returnFocus>
        <Popover.Target>
          <Button variant="default" leftSection={<Sign gate={gate.data} />}>
            {t('open')}
          </Button>
        </Popover.Target>
        <Popover.Dropdown aria-label={t('open')}>
          {gate.error && <ErrorNote error={gate.error} retry={() => void gate.refetch()} />}
          {gate.data !== undefined && <GateOfDraft draft={draft} gate={gate.data} />}
        </Popover.Dropdown>
      </Popover>
    </>
  )
}

/** What the gate says, as far as it still speaks of the draft as it is. */
function Sign({ gate }: { readonly gate: Gate | undefined }) {
  if (gate !== undefined && isBusy(gate)) return <Loader size={14} />
  if (gate?.lines === null || gate?.lines === undefined || !gate.isCurrent) return <IconGauge size={16} aria-hidden />
  const verdicts = gate.lines.map(({ verdict }) => verdict)
  if (verdicts.some((each) => each === 'flooded' || each === 'starved'))
    return <IconAlertTriangle size={16} color="var(--w-warm)" aria-hidden />
  if (verdicts.includes('unclear')) return <IconHelpCircle size={16} aria-hidden />
  return <IconCircleCheck size={16} color="var(--w-good)" aria-hidden />
}

function GateOfDraft({ draft, gate }: { readonly draft: string; readonly gate: Gate }) {
  const { t } = useTranslation('gate')
  const running = useMutation({
    mutationFn: () => send('backtests', 'runGate', { params: { draft }, body: {} }),
    onSuccess: (next) => queries.setQueryData(gateQuery(draft).queryKey, next),
  })
  const { backtest, lines, isCurrent, needsReason } = gate
  const isOld = backtest !== null && !isCurrent
  return (
    <Stack gap="sm">
      <Text size="sm">{t('what')}</Text>
      {isBusy(gate) && backtest !== null && (
        <Progress
          value={backtest.total === null || backtest.total === 0 ? 0 : (100 * backtest.done) / backtest.total}
          animated
          aria-label={t('running')}
        />
      )}
      {!isBusy(gate) && backtest?.error && (
        <Text size="sm" c="red">
          {backtest.error.message}
        </Text>
      )}
      {lines?.length === 0 && <Text size="sm">{t('noCapacity')}</Text>}
      {lines?.map((line) => (
        <GateVerdict key={`${line.team} ${line.stage}`} line={line} />
      ))}
      {isOld && !isBusy(gate) && (
        <Text size="xs" c="dimmed">
          {t('old')}
        </Text>
      )}
      {needsReason && isCurrent && <Text size="sm">{t('needsReason')}</Text>}
      {running.error && <ErrorNote error={running.error} />}
      {!isBusy(gate) && (
        <Button
          variant={lines === null || isOld ? 'filled' : 'default'}
          loading={running.isPending}
          onClick={() => running.mutate()}
        >
          {t(backtest === null ? 'run' : 'runAgain')}
        </Button>
      )}
      {backtest !== null && !isBusy(gate) && lines !== null && (
        <Link
          to="/backtests/$backtest"
          params={{ backtest: backtest.id }}
          search={{ tab: 'capacity' }}
          className="link"
        >
          <Text size="sm" span>
            {t('all')}
          </Text>
        </Link>
      )}
    </Stack>
  )
}
