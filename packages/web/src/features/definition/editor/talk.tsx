/** What people say about parts of the definition, thread by thread, beside what they talk about. */
import { Badge, Button, Group, Stack, Text, Textarea } from '@mantine/core'
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

/** About the definition as it goes on, or all that was ever said of one draft. */
const commentsQuery = (draft?: string) =>
  ask('comments', 'listComments', draft === undefined ? {} : { query: { draft, resolved: 'with' } })
const renew = () =>
  Promise.all(['comments', 'proposals'].map((area) => queries.invalidateQueries({ queryKey: [area] })))

/** How many threads are open. */
export function useOpenThreads(): number {
  const { data } = useQuery(commentsQuery())
  return data?.items.filter(({ id, thread }) => id === thread).length ?? 0
}

/** @param about  the part that somebody wants to say something about */
export function Talk({
  draft,
  about,
  done,
  mayWrite,
  mayRequest = false,
  nameOf,
}: {
  /** What is proposed; absent: the definition as it goes on. */
  readonly draft?: string
  readonly about: string | undefined
  readonly done: () => void
  readonly mayWrite: boolean
  /** Changes can be requested, and not only things said. */
  readonly mayRequest?: boolean
  /** What a path is called. */
  readonly nameOf: (path: string) => string
}) {
  const { t } = useTranslation('definition')
  const comments = useQuery(commentsQuery(draft))
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
          mayRequest={mayRequest}
          say={async (text, isRequest) => {
            const place = draft === undefined ? {} : { draft, isRequest }
            await send('comments', 'addComment', { body: { path: about ?? '', text, ...place } })
            done()
          }}
        />
      )}
      {threads.length === 0 &&
        (draft === undefined ? (
          <Empty title={t('talk.none')}>{t('talk.noneSaid')}</Empty>
        ) : (
          <Text size="sm" c="dimmed">
            {t('talk.noneYet')}
          </Text>
        ))}
      {threads.map((thread) => (
        <Thread key={thread[0]!.thread} thread={thread} mayWrite={mayWrite} nameOf={nameOf} />
      ))}
    </Stack>
  )
}

interface Settling {
  readonly isResolved: boolean
  readonly outcome?: 'made' | 'withdrawn'
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
    mutationFn: ({ isResolved, outcome }: Settling) =>
      send('comments', 'changeComment', {
        params: { comment: first!.thread },
        body: { isResolved, ...(outcome !== undefined && { outcome }) },
      }),
    onSuccess: async (_, { isResolved }) => {
      await renew()
      if (isResolved) offerReversal(t('talk.settled'), () => settling.mutateAsync({ isResolved: false }))
    },
  })
  const { isRequest, isMine, resolvedAt, resolvedBy, outcome } = first!
  const isSettled = resolvedAt !== null
  return (
    <section className={classes.thread} aria-label={t('talk.thread', { what: nameOf(first!.path) })}>
      <Group justify="space-between" mb={6} gap="xs">
        <Group gap={6}>
          <Text size="xs" fw={600}>
            {nameOf(first!.path)}
          </Text>
          {isRequest && (
            <Badge size="sm" variant="light" color={isSettled ? 'gray' : 'yellow'}>
              {t(outcome === null ? 'talk.requested' : `talk.outcomes.${outcome}`)}
            </Badge>
          )}
          {isSettled && (
            <Text size="xs" c="dimmed">
              {resolvedBy}
            </Text>
          )}
        </Group>
        {mayWrite && !isSettled && (
          <Group gap={4}>
            {isRequest && isMine && (
              <Button
                size="compact-xs"
                variant="subtle"
                color="gray"
                onClick={() => settling.mutate({ isResolved: true, outcome: 'withdrawn' })}
              >
                {t('talk.withdraw')}
              </Button>
            )}
            <Button
              size="compact-xs"
              variant="subtle"
              color="gray"
              onClick={() => settling.mutate({ isResolved: true, ...(isRequest && { outcome: 'made' as const }) })}
            >
              {t(isRequest ? 'talk.made' : 'talk.settle')}
            </Button>
          </Group>
        )}
        {mayWrite && isSettled && (
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            onClick={() => settling.mutate({ isResolved: false })}
          >
            {t('talk.reopen')}
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
      {mayWrite && !isSettled && (
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
  mayRequest = false,
  say,
}: {
  readonly label: string
  readonly hasFocus?: boolean
  readonly mayRequest?: boolean
  readonly say: (text: string, isRequest: boolean) => Promise<void>
}) {
  const { t } = useTranslation('definition')
  const [text, setText] = useState('')
  const saying = useMutation({
    mutationFn: (isRequest: boolean) => say(text, isRequest),
    onSuccess: async () => {
      setText('')
      await renew()
    },
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (text.trim() !== '') saying.mutate(false)
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
        <Group gap="xs" mt={4}>
          <Button type="submit" size="compact-xs" loading={saying.isPending}>
            {t('talk.say')}
          </Button>
          {mayRequest && (
            <Button size="compact-xs" variant="default" loading={saying.isPending} onClick={() => saying.mutate(true)}>
              {t('talk.request')}
            </Button>
          )}
        </Group>
      )}
    </form>
  )
}
