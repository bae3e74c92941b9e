/** What the edited definition would do: at once on a sample, and then on everybody. */
import { Button, Group, Progress, Stack, Table, Text, Tooltip } from '@mantine/core'
import { IconArrowNarrowRight } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, send, type Reply } from '../../../app/api.ts'
import { useDefinition } from '../../../app/definition.ts'
import { useFormats } from '../../../app/format.ts'
import { useMay } from '../../../app/session.ts'
import { toneOf } from '../../../ui/level-chip.tsx'
import { ErrorNote, RowsSkeleton } from '../../../ui/states.tsx'
import classes from './effect.module.css'
import type { CategoryEffect, Effect } from './protocol.ts'

export function EffectPanel({ effect, isLive }: { readonly effect: Effect | undefined; readonly isLive: boolean }) {
  const { t } = useTranslation('definition')
  const formats = useFormats()
  if (effect === undefined) return <RowsSkeleton count={3} />
  if (effect.leads === 0)
    return (
      <Text size="sm" c="dimmed">
        {t('effect.nobody')}
      </Text>
    )
  return (
    <Stack gap="sm" data-testid="effect">
      <Text size="sm" aria-live="polite">
        {isLive
          ? t('effect.moved', {
              count: effect.moved,
              moved: formats.number(effect.moved),
              leads: formats.number(effect.leads),
            })
          : t('effect.first', { leads: formats.number(effect.leads) })}
      </Text>
      {effect.categories
        .filter(({ what }) => what !== 'stage')
        .map((each) => (
          <Bars key={each.what} effect={each} isLive={isLive} />
        ))}
      <Weekly effect={effect} />
    </Stack>
  )
}

/** A category before and after, as two bars over one another. */
function Bars({
  effect: { what, levels, before, after, moves },
  isLive,
}: {
  readonly effect: Pick<CategoryEffect, 'what' | 'levels' | 'before' | 'after'> & { readonly moves: readonly unknown[] }
  readonly isLive: boolean
}) {
  const { t } = useTranslation('definition')
  const { categoryLabel, level: levelOf } = useDefinition()
  const { family } = levelOf(what, levels[0] ?? '')
  const rows = isLive
    ? ([['before', before] as const, ['after', after] as const] as const)
    : ([['after', after]] as const)
  return (
    <section aria-label={categoryLabel(what)}>
      <Group justify="space-between" mb={3} gap="xs">
        <Text size="xs" fw={600}>
          {categoryLabel(what)}
        </Text>
        <Text size="xs" c="dimmed">
          {isLive && (moves.length === 0 ? t('effect.same') : t('effect.change', { count: moves.length }))}
        </Text>
      </Group>
      {rows.map(([when, counts]) => (
        <div key={when} className={classes.row}>
          <span className={classes.when}>{isLive ? t(`effect.${when}`) : ''}</span>
          <div className={classes.bar}>
            {levels.map((level, rank) => {
              const count = counts[rank]!
              if (count === 0) return null
              return (
                <Tooltip key={level} label={`${level}: ${count}`}>
                  <span
                    className={classes.part}
                    data-tone={toneOf({ rank, count: levels.length, family })}
                    style={{ flexGrow: count }}
                  >
                    <b>{level}</b> <span data-testid={`${what}-${level}-${when}`}>{count}</span>
                  </span>
                </Tooltip>
              )
            })}
          </div>
        </div>
      ))}
    </section>
  )
}

/** How many come to each stage in a week, reckoned from the sample to everybody. */
function Weekly({ effect: { weekly, leads, total } }: { readonly effect: Effect }) {
  const { t } = useTranslation('definition')
  const formats = useFormats()
  const { stageLabel, outline } = useDefinition()
  const side = new Set(outline.stages.filter(({ isSide }) => isSide).map(({ name }) => name))
  const factor = leads === 0 ? 0 : total / leads
  const shown = weekly.filter(({ stage, before, after }) => !side.has(stage) && (before > 0 || after > 0))
  if (shown.length === 0) return null
  return (
    <section aria-label={t('effect.weekly')}>
      <Text size="xs" fw={600} mb={3}>
        {t('effect.weekly')}
      </Text>
      <Group gap="md">
        {shown.map(({ stage, before, after }) => (
          <Text key={stage} size="xs" className="tabular">
            <Text span c="dimmed" inherit>
              {stageLabel(stage)}
            </Text>{' '}
            {formats.number(before * factor)} <IconArrowNarrowRight size={12} aria-label={t('effect.to')} />{' '}
            <b data-changed={before !== after || undefined}>{formats.number(after * factor)}</b>
          </Text>
        ))}
      </Group>
    </section>
  )
}

// --- Everybody -------------------------------------------------------------------------------------------------------

type Trial = Reply<'definitions', 'getTrial'>
const STEP_MS = 700
const isOver = (trial: Trial | undefined) =>
  trial !== undefined && trial.state !== 'waiting' && trial.state !== 'running'

/** The server tries the text on all leads, and says who would be elsewhere. */
export function TrialPanel({ text, isUsable }: { readonly text: string; readonly isUsable: boolean }) {
  const { t } = useTranslation('definition')
  const [started, setStarted] = useState<{ readonly id: string; readonly text: string }>()
  const starting = useMutation({
    mutationFn: () => send('definitions', 'startTrial', { body: { text } }),
    onSuccess: ({ id }) => setStarted({ id, text }),
  })
  const trial = useQuery({
    ...ask('definitions', 'getTrial', { params: { trial: started?.id ?? '' } }),
    enabled: started !== undefined,
    refetchInterval: ({ state }) => (isOver(state.data) ? false : STEP_MS),
  })
  const result = trial.data?.result
  const isRunning = starting.isPending || (started !== undefined && !isOver(trial.data))
  return (
    <Stack gap="sm">
      <Group gap="sm">
        <Button
          size="compact-sm"
          variant="default"
          disabled={!isUsable}
          loading={isRunning}
          onClick={() => starting.mutate()}
        >
          {t('trial.start')}
        </Button>
        <Text size="xs" c="dimmed" flex={1} miw={0}>
          {started !== undefined && started.text !== text ? t('trial.outdated') : t('trial.said')}
        </Text>
      </Group>
      {(starting.error ?? trial.error) && <ErrorNote error={(starting.error ?? trial.error)!} />}
      {isRunning && <Progress value={100} animated size="xs" aria-label={t('trial.running')} />}
      {trial.data?.state === 'failed' && <Text size="sm">{t('trial.failed')}</Text>}
      {result && <TrialResult trial={started!.id} result={result} />}
    </Stack>
  )
}

/** What a trial on all leads says. @param trial  absent where it is forgotten by now who exactly would move */
export function TrialResult({
  trial,
  result,
}: {
  readonly trial: string | null
  readonly result: NonNullable<Trial['result']>
}) {
  const { t } = useTranslation('definition')
  const formats = useFormats()
  const { outline } = useDefinition()
  /** Best first, as the live version ranks them; what only the other one has comes last. */
  const inOrder = (what: string, levels: readonly string[]) => {
    const ranks = outline.categories.find(({ name }) => name === what)?.levels.map(({ name }) => name) ?? []
    const rankOf = (level: string) => (ranks.includes(level) ? ranks.indexOf(level) : ranks.length)
    return levels.toSorted((one, other) => rankOf(one) - rankOf(other))
  }
  return (
    <Stack gap="sm">
      <Text size="sm" aria-live="polite">
        {t('trial.moved', {
          count: result.moved,
          moved: formats.number(result.moved),
          leads: formats.number(result.leads),
        })}
        {result.kept > 0 && ` ${t('trial.kept', { count: result.kept })}`}
      </Text>
      {result.changes
        .filter(({ what }) => what !== 'stage')
        .map(({ what, before, after, moves }) => {
          const levels = inOrder(what, [...new Set([...Object.keys(before), ...Object.keys(after)])])
          return (
            <Bars
              key={what}
              isLive
              effect={{
                what,
                levels,
                before: levels.map((level) => before[level] ?? 0),
                after: levels.map((level) => after[level] ?? 0),
                moves: moves
                  .filter(({ from, to }) => from !== to)
                  .flatMap(({ count }) => Array.from({ length: count })),
              }}
            />
          )
        })}
      <Moves trial={trial} result={result} />
    </Stack>
  )
}

/** Who would be elsewhere, one kind of move at a time. */
function Moves({ trial, result }: { readonly trial: string | null; readonly result: NonNullable<Trial['result']> }) {
  const { t } = useTranslation('definition')
  const { categoryLabel, stageLabel } = useDefinition()
  const may = useMay()
  const kinds = result.changes.flatMap(({ what, moves }) =>
    moves.filter(({ from, to }) => from !== to && from !== '' && to !== '').map((move) => ({ what, ...move })),
  )
  const [chosen, setChosen] = useState(kinds[0])
  const people = useQuery({
    ...ask('definitions', 'listTrialMoves', {
      params: { trial: trial ?? '' },
      query: chosen === undefined ? {} : { what: chosen.what, from: chosen.from, to: chosen.to },
    }),
    enabled: trial !== null && chosen !== undefined && may('leads:read'),
  })
  if (kinds.length === 0) return null
  const nameOf = (what: string, level: string) => (what === 'stage' ? stageLabel(level) : level)
  const said = (kind: (typeof kinds)[number]) =>
    `${kind.what === 'stage' ? '' : `${categoryLabel(kind.what)}: `}${nameOf(kind.what, kind.from)} → ${nameOf(kind.what, kind.to)} · ${kind.count}`
  if (trial === null)
    return (
      <Text size="xs" c="dimmed">
        {kinds.map(said).join('; ')}
      </Text>
    )
  return (
    <>
      <Group gap={6}>
        {kinds.map((kind) => (
          <Button
            key={`${kind.what} ${kind.from} ${kind.to}`}
            size="compact-xs"
            variant={kind === chosen ? 'light' : 'default'}
            aria-pressed={kind === chosen}
            onClick={() => setChosen(kind)}
          >
            {said(kind)}
          </Button>
        ))}
      </Group>
      {people.error && <ErrorNote error={people.error} />}
      {people.data && (
        <Table fz="xs" aria-label={t('trial.who')}>
          <Table.Tbody>
            {people.data.items.map(({ lead, account }) => (
              <Table.Tr key={lead.id}>
                <Table.Td>
                  <Link to="/leads/$lead" params={{ lead: lead.id }} className="link">
                    {lead.name ?? lead.email ?? lead.id}
                  </Link>
                </Table.Td>
                <Table.Td c="dimmed">{account}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </>
  )
}
