/** What the meeting adds: who was there, what was said and decided, who signed, and when the next one is. */
import {
  ActionIcon,
  Button,
  Group,
  NumberInput,
  Pill,
  Select,
  Stack,
  Text,
  Textarea,
  TextInput,
  Title,
} from '@mantine/core'
import { IconPencil, IconSignature, IconTrash } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, send } from '../../app/api.ts'
import { useFormats } from '../../app/format.ts'
import { queries } from '../../app/queries.ts'
import { useMay, useMe } from '../../app/session.ts'
import { Panel } from '../../ui/panel.tsx'
import { ErrorNote } from '../../ui/states.tsx'
import { isRate, MEASURES, type PromiseMade, useMeasureWords } from './measures.ts'
import classes from './reviews.module.css'
import type { Review } from './review-page.tsx'

/** The bell tells of a review that is due. */
const NOTICES = ask('proposals', 'listNotices').queryKey

const TEAMS = ['marketing', 'sales'] as const

/** Every change answers with the whole review. */
function useChange<Input>(review: string, change: (input: Input) => Promise<Review>) {
  return useMutation({
    mutationFn: change,
    onSuccess: (next) => {
      queries.setQueryData(ask('reviews', 'getReview', { params: { review } }).queryKey, next)
      for (const name of ['listReviews', 'getDue'] as const)
        void queries.invalidateQueries({ queryKey: ['reviews', name] })
      void queries.invalidateQueries({ queryKey: NOTICES })
    },
  })
}

export function Meeting({ review }: { readonly review: Review }) {
  const { t } = useTranslation('reviews')
  const may = useMay()
  const isOpen = review.signedAt === null && may('definitions:write')
  return (
    <>
      <Panel title={t('meeting.title')}>
        <div className={classes.meeting}>
          <Decisions review={review} isOpen={isOpen} />
          <Notes review={review} isOpen={isOpen} />
          <Attendance review={review} isOpen={isOpen} />
          <NextDate review={review} isOpen={isOpen} />
        </div>
      </Panel>
      <Signatures review={review} />
    </>
  )
}

interface Part {
  readonly review: Review
  /** Whether it can still be changed, and by whoever looks. */
  readonly isOpen: boolean
}

function Decisions({ review, isOpen }: Part) {
  const { t } = useTranslation('reviews')
  const words = useMeasureWords()
  const remove = useChange(review.id, (decision: string) =>
    send('reviews', 'deleteReviewDecision', { params: { review: review.id, decision } }),
  )
  return (
    <section className={classes.wholeRow}>
      <Title order={3}>{t('meeting.decisions')}</Title>
      {remove.error && <ErrorNote error={remove.error} />}
      <ol className={classes.decisions}>
        {review.decided.map((decision) => (
          <li key={decision.id}>
            <span>
              <Text span fw={560}>
                {decision.text}
              </Text>
              <Text size="sm" c="dimmed">
                {[decision.owner, decision.promise && words.promise(decision.promise)]
                  .filter((each) => each !== null)
                  .join(' · ')}
              </Text>
            </span>
            <Group gap={4} wrap="nowrap" className="no-print">
              <DraftButton review={review.id} decision={decision} />
              {isOpen && (
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={t('meeting.removeDecision')}
                  onClick={() => remove.mutate(decision.id)}
                >
                  <IconTrash size={16} />
                </ActionIcon>
              )}
            </Group>
          </li>
        ))}
      </ol>
      {isOpen && <NewDecision review={review.id} />}
    </section>
  )
}

function DraftButton({ review, decision }: { readonly review: string; readonly decision: Review['decided'][number] }) {
  const { t } = useTranslation('reviews')
  const may = useMay()
  const navigate = useNavigate()
  const open = useMutation({
    mutationFn: () => send('reviews', 'draftDecision', { params: { review, decision: decision.id }, body: {} }),
    onSuccess: async ({ draft }) => {
      void queries.invalidateQueries({ queryKey: ['definitions'] })
      void queries.invalidateQueries({ queryKey: ['reviews'] })
      await navigate({ to: '/definition/drafts/$draft', params: { draft } })
    },
  })
  if (decision.draft !== null)
    return (
      <Link to="/definition/drafts/$draft" params={{ draft: decision.draft }} className="link">
        {t('meeting.toDraft')}
      </Link>
    )
  if (!may('definitions:write')) return null
  return (
    <Button
      size="compact-sm"
      variant="default"
      leftSection={<IconPencil size={14} />}
      loading={open.isPending}
      onClick={() => open.mutate()}
    >
      {t('meeting.draft')}
    </Button>
  )
}

function NewDecision({ review }: { readonly review: string }) {
  const { t } = useTranslation('reviews')
  const [text, setText] = useState('')
  const [owner, setOwner] = useState('')
  const [measure, setMeasure] = useState<PromiseMade['measure']>()
  const [goal, setGoal] = useState<PromiseMade['goal']>('at_least')
  const [value, setValue] = useState<number>()
  const promise =
    measure === undefined || value === undefined
      ? null
      : { measure, goal, value: isRate(measure) ? value / 100 : value }
  const add = useChange(review, () =>
    send('reviews', 'addReviewDecision', {
      params: { review },
      body: { text, owner: owner.trim() === '' ? null : owner, promise },
    }),
  )
  const clear = () => {
    setText('')
    setOwner('')
    setMeasure(undefined)
    setValue(undefined)
  }
  return (
    <form
      className="no-print"
      onSubmit={(event) => {
        event.preventDefault()
        add.mutate(undefined, { onSuccess: clear })
      }}
    >
      {add.error && <ErrorNote error={add.error} />}
      <div className={classes.newDecision}>
        <TextInput
          className={classes.wholeRow}
          label={t('meeting.decision')}
          required
          maxLength={1000}
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
        />
        <TextInput
          label={t('meeting.owner')}
          maxLength={200}
          value={owner}
          onChange={({ currentTarget }) => setOwner(currentTarget.value)}
        />
        <Select
          label={t('meeting.promise')}
          data={[
            { value: '', label: t('meeting.noPromise') },
            ...MEASURES.map((each) => ({ value: each, label: t(`measures.${each}`) })),
          ]}
          value={measure ?? ''}
          onChange={(next) => setMeasure(MEASURES.find((each) => each === next))}
        />
        {measure !== undefined && (
          <>
            <Select
              label={t('meeting.goal')}
              data={(['at_least', 'at_most'] as const).map((each) => ({
                value: each,
                label: t(`goals.${each}`, { value: '…' }),
              }))}
              value={goal}
              onChange={(next) => setGoal(next === 'at_most' ? next : 'at_least')}
            />
            <NumberInput
              size="sm"
              label={isRate(measure) ? `${t('meeting.value')} ${t('meeting.percent')}` : t('meeting.value')}
              required
              min={0}
              max={isRate(measure) ? 100 : 1_000_000}
              value={value ?? ''}
              onChange={(next) => setValue(typeof next === 'number' ? next : undefined)}
            />
          </>
        )}
      </div>
      <Button type="submit" mt="sm" variant="default" loading={add.isPending}>
        {t('meeting.addDecision')}
      </Button>
    </form>
  )
}

function Notes({ review, isOpen }: Part) {
  const { t } = useTranslation('reviews')
  const formats = useFormats()
  const [text, setText] = useState('')
  const params = { review: review.id }
  const add = useChange(review.id, () => send('reviews', 'addReviewNote', { params, body: { text } }))
  const remove = useChange(review.id, (note: string) =>
    send('reviews', 'deleteReviewNote', { params: { ...params, note } }),
  )
  const error = add.error ?? remove.error
  return (
    <section className={classes.wholeRow}>
      <Title order={3}>{t('meeting.notes')}</Title>
      {error && <ErrorNote error={error} />}
      <ul className={classes.notes}>
        {review.notes.map((note) => (
          <li key={note.id}>
            <div>
              <Text size="sm" className={classes.noteText}>
                {note.text}
              </Text>
              <Text size="xs" c="dimmed">
                {note.by} · {formats.dateTime(note.at)}
              </Text>
            </div>
            {isOpen && note.isMine && (
              <ActionIcon
                className="no-print"
                variant="subtle"
                color="gray"
                aria-label={t('meeting.removeNote')}
                onClick={() => remove.mutate(note.id)}
              >
                <IconTrash size={16} />
              </ActionIcon>
            )}
          </li>
        ))}
      </ul>
      {isOpen && (
        <form
          className="no-print"
          onSubmit={(event) => {
            event.preventDefault()
            add.mutate(undefined, { onSuccess: () => setText('') })
          }}
        >
          <Textarea
            label={t('meeting.note')}
            required
            autosize
            minRows={2}
            maxLength={5000}
            value={text}
            onChange={({ currentTarget }) => setText(currentTarget.value)}
          />
          <Button type="submit" mt="sm" variant="default" loading={add.isPending}>
            {t('meeting.addNote')}
          </Button>
        </form>
      )}
    </section>
  )
}

function Attendance({ review, isOpen }: Part) {
  const { t } = useTranslation('reviews')
  const [name, setName] = useState('')
  const change = useChange(review.id, (attendance: Review['attendance']) =>
    send('reviews', 'changeReview', { params: { review: review.id }, body: { attendance } }),
  )
  const { attendance } = review
  return (
    <section>
      <Title order={3}>{t('meeting.attendance')}</Title>
      {change.error && <ErrorNote error={change.error} />}
      <Pill.Group my={6}>
        {attendance.map((person) => (
          <Pill
            key={person.name}
            withRemoveButton={isOpen}
            removeButtonProps={{ 'aria-label': t('meeting.notThere', { name: person.name }), 'aria-hidden': false }}
            onRemove={() => change.mutate(attendance.filter((each) => each !== person))}
          >
            {person.name}
          </Pill>
        ))}
      </Pill.Group>
      {isOpen && (
        <form
          className="no-print"
          onSubmit={(event) => {
            event.preventDefault()
            if (!attendance.some((person) => person.name === name.trim()))
              change.mutate([...attendance, { name: name.trim(), team: null }])
            setName('')
          }}
        >
          <TextInput
            label={t('meeting.add')}
            required
            maxLength={200}
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
        </form>
      )}
    </section>
  )
}

function NextDate({ review, isOpen }: Part) {
  const { t } = useTranslation('reviews')
  const formats = useFormats()
  const change = useChange(review.id, (nextAt: string | null) =>
    send('reviews', 'changeReview', { params: { review: review.id }, body: { nextAt } }),
  )
  const day = review.nextAt?.slice(0, 10) ?? ''
  return (
    <section>
      <Title order={3} mb={6}>
        {t('meeting.next')}
      </Title>
      {change.error && <ErrorNote error={change.error} />}
      {isOpen ? (
        <TextInput
          type="date"
          w={180}
          aria-label={t('meeting.next')}
          value={day}
          onChange={({ currentTarget: { value } }) => change.mutate(value === '' ? null : `${value}T00:00:00Z`)}
        />
      ) : (
        <Text size="sm">{review.nextAt === null ? '–' : formats.date(review.nextAt)}</Text>
      )}
    </section>
  )
}

function Signatures({ review }: { readonly review: Review }) {
  const { t } = useTranslation('reviews')
  const formats = useFormats()
  const may = useMay()
  const { role } = useMe()
  const sign = useChange(review.id, (team: (typeof TEAMS)[number]) =>
    send('reviews', 'signReview', { params: { review: review.id }, body: { team } }),
  )
  return (
    <Panel title={t('sign.title')}>
      {sign.error && <ErrorNote error={sign.error} />}
      <Stack gap="sm">
        {TEAMS.map((team) => {
          const signature = review.signatures.find((each) => each.team === team)
          if (signature !== undefined)
            return (
              <Text key={team} size="sm">
                <b>{t('sign.by', { team: t(`teams.${team}`), name: signature.name })}</b> ·{' '}
                {formats.dateTime(signature.at)}
              </Text>
            )
          const isMine = may('definitions:publish') && (role === team || role === 'admin')
          return (
            <Group key={team} gap="sm">
              <Text size="sm">{t('sign.waiting', { team: t(`teams.${team}`) })}</Text>
              {isMine && review.isPrepared && (
                <Button
                  className="no-print"
                  size="compact-md"
                  leftSection={<IconSignature size={16} />}
                  loading={sign.isPending}
                  onClick={() => sign.mutate(team)}
                >
                  {t('sign.for', { team: t(`teams.${team}`) })}
                </Button>
              )}
            </Group>
          )
        })}
        <Text size="xs" c="dimmed">
          {review.signedAt === null ? t('sign.said') : t('sign.done', { at: formats.dateTime(review.signedAt) })}
        </Text>
      </Stack>
    </Panel>
  )
}
