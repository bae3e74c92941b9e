import { Button, Group, Modal, Radio, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { send } from '../../../app/api.ts'
import { useNow } from '../../../app/clock.ts'
import { useFormats } from '../../../app/format.ts'
import { localMinute } from '../../../app/local-minute.ts'
import { ErrorNote } from '../../../ui/states.tsx'
import { afterProposing, type Proposal, type Side } from '../queries.ts'
import classes from './proposal.module.css'

interface DialogProps {
  readonly proposal: Proposal
  readonly close: () => void
}

/** One's name under exactly what the page has shown. */
export function SignDialog({ proposal, close }: DialogProps) {
  const { t } = useTranslation(['definition', 'common'])
  const formats = useFormats()
  const { signAs } = proposal.may
  const [side, setSide] = useState<Side>(signAs[0]!)
  const [note, setNote] = useState('')
  const signing = useMutation({
    mutationFn: () =>
      send('proposals', 'signProposal', {
        params: { proposal: proposal.id },
        body: { as: side, digest: proposal.digest!, note: note.trim() === '' ? null : note },
      }),
    onSuccess: async (next) => {
      close()
      await afterProposing(next)
    },
  })
  const moved = proposal.trial.result?.moved ?? 0
  return (
    <Modal opened onClose={close} title={t('proposal.signTitle', { name: proposal.name })}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          signing.mutate()
        }}
      >
        <Stack gap="md">
          <Text size="sm">
            {t('proposal.signSaid', {
              changes: t('proposal.changesCount', { count: proposal.changes.length }),
              moved: t('proposal.movedCount', { count: moved, moved: formats.number(moved) }),
            })}
          </Text>
          {proposal.mode === 'one_person' ? (
            <Text size="sm">{t('proposal.signAlone')}</Text>
          ) : signAs.length > 1 ? (
            <Radio.Group
              label={t('proposal.signAs')}
              description={t('proposal.signAsHint')}
              value={side}
              onChange={(value) => setSide(value)}
            >
              <Group mt="xs">
                {signAs.map((each) => (
                  <Radio key={each} value={each} label={t(`proposal.sides.${each}`)} />
                ))}
              </Group>
            </Radio.Group>
          ) : (
            <Text size="sm">{t(`proposal.signFor.${side}`)}</Text>
          )}
          <Textarea
            label={t('proposal.signNote')}
            maxLength={2000}
            autosize
            minRows={2}
            data-autofocus
            value={note}
            onChange={({ currentTarget }) => setNote(currentTarget.value)}
          />
          <div className={classes.digest}>{t('proposal.digest', { digest: proposal.digest })}</div>
          {signing.error && <ErrorNote error={signing.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t('common:actions.cancel')}
            </Button>
            <Button type="submit" loading={signing.isPending}>
              {t('proposal.sign')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

export function GoLiveDialog({ proposal, close }: DialogProps) {
  const { t } = useTranslation(['definition', 'common'])
  const now = useNow()
  const [when, setWhen] = useState<'now' | 'later'>('now')
  const [at, setAt] = useState(() => localMinute(nextMorning(now)))
  const [reason, setReason] = useState('')
  const going = useMutation({
    mutationFn: () =>
      send('proposals', 'goLive', {
        params: { proposal: proposal.id },
        body: {
          at: when === 'later' ? new Date(at).toISOString() : null,
          gateReason: reason.trim() === '' ? null : reason,
        },
      }),
    onSuccess: async (next) => {
      close()
      await afterProposing(next)
    },
  })
  return (
    <Modal opened onClose={close} title={t('proposal.goLiveTitle', { name: proposal.name })}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          going.mutate()
        }}
      >
        <Stack gap="md">
          <Text size="sm">{t(when === 'now' ? 'publish.said' : 'proposal.laterSaid')}</Text>
          <Radio.Group
            label={t('proposal.when')}
            value={when}
            onChange={(value) => setWhen(value === 'later' ? 'later' : 'now')}
          >
            <Group mt="xs">
              <Radio value="now" label={t('proposal.now')} />
              <Radio value="later" label={t('proposal.later')} />
            </Group>
          </Radio.Group>
          {when === 'later' && (
            <TextInput
              type="datetime-local"
              label={t('proposal.at')}
              description={t('proposal.atHint')}
              required
              min={localMinute(now)}
              value={at}
              onChange={({ currentTarget }) => setAt(currentTarget.value)}
            />
          )}
          <Textarea
            label={t('proposal.gateReason')}
            description={t('proposal.gateReasonHint')}
            maxLength={2000}
            autosize
            minRows={1}
            value={reason}
            onChange={({ currentTarget }) => setReason(currentTarget.value)}
          />
          {going.error && <ErrorNote error={going.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t('common:actions.cancel')}
            </Button>
            <Button type="submit" loading={going.isPending}>
              {t(when === 'now' ? 'proposal.goLive' : 'proposal.schedule')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

/** Six o'clock: before anybody works by it. */
function nextMorning(now: number): number {
  const date = new Date(now)
  date.setDate(date.getDate() + 1)
  return date.setHours(6, 0, 0, 0)
}
