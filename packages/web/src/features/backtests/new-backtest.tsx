/** What to ask: which versions, of which time, of whom, and what counts as known. */
import {
  Alert,
  Button,
  Group,
  MultiSelect,
  Radio,
  SegmentedControl,
  Select,
  Stack,
  Text,
  TextInput,
} from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, type InputOf, send } from '../../app/api.ts'
import { useNow } from '../../app/clock.ts'
import { useDefinition } from '../../app/definition.ts'
import { queries } from '../../app/queries.ts'
import { useMay } from '../../app/session.ts'
import { ErrorNote } from '../../ui/states.tsx'
import classes from './backtests.module.css'
import { DroppedVersion, type FromFile } from './dropped-version.tsx'
import { AS_USUAL, NewCapacity } from './new-capacity.tsx'
import { Folded } from './section.tsx'
import { dayOf, instantOfDay, type Period, periodBefore, PERIODS } from './period.ts'

type Body = NonNullable<InputOf<'backtests', 'startBacktest'>['body']>
const VERSIONS_MAX = 4
const HORIZONS = ['30', '60', '90', '180', '365'] as const
/** So many values a split is readable with. */
const SPLITS_MAX = 5

export function NewBacktest({ draft, close }: { readonly draft: string | undefined; readonly close: () => void }) {
  const { t } = useTranslation(['backtests', 'common'])
  const navigate = useNavigate()
  const now = useNow()
  const words = useDefinition()
  const may = useMay()
  const all = useVersions()
  const [chosen, setChosen] = useState<readonly string[]>()
  const versions = chosen ?? all.suggested(draft)
  const [files, setFiles] = useState<readonly FromFile[]>([])
  const [capacity, setCapacity] = useState(AS_USUAL)
  const [period, setPeriod] = useState<Period>('year')
  const [own, setOwn] = useState({
    from: dayOf(periodBefore(now, 'year').from),
    to: dayOf(periodBefore(now, 'year').to),
  })
  const [horizon, setHorizon] = useState<string>('90')
  const [known, setKnown] = useState<'received' | 'happened'>('received')
  const [segment, setSegment] = useState<string | null>(null)
  const [source, setSource] = useState('')
  const attributes = words.outline.attributes.filter(({ type }) => type === 'choice').map(({ name }) => name)
  const [splits, setSplits] = useState<string[]>()
  const splitBy = splits ?? attributes.filter((name) => name === 'source' || name === 'industry')
  const segments = useQuery({ ...ask('segments', 'listSegments'), enabled: may('leads:read') })
  const starting = useMutation({
    mutationFn: (body: Body) => send('backtests', 'startBacktest', { body }),
    onSuccess: async ({ id }) => {
      await queries.invalidateQueries({ queryKey: ['backtests', 'listBacktests'] })
      await navigate({ to: '/backtests/$backtest', params: { backtest: id } })
    },
  })
  const span = period === 'own' ? { from: instantOfDay(own.from), to: instantOfDay(own.to) } : periodBefore(now, period)
  const isPossible = versions.length + files.length > 0 && span.from < span.to && own.from !== '' && own.to !== ''
  const start = () =>
    starting.mutate({
      versions: [...versions, ...files],
      ...span,
      holidays: [...capacity.holidays],
      workdays: [...capacity.workdays],
      ...(capacity.handover !== null && { handover: capacity.handover }),
      ...(capacity.reps !== null && { reps: { sales: capacity.reps } }),
      horizonDays: Number(horizon),
      known,
      splitBy,
      ...(segment !== null && { segment }),
      ...(source.trim() !== '' && { source: source.trim() }),
    })
  return (
    <section className={classes.section} aria-label={t('new.title')}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          start()
        }}
      >
        <Stack gap="lg">
          <MultiSelect
            label={t('new.versions')}
            description={t('new.versionsSaid')}
            data={all.data}
            value={[...versions]}
            onChange={setChosen}
            maxValues={VERSIONS_MAX - files.length}
            searchable
            hidePickedOptions
            nothingFoundMessage={t('new.noVersion')}
            error={all.error?.message}
            comboboxProps={{ withinPortal: true }}
          />
          <DroppedVersion
            given={files}
            add={(file) => setFiles([...files, file])}
            remove={(at) => setFiles(files.toSpliced(at, 1))}
            isFull={versions.length + files.length >= VERSIONS_MAX}
          />
          <div>
            <Text size="sm" fw={560} mb={4} id="backtest-period">
              {t('new.period')}
            </Text>
            <SegmentedControl
              aria-labelledby="backtest-period"
              value={period}
              onChange={(next) => setPeriod(next)}
              data={PERIODS.map((value) => ({ value, label: t(`new.periods.${value}`) }))}
            />
            {period === 'own' && (
              <Group gap="xs" mt="xs" wrap="nowrap">
                <TextInput
                  type="date"
                  aria-label={t('new.from')}
                  value={own.from}
                  onChange={({ currentTarget: { value } }) => setOwn((before) => ({ ...before, from: value }))}
                />
                <span aria-hidden>–</span>
                <TextInput
                  type="date"
                  aria-label={t('new.to')}
                  value={own.to}
                  onChange={({ currentTarget: { value } }) => setOwn((before) => ({ ...before, to: value }))}
                />
              </Group>
            )}
          </div>
          <div className={classes.fields}>
            <Select
              label={t('new.horizon')}
              value={horizon}
              onChange={(next) => next !== null && setHorizon(next)}
              data={HORIZONS.map((value) => ({ value, label: t('new.horizonDays', { count: Number(value) }) }))}
            />
            <Select
              label={t('new.segment')}
              value={segment}
              onChange={setSegment}
              placeholder={t('new.everybody')}
              clearable
              allowDeselect
              data={(segments.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
              nothingFoundMessage={t('new.noSegment')}
            />
            <TextInput
              label={t('new.source')}
              placeholder={t('new.everySource')}
              value={source}
              maxLength={1000}
              onChange={({ currentTarget: { value } }) => setSource(value)}
            />
          </div>
          <Radio.Group label={t('new.known')} value={known} onChange={(next) => setKnown(next)}>
            <div className={classes.choices}>
              {(['received', 'happened'] as const).map((value) => (
                <Radio.Card key={value} value={value} className={classes.choice}>
                  <Group wrap="nowrap" align="flex-start" gap="sm">
                    <Radio.Indicator mt={2} />
                    <span>
                      <Text size="sm" fw={560}>
                        {t(`known.${value}.title`)}
                      </Text>
                      <Text size="sm" c="dimmed">
                        {t(`known.${value}.said`)}
                      </Text>
                    </span>
                  </Group>
                </Radio.Card>
              ))}
            </div>
          </Radio.Group>
          {attributes.length > 0 && (
            <MultiSelect
              label={t('new.splitBy')}
              description={t('new.splitBySaid')}
              data={attributes.map((value) => ({ value, label: words.attributeLabel(value) }))}
              value={splitBy}
              onChange={setSplits}
              maxValues={SPLITS_MAX}
              clearable
            />
          )}
          <Folded label={t('new.capacity')}>
            <NewCapacity asked={capacity} change={setCapacity} span={span} />
          </Folded>
          {all.isEmpty && <Alert variant="light">{t('states.noDefinition', { ns: 'common' })}</Alert>}
          {starting.error && <ErrorNote error={starting.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              {t('common:actions.cancel')}
            </Button>
            <Button type="submit" loading={starting.isPending} disabled={!isPossible}>
              {t('new.start')}
            </Button>
          </Group>
        </Stack>
      </form>
    </section>
  )
}

/** Everything that can be replayed: what is live, what was, and what is being prepared. */
function useVersions() {
  const { t } = useTranslation('backtests')
  const versions = useQuery(ask('definitions', 'listVersions', {}))
  const drafts = useQuery(ask('definitions', 'listDrafts'))
  const past = versions.data?.items ?? []
  const label = (version: number, name: string) => t('new.versionNamed', { version, name })
  const option = ({ version, name }: (typeof past)[number]) => ({
    value: `version:${version}`,
    label: label(version, name),
  })
  const live = past.filter(({ status }) => status === 'live')
  const old = past.filter(({ status }) => status !== 'live')
  const draft = (drafts.data?.items ?? []).map(({ id, name }) => ({ value: `draft:${id}`, label: name }))
  const groups = [
    { group: t('new.live'), items: live.map(option) },
    { group: t('new.drafts'), items: draft },
    { group: t('new.past'), items: old.map(option) },
  ]
  return {
    data: groups.filter(({ items }) => items.length > 0),
    error: versions.error ?? drafts.error,
    isEmpty: versions.data?.items.length === 0 && drafts.data?.items.length === 0,
    /** The version before, the live one, and the draft that somebody came from: first what is compared with. */
    suggested: (from: string | undefined): readonly string[] => {
      const now = live.map(({ version }) => `version:${version}`)
      if (from !== undefined)
        return draft.some(({ value }) => value === `draft:${from}`) ? [...now, `draft:${from}`] : now
      return [...old.slice(0, 1).map(({ version }) => `version:${version}`), ...now]
    },
  }
}
