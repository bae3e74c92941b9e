/** One file: what was understood of it, what it becomes, a try, and the real thing. */
import { Button, Group, Modal, Progress, Stack, Text } from '@mantine/core'
import { IconDownload, IconPlayerPlay, IconTrash } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { addressOf, ask, type InputOf, send } from '../../app/api.ts'
import { useFormats } from '../../app/format.ts'
import { queries } from '../../app/queries.ts'
import { Moment } from '../../ui/moment.tsx'
import { Page } from '../../ui/page.tsx'
import { ErrorNote, PageSkeleton } from '../../ui/states.tsx'
import classes from './import.module.css'
import { JobState, useFileSize } from './job-words.tsx'
import type { Job } from './mapping.ts'
import { MappingForm } from './mapping-form.tsx'
import { Refusals } from './refusals.tsx'

export type Reading = Omit<NonNullable<InputOf<'imports', 'runImport'>['body']>, 'isTrial'>

const LOOK_MS = 700

const isBusy = ({ state }: Pick<Job, 'state'>) => state === 'waiting' || state === 'running'

export function ImportJobPage() {
  const { import: id } = useParams({ from: '/inside/import/$import' })
  const query = useQuery({
    ...ask('imports', 'getImport', { params: { import: id } }),
    refetchInterval: ({ state: { data } }) => (data !== undefined && isBusy(data) ? LOOK_MS : false),
  })
  if (query.isPending) return <PageSkeleton />
  if (query.data === undefined) return <NotThere error={query.error} retry={() => void query.refetch()} />
  return <JobView key={id} job={query.data} />
}

function NotThere({ error, retry }: { readonly error: Error; readonly retry: () => void }) {
  const { t } = useTranslation('import')
  return (
    <Page title={t('title')}>
      <ErrorNote error={error} retry={retry} />
    </Page>
  )
}

/** What is done with the file: whatever comes of it is the job's new state. */
function useJob(job: Job) {
  const show = (next: Job) => {
    queries.setQueryData(ask('imports', 'getImport', { params: { import: job.id } }).queryKey, next)
    void queries.invalidateQueries({ queryKey: ['imports', 'listImports'] })
  }
  const running = useMutation({
    mutationFn: ({ reading, isTrial }: { readonly reading: Reading; readonly isTrial: boolean }) =>
      send('imports', 'runImport', { params: { import: job.id }, body: { ...reading, isTrial } }),
    onSuccess: show,
  })
  const cancelling = useMutation({
    mutationFn: () => send('imports', 'cancelImport', { params: { import: job.id } }),
    onSuccess: show,
  })
  return { running, cancelling }
}

function JobView({ job }: { readonly job: Job }) {
  const size = useFileSize()
  const [isMapping, setMapping] = useState(job.state === 'uploaded')
  const { running, cancelling } = useJob(job)
  const run = (reading: Reading, isTrial: boolean) =>
    running.mutate({ reading, isTrial }, { onSuccess: () => setMapping(false) })
  const isForm = isMapping && !isBusy(job)
  useRenewedLeads(job)
  return (
    <Page
      title={job.name}
      beside={
        <>
          {size(job.bytes)} · <Moment at={job.createdAt} /> · {job.createdBy}
        </>
      }
      actions={<Forget job={job} />}
    >
      <Steps at={isForm ? 0 : job.isTrial || isBusy(job) ? 1 : 2} />
      {running.error && <ErrorNote error={running.error} />}
      {isForm ? (
        <MappingForm job={job} run={run} isStarting={running.isPending} />
      ) : isBusy(job) ? (
        <Running job={job} cancel={() => cancelling.mutate()} isCancelling={cancelling.isPending} />
      ) : (
        <Ended job={job} run={run} isStarting={running.isPending} map={() => setMapping(true)} />
      )}
    </Page>
  )
}

/** What came in is to be seen in lists. */
function useRenewedLeads({ state, isTrial }: Job): void {
  const isIn = state === 'done' && !isTrial
  useEffect(() => {
    if (!isIn) return
    for (const area of ['leads', 'lead-list', 'queue']) void queries.invalidateQueries({ queryKey: [area] })
  }, [isIn])
}

function Steps({ at }: { readonly at: number }) {
  const { t } = useTranslation('import')
  return (
    <ol className={classes.steps} aria-label={t('steps.label')}>
      {(['map', 'try', 'take'] as const).map((step, index) => (
        <li key={step} aria-current={index === at ? 'step' : undefined}>
          <i aria-hidden>{index + 1}</i>
          {t(`steps.${step}`)}
        </li>
      ))}
    </ol>
  )
}

function Running({
  job,
  cancel,
  isCancelling,
}: {
  readonly job: Job
  readonly cancel: () => void
  readonly isCancelling: boolean
}) {
  const { t } = useTranslation('import')
  const share = job.bytes === 0 ? 0 : (100 * job.bytesRead) / job.bytes
  const formats = useFormats()
  return (
    <section className={classes.panel} aria-label={t('running.label')}>
      <Group justify="space-between" mb="xs">
        <Text fw={560}>{t(job.isTrial ? 'running.trying' : 'running.taking')}</Text>
        <Button size="compact-sm" variant="default" onClick={cancel} loading={isCancelling}>
          {t('running.stop')}
        </Button>
      </Group>
      <Progress value={share} aria-label={t('running.label')} />
      <Text size="sm" c="dimmed" mt="xs" className="tabular">
        {t('running.rows', { rows: formats.number(job.counts.rows, 0), share: formats.percent(share / 100) })}
      </Text>
    </section>
  )
}

interface EndedProps {
  readonly job: Job
  readonly run: (reading: Reading, isTrial: boolean) => void
  readonly isStarting: boolean
  readonly map: () => void
}

function Ended({ job, run, isStarting, map }: EndedProps) {
  const { t } = useTranslation('import')
  const { counts, isTrial, state } = job
  const taken = counts.rows - counts.refusedRows - counts.duplicates
  const isNothing = state === 'done' && counts.rows > 0 && taken <= 0
  return (
    <Stack gap="md">
      <section className={classes.panel} aria-label={t('result.label')}>
        <Group justify="space-between" mb="sm">
          <Group gap="sm">
            <Text fw={580} component="h2" m={0} size="lg">
              {t(titleOf(job))}
            </Text>
            <JobState job={job} />
          </Group>
        </Group>
        {job.error && <Failure job={job} />}
        {state === 'cancelled' && <Text size="sm">{t('result.cancelled')}</Text>}
        {state !== 'uploaded' && state !== 'failed' && <Figures job={job} />}
        {isNothing && (
          <Text size="sm" mt="sm">
            {t('result.onlyRefused')}
          </Text>
        )}
        <Group mt="md" gap="xs">
          {isTrial && state === 'done' && !isNothing && (
            <Button
              leftSection={<IconPlayerPlay size={15} aria-hidden />}
              loading={isStarting}
              onClick={() => run(readingAgain(job), false)}
            >
              {t('result.take', { count: taken })}
            </Button>
          )}
          {!isTrial && state === 'done' && (
            <Button renderRoot={(props) => <Link to="/leads" search={{ import: job.id }} {...props} />}>
              {t('result.see')}
            </Button>
          )}
          <Button variant="default" onClick={map}>
            {t('result.map')}
          </Button>
          {!isTrial && (state === 'done' || state === 'cancelled') && (
            <Button variant="default" loading={isStarting} onClick={() => run(readingAgain(job), false)}>
              {t(state === 'done' ? 'result.again' : 'result.goOn')}
            </Button>
          )}
        </Group>
        {!isTrial && state === 'done' && (
          <Text size="xs" c="dimmed" mt="xs">
            {t('result.againHint')}
          </Text>
        )}
      </section>
      {counts.refusedRows + counts.incompleteRows > 0 && (
        <section className={classes.panel} aria-label={t('refused.label')}>
          <Group justify="space-between" mb="xs">
            <h2 className={classes.heading}>{t('refused.title')}</h2>
            <Button
              component="a"
              href={addressOf('imports', 'getRejects', { params: { import: job.id } })}
              download
              size="compact-sm"
              variant="default"
              leftSection={<IconDownload size={15} aria-hidden />}
            >
              {t('refused.download')}
            </Button>
          </Group>
          <Text size="sm" c="dimmed" mb="xs">
            {t('refused.hint')}
          </Text>
          <Refusals job={job} />
        </section>
      )}
    </Stack>
  )
}

const titleOf = ({ state, isTrial }: Job) => {
  if (state === 'failed') return 'result.failed'
  if (state === 'cancelled') return 'result.stopped'
  return isTrial ? 'result.tried' : 'result.taken'
}

/** As it was read the last time. */
const readingAgain = ({ reading: { encoding, ...rest } }: Job): Reading => ({
  ...rest,
  ...(encoding !== undefined && { encoding: encoding as NonNullable<Reading['encoding']> }),
})

function Failure({ job: { error } }: { readonly job: Job }) {
  return (
    error && (
      <Text size="sm" component="div" role="alert" c="var(--w-bad)">
        {error.message}
        <Text size="sm" c="dimmed">
          {error.hint}
        </Text>
      </Text>
    )
  )
}

function Figures({ job: { counts, isTrial } }: { readonly job: Job }) {
  const { t } = useTranslation('import')
  const formats = useFormats()
  const figures = [
    ['rows', counts.rows],
    ...(isTrial
      ? []
      : ([
          ['stored', counts.stored],
          ['repeated', counts.repeated],
        ] as const)),
    ...(counts.conflicting > 0 ? ([['conflicting', counts.conflicting]] as const) : []),
    ...(counts.keptOut > 0 ? ([['keptOut', counts.keptOut]] as const) : []),
    ...(counts.duplicates > 0 ? ([['duplicates', counts.duplicates]] as const) : []),
    ['refused', counts.refusedRows],
    ...(counts.incompleteRows > 0 ? ([['incomplete', counts.incompleteRows]] as const) : []),
  ] as const
  return (
    <dl className={classes.figures}>
      {figures.map(([name, value]) => (
        <div key={name} data-bad={(name === 'refused' && value > 0) || undefined}>
          <dt>{t(`counts.${name}`)}</dt>
          <dd>{formats.number(value, 0)}</dd>
        </div>
      ))}
    </dl>
  )
}

function Forget({ job }: { readonly job: Job }) {
  const { t } = useTranslation('import')
  const navigate = useNavigate()
  const [isAsking, setAsking] = useState(false)
  const forgetting = useMutation({
    mutationFn: () => send('imports', 'deleteImport', { params: { import: job.id } }),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['imports', 'listImports'] })
      void navigate({ to: '/import' })
    },
  })
  return (
    <>
      <Button
        variant="subtle"
        color="gray"
        size="compact-md"
        disabled={isBusy(job)}
        leftSection={<IconTrash size={15} aria-hidden />}
        onClick={() => setAsking(true)}
      >
        {t('forget.open')}
      </Button>
      <Modal
        opened={isAsking}
        onClose={() => setAsking(false)}
        title={t('forget.open')}
        closeButtonProps={{ 'aria-label': t('actions.close', { ns: 'common' }) }}
      >
        <Text size="sm">{t('forget.ask')}</Text>
        {forgetting.error && <ErrorNote error={forgetting.error} />}
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={() => setAsking(false)}>
            {t('actions.cancel', { ns: 'common' })}
          </Button>
          <Button color="red" loading={forgetting.isPending} onClick={() => forgetting.mutate()}>
            {t('forget.submit')}
          </Button>
        </Group>
      </Modal>
    </>
  )
}
