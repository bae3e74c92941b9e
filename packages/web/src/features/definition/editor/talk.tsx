/** What people say about parts of the definition, thread by thread, beside what they talk about. */
import { Button, Group, Stack, Text, Textarea } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, send, type Reply } from '../../../app/api.ts'
import { queries } from '../../../app/queries.ts'
import { Moment } from '../../../ui/moment.tsx'
import { Person } from '../../../ui/person.tsx'
import { Empty, ErrorNote, RowsSkeleton } from '../../../ui/states.tsx'
import { offerReversal } from '../../../app/undo.ts'
import classes from './talk.module.css'

type Comment = Reply<'comments', 'listComments'>['items'][number]

const commentsQuery = () => ask('comments', 'listComments', {})
const renew = () => queries.invalidateQueries({ queryKey: commentsQuery().queryKey })

/** How many threads are open. */
export function useOpenThreads(): number {
  const { data } = useQuery(commentsQuery())
  return data?.items.filter(({ id, thread }) => id === thread).length ?? 0
}

/** @param about  the part that somebody wants to say something about */
export function Talk({
  about,
  done,
  mayWrite,
  nameOf,
}: {
  readonly about: string | undefined
  readonly done: () => void
  readonly mayWrite: boolean
  /** What a path is called. */
  readonly nameOf: (path: string) => string
}) {
  const { t } = useTranslation('definition')
  const comments = useQuery(commentsQuery())
  if (comments.error) return <ErrorNote error={comments.error} retry={() => void comments.refetch()} />
  if (comments.data === undefined) return <RowsSkeleton count={3} />
  const threads = [...Map.groupBy(comments.data.items, ({ thread }) => thread).values()]
  return (
    <Stack gap="md">
      {mayWrite && (
        <Say
          key={about}
          label={about === undefined ? t('talk.aboutAll') : t('talk.about', { what: nameOf(about) })}
          hasFocus={about !== undefined}
          say={async (text) => {
            await send('comments', 'addComment', { body: { path: about ?? '', text } })
            done()
          }}
        />
      )}
      {threads.length === 0 && <Empty title={t('talk.none')}>{t('talk.noneSaid')}</Empty>}
      {threads.map((thread) => (
        <Thread key={thread[0]!.thread} thread={thread} mayWrite={mayWrite} nameOf={nameOf} />
      ))}
    </Stack>
  )
}

function Thread({
  thread,
  mayWrite,
  nameOf,
}: {
  readonly thread: readonly Comment[]
  readonly mayWrite: boolean
  readonly nameOf: (path: string) => string
}) {
  const { t } = useTranslation('definition')
  const [first] = thread
  const settling = useMutation({
    mutationFn: (isResolved: boolean) =>
      send('comments', 'changeComment', { params: { comment: first!.thread }, body: { isResolved } }),
    onSuccess: async (_, isResolved) => {
      await renew()
      if (isResolved) offerReversal(t('talk.settled'), () => settling.mutateAsync(false))
    },
  })
  return (
    <section className={classes.thread} aria-label={t('talk.thread', { what: nameOf(first!.path) })}>
      <Group justify="space-between" mb={6} gap="xs">
        <Text size="xs" fw={600}>
          {nameOf(first!.path)}
        </Text>
        {mayWrite && (
          <Button size="compact-xs" variant="subtle" color="gray" onClick={() => settling.mutate(true)}>
            {t('talk.settle')}
          </Button>
        )}
      </Group>
      <Stack gap="sm">
        {thread.map(({ id, by, at, text }) => (
          <Group key={id} gap="xs" wrap="nowrap" align="flex-start">
            <Person name={by.name} size={22} />
            <div>
              <Text size="xs">
                <b>{by.name}</b>{' '}
                <Text span inherit c="dimmed">
                  <Moment at={at} />
                </Text>
              </Text>
              <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
                {text}
              </Text>
            </div>
          </Group>
        ))}
      </Stack>
      {settling.error && <ErrorNote error={settling.error} />}
      {mayWrite && (
        <Say
          label={t('talk.answer')}
          say={async (text) => {
            await send('comments', 'addComment', { body: { thread: first!.thread, text } })
          }}
        />
      )}
    </section>
  )
}

function Say({
  label,
  hasFocus = false,
  say,
}: {
  readonly label: string
  readonly hasFocus?: boolean
  readonly say: (text: string) => Promise<void>
}) {
  const { t } = useTranslation('definition')
  const [text, setText] = useState('')
  const saying = useMutation({
    mutationFn: () => say(text),
    onSuccess: async () => {
      setText('')
      await renew()
    },
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (text.trim() !== '') saying.mutate()
      }}
    >
      <Textarea
        ref={(field) => {
          if (hasFocus && text === '') field?.focus()
        }}
        size="xs"
        mt="xs"
        autosize
        minRows={1}
        aria-label={label}
        placeholder={label}
        maxLength={5000}
        value={text}
        onChange={({ currentTarget: { value } }) => setText(value)}
      />
      {saying.error && <ErrorNote error={saying.error} />}
      {text.trim() !== '' && (
        <Button type="submit" size="compact-xs" mt={4} loading={saying.isPending}>
          {t('talk.say')}
        </Button>
      )}
    </form>
  )
}
