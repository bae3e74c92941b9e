/** Files: dropping a new one, and those that were there before. */
import '@mantine/dropzone/styles.css'
import { Button, Group, Loader, Stack, Text } from '@mantine/core'
import { Dropzone } from '@mantine/dropzone'
import { IconFileSpreadsheet } from '@tabler/icons-react'
import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError, type Reply, send } from '../../app/api.ts'
import { useFormats } from '../../app/format.ts'
import { queries } from '../../app/queries.ts'
import { useMay } from '../../app/session.ts'
import { Moment } from '../../ui/moment.tsx'
import { Page } from '../../ui/page.tsx'
import { Empty, ErrorNote, RowsSkeleton } from '../../ui/states.tsx'
import classes from './import.module.css'
import { JobState, useFileSize } from './job-words.tsx'
import type { Job } from './mapping.ts'

/** What the server takes. */
const BYTES_MAX = 1024 ** 3

export function ImportPage() {
  const { t } = useTranslation('import')
  const may = useMay()
  if (!may('imports:write'))
    return (
      <Page title={t('title')}>
        <Empty title={t('states.noRight', { ns: 'common' })}>{t('noRight')}</Empty>
      </Page>
    )
  return (
    <Page title={t('title')}>
      <DropFile />
      <PastImports />
    </Page>
  )
}

function DropFile() {
  const { t } = useTranslation('import')
  const navigate = useNavigate()
  const formats = useFormats()
  const size = useFileSize()
  const stop = useRef<AbortController>(undefined)
  const uploading = useMutation({
    mutationFn: (file: File) => {
      if (file.size > BYTES_MAX) throw tooLarge(t('tooLarge', { size: size(file.size) }), t('tooLargeHint'))
      if (file.size === 0) throw tooLarge(t('emptyFile'), t('emptyFileHint'))
      stop.current = new AbortController()
      return send(
        'imports',
        'uploadImport',
        { query: { name: file.name.slice(0, 200) } },
        {
          upload: file,
          headers: { 'content-type': 'application/octet-stream' },
          signal: stop.current.signal,
        },
      )
    },
    onSuccess: (job) => {
      void queries.invalidateQueries({ queryKey: ['imports'] })
      void navigate({ to: '/import/$import', params: { import: job.id } })
    },
  })
  const { error, isPending, variables } = uploading
  return (
    <>
      <Dropzone
        multiple={false}
        loading={false}
        disabled={isPending}
        onDrop={([file]) => file && uploading.mutate(file)}
        className={classes.drop}
        inputProps={{ 'aria-label': t('drop.label') }}
        aria-label={t('drop.label')}
      >
        <Group justify="center" gap="md" mih={110} style={{ pointerEvents: 'none' }}>
          {isPending ? (
            <Loader size={28} />
          ) : (
            <IconFileSpreadsheet size={36} stroke={1.3} color="var(--w-accent)" aria-hidden />
          )}
          <div>
            <Text fw={580}>{isPending ? t('drop.sending', { name: variables?.name }) : t('drop.title')}</Text>
            <Text size="sm" c="dimmed">
              {isPending ? size(variables?.size ?? 0) : t('drop.hint', { columns: formats.number(500) })}
            </Text>
          </div>
        </Group>
      </Dropzone>
      {isPending && (
        <Button mt="xs" size="compact-sm" variant="default" onClick={() => stop.current?.abort()}>
          {t('actions.cancel', { ns: 'common' })}
        </Button>
      )}
      {error && error.name !== 'AbortError' && <ErrorNote error={error} />}
    </>
  )
}

const tooLarge = (message: string, hint: string) => new ApiError(413, { code: 'too_large', message, hint })

function PastImports() {
  const { t } = useTranslation('import')
  const size = useFileSize()
  const formats = useFormats()
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage } = useInfiniteQuery<
    Reply<'imports', 'listImports'>,
    ApiError
  >({
    queryKey: ['imports', 'listImports'],
    queryFn: ({ pageParam, signal }) => {
      const cursor = pageParam as string | undefined
      return send(
        'imports',
        'listImports',
        { query: { limit: 20, ...(cursor !== undefined && { cursor }) } },
        { signal },
      )
    },
    initialPageParam: undefined,
    getNextPageParam: ({ next }) => next,
    refetchInterval: ({ state }) => (state.data?.pages.some(({ items }) => items.some(isBusy)) === true ? 1500 : false),
  })
  if (isPending) return <RowsSkeleton count={4} />
  if (error && data === undefined) return <ErrorNote error={error} retry={() => void refetch()} />
  const jobs = data.pages.flatMap(({ items }) => items)
  if (jobs.length === 0) return <Empty title={t('past.none')}>{t('past.noneHint')}</Empty>
  return (
    <Stack gap="xs" mt="lg">
      <h2 className={classes.heading}>{t('past.title')}</h2>
      <div className={classes.scrolls}>
        <table className={classes.list}>
          <thead>
            <tr>
              <th>{t('past.file')}</th>
              <th>{t('past.state')}</th>
              <th data-number>{t('counts.stored')}</th>
              <th data-number>{t('counts.refused')}</th>
              <th>{t('past.when')}</th>
            </tr>
          </thead>
          <tbody>
            {jobs.map((job) => (
              <tr key={job.id}>
                <td>
                  <Link to="/import/$import" params={{ import: job.id }} className={classes.file}>
                    {job.name}
                  </Link>
                  <span className={classes.size}>{size(job.bytes)}</span>
                </td>
                <td>
                  <JobState job={job} />
                </td>
                <td data-number>{job.isTrial ? '–' : formats.number(job.counts.stored, 0)}</td>
                <td data-number>{formats.number(job.counts.refusedRows, 0)}</td>
                <td>
                  <Moment at={job.createdAt} />
                  <span className={classes.size}>{job.createdBy}</span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {hasNextPage && (
        <Button variant="default" size="compact-sm" onClick={() => void fetchNextPage()}>
          {t('actions.showMore', { ns: 'common' })}
        </Button>
      )}
    </Stack>
  )
}

const isBusy = ({ state }: Job) => state === 'waiting' || state === 'running'
