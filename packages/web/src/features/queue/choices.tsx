/** What is asked before a lead is rejected, put off, or a call is noted. */
import { Textarea } from '@mantine/core'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDefinition } from '../../app/definition.ts'
import { useFormats } from '../../app/format.ts'
import { Choice, OwnAnswer } from './choice.tsx'
import type { Queued } from './order.ts'
import { nameOf } from './sayings.ts'
import { laterThan } from './times.ts'
import type { Doing, Outcome } from './use-doing.ts'

export type Asked = 'reject' | 'call' | 'snooze'
const OUTCOMES: readonly Outcome[] = ['reached', 'no_answer', 'voicemail', 'wrong_number', 'callback']

interface Asking {
  readonly item: Queued
  readonly doing: Doing
  readonly close: () => void
}

export function Choices({ asked, ...asking }: Asking & { readonly asked: Asked }) {
  if (asked === 'reject') return <RejectChoice {...asking} />
  if (asked === 'call') return <CallChoice {...asking} />
  return <SnoozeChoice {...asking} />
}

function RejectChoice({ item, doing, close }: Asking) {
  const { t } = useTranslation('queue')
  const { reasons } = useDefinition()
  const answers = useMemo(() => {
    const give = (reason: string) => {
      close()
      doing.reject(item, reason)
    }
    return reasons('reject').map((reason) => ({ label: reason, run: () => give(reason) }))
  }, [reasons, item, doing, close])
  return (
    <Choice title={t('choice.reject', { name: nameOf(item, t('nobody')) })} answers={answers} close={close}>
      <OwnAnswer
        label={t('choice.other')}
        submit={t('choice.otherSubmit')}
        give={(reason) => {
          close()
          doing.reject(item, reason)
        }}
      />
    </Choice>
  )
}

function SnoozeChoice({ item, doing, close }: Asking) {
  const { t } = useTranslation('queue')
  return (
    <TimeChoice
      title={t('choice.snooze', { name: nameOf(item, t('nobody')) })}
      close={close}
      give={(at) => {
        close()
        doing.snooze(item, at)
      }}
    />
  )
}

function CallChoice({ item, doing, close }: Asking) {
  const { t } = useTranslation('queue')
  const [note, setNote] = useState('')
  const [isCallback, setCallback] = useState(false)
  const said = note.trim() === '' ? {} : { note: note.trim() }
  const name = nameOf(item, t('nobody'))
  if (isCallback) {
    return (
      <TimeChoice
        title={t('choice.callback', { name })}
        close={close}
        give={(at) => {
          close()
          doing.call(item, { outcome: 'callback', callbackAt: new Date(at).toISOString(), ...said })
        }}
      />
    )
  }
  const give = (outcome: Outcome) => {
    if (outcome === 'callback') return setCallback(true)
    close()
    return doing.call(item, { outcome, ...said })
  }
  return (
    <Choice
      title={t('choice.call', { name })}
      answers={OUTCOMES.map((outcome) => ({ label: t(`calls.${outcome}`), run: () => give(outcome) }))}
      close={close}
    >
      <Textarea
        mt="xs"
        label={t('choice.note')}
        description={t('choice.noteHint')}
        autosize
        minRows={2}
        maxLength={5_000}
        value={note}
        onChange={({ currentTarget: { value } }) => setNote(value)}
      />
    </Choice>
  )
}

function TimeChoice({
  title,
  close,
  give,
}: {
  readonly title: string
  readonly close: () => void
  readonly give: (at: number) => void
}) {
  const { t } = useTranslation('queue')
  const formats = useFormats()
  const [asked] = useState(() => Date.now())
  const answers = laterThan(asked).map(({ name, at }) => ({
    label: t(`later.${name}`),
    note: formats.dateTime(at),
    run: () => give(at),
  }))
  return (
    <Choice title={title} answers={answers} close={close}>
      <OwnAnswer
        type="datetime-local"
        label={t('choice.at')}
        submit={t('choice.atSubmit')}
        give={(local) => give(new Date(local).getTime())}
      />
    </Choice>
  )
}
