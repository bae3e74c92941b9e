/** A decision with its reason. What it did is told, and taken back by putting the lead where it was. */
import {
  Autocomplete,
  Button,
  Chip,
  Group,
  Modal,
  NumberInput,
  Select,
  Stack,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type InputOf, send } from '../../app/api.ts'
import { useDefinition } from '../../app/definition.ts'
import { ErrorNote } from '../../ui/states.tsx'
import { offerReversal } from '../../app/undo.ts'
import type { Decision } from './decisions.ts'
import { refreshLead } from '../../app/refresh.ts'
import type { Lead } from './lead-queries.ts'
import { type Value, ValueField } from '../../ui/value-field.tsx'

export type Asked = Decision | 'override'
type Body = InputOf<'decisions', 'decide'>['body']

interface Draft {
  readonly reason: string
  readonly amount: number | undefined
  readonly answers: Readonly<Record<string, Value>>
  /** `stage`, or the name of a category. */
  readonly what: string
  readonly to: string | null
  readonly until: string
}
const NOTHING: Draft = { reason: '', amount: undefined, answers: {}, what: 'stage', to: null, until: '' }
const NEEDS_REASON: readonly Asked[] = ['reject', 'recycle', 'disqualify', 'lose', 'override']

export function DecisionDialog({
  lead,
  asked,
  close,
}: {
  readonly lead: Lead
  readonly asked: Asked | undefined
  readonly close: () => void
}) {
  const { t } = useTranslation(['lead', 'common'])
  return (
    <Modal
      opened={asked !== undefined}
      onClose={close}
      title={asked === undefined ? '' : t(`decision.${asked}.title`, { name: lead.name ?? lead.email ?? '' })}
      closeButtonProps={{ 'aria-label': t('common:actions.close') }}
    >
      {asked !== undefined && <Form key={asked} lead={lead} asked={asked} close={close} />}
    </Modal>
  )
}

function Form({ lead, asked, close }: { readonly lead: Lead; readonly asked: Asked; readonly close: () => void }) {
  const { t } = useTranslation(['lead', 'common'])
  const [draft, setDraft] = useState(NOTHING)
  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part })
  const undo = useUndo(lead)
  const deciding = useMutation({
    mutationFn: () => send('decisions', 'decide', { params: { lead: lead.id }, body: bodyOf(asked, draft) }),
    onSuccess: async () => {
      close()
      await refreshLead()
      offerReversal(t(`decision.${asked}.done`), undo)
    },
  })
  const isReady =
    (!NEEDS_REASON.includes(asked) || draft.reason.trim() !== '') && (asked !== 'override' || draft.to !== null)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (isReady) deciding.mutate()
      }}
    >
      <Stack gap="sm">
        {asked === 'qualify' && <Answers lead={lead} draft={draft} change={change} />}
        {asked === 'win' && <Amount draft={draft} change={change} />}
        {asked === 'override' && <Target draft={draft} change={change} />}
        <Reason asked={asked} draft={draft} change={change} />
        {deciding.error && <ErrorNote error={deciding.error} />}
        <Group justify="flex-end" mt="xs">
          <Button variant="default" onClick={close}>
            {t('common:actions.cancel')}
          </Button>
          <Button
            type="submit"
            disabled={!isReady}
            loading={deciding.isPending}
            data-autofocus={!NEEDS_REASON.includes(asked) || undefined}
          >
            {t(asked === 'override' ? 'decision.override.submit' : `decision.${asked}.do`)}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function bodyOf(asked: Asked, { reason, amount, answers, what, to, until }: Draft): Body {
  const said = reason.trim()
  switch (asked) {
    case 'reject':
    case 'recycle':
    case 'disqualify':
    case 'lose':
      return { decision: asked, reason: said }
    case 'accept':
      return { decision: asked, ...(said && { reason: said }) }
    case 'qualify':
      return { decision: asked, answers, ...(said && { reason: said }) }
    case 'win':
      return { decision: asked, ...(amount !== undefined && { amount }), ...(said && { reason: said }) }
    case 'override':
      return {
        decision: asked,
        reason: said,
        override:
          what === 'stage'
            ? { stage: to! }
            : { category: what, level: to!, ...(until && { until: new Date(until).toISOString() }) },
      }
  }
}

/** Nothing in the log is ever taken out: the lead is put where it was, which the log says too. */
function useUndo({ id, stage }: Lead): () => Promise<void> {
  const { t } = useTranslation('lead')
  return async () => {
    if (stage === null) return
    const body = { decision: 'override' as const, reason: t('decision.undoReason'), override: { stage } }
    await send('decisions', 'decide', { params: { lead: id }, body: { ...body, force: true } })
    await refreshLead()
    notifications.show({ message: t('decision.undone') })
  }
}

interface PartProps {
  readonly draft: Draft
  readonly change: (part: Partial<Draft>) => void
}

function Reason({ asked, draft, change }: PartProps & { readonly asked: Asked }) {
  const { t } = useTranslation('lead')
  const { reasons } = useDefinition()
  const given = reasons(asked)
  const isNeeded = NEEDS_REASON.includes(asked)
  if (given.length === 0)
    return (
      <Textarea
        label={t(isNeeded ? 'decision.reason' : 'decision.note')}
        required={isNeeded}
        maxLength={2_000}
        autosize
        minRows={2}
        data-autofocus={isNeeded || undefined}
        value={draft.reason}
        onChange={({ currentTarget }) => change({ reason: currentTarget.value })}
      />
    )
  return (
    <Stack gap="sm">
      <Text size="sm" fw={500}>
        {t('decision.why')}
      </Text>
      <Chip.Group value={given.includes(draft.reason) ? draft.reason : ''} onChange={(reason) => change({ reason })}>
        <Group gap={6}>
          {given.map((reason) => (
            <Chip key={reason} value={reason} size="xs" variant="light">
              {reason}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      <Autocomplete
        label={t('decision.reason')}
        required
        maxLength={2_000}
        data-autofocus
        data={[...given]}
        value={draft.reason}
        onChange={(reason) => change({ reason })}
      />
    </Stack>
  )
}

function Amount({ draft, change }: PartProps) {
  const { t } = useTranslation('lead')
  const { currency } = useDefinition()
  return (
    <NumberInput
      label={t('decision.win.amount')}
      min={0}
      max={1e12}
      thousandSeparator=" "
      suffix={currency === undefined ? '' : ` ${currency}`}
      data-autofocus
      value={draft.amount ?? ''}
      onChange={(amount) => change({ amount: typeof amount === 'number' ? amount : undefined })}
    />
  )
}

/** What a first conversation is about: topics, answered or not. */
function Answers({ lead, draft, change }: PartProps & { readonly lead: Lead }) {
  const { t } = useTranslation('lead')
  const { outline } = useDefinition()
  const open = outline.attributes.filter(
    ({ name, topic, about }) => topic !== null && about === 'lead' && (lead.attributes[name] ?? null) === null,
  )
  if (open.length === 0) return null
  return (
    <Stack gap="xs">
      <Text size="xs" c="dimmed">
        {t('decision.qualify.hint')}
      </Text>
      {open.map((attribute) => (
        <div key={attribute.name}>
          <Text size="sm" mb={2}>
            {attribute.question ?? attribute.label}
          </Text>
          <ValueField
            attribute={attribute}
            label={attribute.question ?? attribute.label}
            value={draft.answers[attribute.name] ?? null}
            onChange={(value) => change({ answers: { ...draft.answers, [attribute.name]: value } })}
          />
        </div>
      ))}
    </Stack>
  )
}

function Target({ draft, change }: PartProps) {
  const { t } = useTranslation('lead')
  const { outline } = useDefinition()
  const category = outline.categories.find(({ name }) => name === draft.what)
  const targets = category?.levels ?? outline.stages
  return (
    <>
      <Text size="xs" c="dimmed">
        {t('decision.override.hint')}
      </Text>
      <Select
        label={t('decision.override.what')}
        data={[
          { value: 'stage', label: t('decision.override.stage') },
          ...outline.categories.map(({ name, label }) => ({ value: name, label })),
        ]}
        value={draft.what}
        onChange={(what) => change({ what: what ?? 'stage', to: null })}
      />
      <Select
        label={t('decision.override.to')}
        required
        data={targets.map(({ name, label }) => ({ value: name, label }))}
        value={draft.to}
        onChange={(to) => change({ to })}
      />
      {category !== undefined && (
        <TextInput
          type="datetime-local"
          label={t('decision.override.until')}
          value={draft.until}
          onChange={({ currentTarget }) => change({ until: currentTarget.value })}
        />
      )}
    </>
  )
}
