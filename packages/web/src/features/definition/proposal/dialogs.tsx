import { Button, Group, Modal, Radio, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import type { GateLine } from '@winnow/engine'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError, ask, send, type Reply } from '../../../app/api.ts'
import { useNow } from '../../../app/clock.ts'
import { useFormats } from '../../../app/format.ts'
import { localMinute } from '../../../app/local-minute.ts'
import { withTexts } from '../../../app/text.ts'
import { ErrorNote } from '../../../ui/states.tsx'
import { afterProposing, type Proposal, type Side } from '../queries.ts'
import classes from './proposal.module.css'

const GateReason = lazy(withTexts('gate', async () => ({ default: (await import('../gate-reason.tsx')).GateReason })))

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
  // It holds the text that was proposed against capacity: a draft that changes is withdrawn.
  const gate = useQuery({
    ...ask('backtests', 'getGate', { params: { draft: proposal.draft } }),
    enabled: proposal.hasDraft,
    staleTime: 0,
    refetchInterval: ({ state: { data } }) => (isCounting(data) ? LOOK_MS : false),
  })
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
  const shut = shutLines(going.error)
  const needsReason = gate.data?.needsReason === true || shut !== undefined
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
          {needsReason && (
            <Suspense>
              <GateReason lines={gate.data?.lines ?? shut ?? []} reason={reason} write={setReason} />
            </Suspense>
          )}
          {isCounting(gate.data) && (
            <Text size="sm" c="dimmed">
              {t('proposal.gateCounting')}
            </Text>
          )}
          {going.error && shut === undefined && <ErrorNote error={going.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t('common:actions.cancel')}
            </Button>
            <Button
              type="submit"
              loading={going.isPending || gate.isLoading}
              disabled={needsReason && reason.trim() === ''}
            >
              {t(when === 'now' ? 'proposal.goLive' : 'proposal.schedule')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

type Gate = Reply<'backtests', 'getGate'>
const LOOK_MS = 700
const isCounting = (gate: Gate | undefined): boolean =>
  gate?.backtest?.state === 'waiting' || gate?.backtest?.state === 'running'

/** What the server held against it, where nobody could see that before. */
const shutLines = (error: unknown): readonly GateLine[] | undefined =>
  error instanceof ApiError && error.code === 'gate_shut'
    ? ((error.details as { readonly lines?: readonly GateLine[] } | undefined)?.lines ?? [])
    : undefined

/** Six o'clock: before anybody works by it. */
function nextMorning(now: number): number {
  const date = new Date(now)
  date.setDate(date.getDate() + 1)
  return date.setHours(6, 0, 0, 0)
}
