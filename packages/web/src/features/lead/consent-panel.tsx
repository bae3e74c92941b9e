/** What a lead has allowed and forbidden, how we know, and a way to write the next word down. */
import { Badge, Button, Group, Modal, SegmentedControl, Select, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, type InputOf, type Reply, send } from '../../app/api.ts'
import { queries } from '../../app/queries.ts'
import { refreshLead } from '../../app/refresh.ts'
import { useMay } from '../../app/session.ts'
import { Moment } from '../../ui/moment.tsx'
import { Panel } from '../../ui/panel.tsx'
import { ErrorNote } from '../../ui/states.tsx'
import type { Lead } from './lead-queries.ts'

type Line = Reply<'consent', 'getConsent'>['now'][number]
type Said = InputOf<'consent', 'recordConsent'>['body']

/** Those that Winnow itself has a word for; a company may have others. */
const PURPOSES = ['email', 'phone', 'scoring'] as const
const STATES = ['given', 'withdrawn', 'objected'] as const

export function ConsentPanel({ lead }: { readonly lead: Lead }) {
  const { t } = useTranslation(['lead', 'common'])
  const may = useMay()
  const [isOpen, setOpen] = useState(false)
  const [isWhole, setWhole] = useState(false)
  const { data, error } = useQuery(ask('consent', 'getConsent', { params: { lead: lead.id } }))
  const earlier = (data?.ledger.length ?? 0) > (data?.now.length ?? 0)
  return (
    <Panel
      title={t('consent.title')}
      aside={
        may('decisions:write') && (
          <Button className="no-print" size="compact-xs" variant="default" onClick={() => setOpen(true)}>
            {t('consent.record')}
          </Button>
        )
      }
    >
      <Stack gap="xs">
        {error && <ErrorNote error={error} />}
        {data?.now.length === 0 && (
          <Text size="sm" c="dimmed">
            {t('consent.none')}
          </Text>
        )}
        {(isWhole ? data?.ledger : data?.now)?.map((line) => (
          <Line key={`${line.purpose} ${line.at} ${line.recordedAt}`} line={line} />
        ))}
        {earlier && (
          <Button
            className="no-print"
            size="compact-xs"
            variant="subtle"
            style={{ alignSelf: 'start' }}
            aria-expanded={isWhole}
            onClick={() => setWhole(!isWhole)}
          >
            {t(isWhole ? 'consent.latest' : 'consent.all', { count: data!.ledger.length })}
          </Button>
        )}
      </Stack>
      <Modal
        opened={isOpen}
        onClose={() => setOpen(false)}
        title={t('consent.dialog')}
        closeButtonProps={{ 'aria-label': t('common:actions.close') }}
      >
        <Form lead={lead} close={() => setOpen(false)} />
      </Modal>
    </Panel>
  )
}

const usePurpose = () => {
  const { t } = useTranslation('lead')
  return (purpose: string) => t(`consent.purpose.${purpose}` as 'consent.purpose.email', { defaultValue: purpose })
}

function Line({ line: { purpose, state, at, evidence, by } }: { readonly line: Line }) {
  const { t } = useTranslation('lead')
  const purposeWords = usePurpose()
  return (
    <div>
      <Group gap={6} wrap="nowrap">
        <Text size="sm" fw={550} style={{ overflowWrap: 'anywhere' }}>
          {purposeWords(purpose)}
        </Text>
        <Badge size="sm" variant="default" tt="none">
          {t(`consent.state.${state}`)}
        </Badge>
      </Group>
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {evidence}
      </Text>
      <Text size="xs" c="dimmed" component="div">
        <Moment at={at} /> · {by.name}
      </Text>
    </div>
  )
}

function Form({ lead, close }: { readonly lead: Lead; readonly close: () => void }) {
  const { t } = useTranslation(['lead', 'common'])
  const purposeWords = usePurpose()
  const [purpose, setPurpose] = useState<string>('email')
  const [state, setState] = useState<Said['state']>('given')
  const [at, setAt] = useState('')
  const [evidence, setEvidence] = useState('')
  const recording = useMutation({
    mutationFn: () =>
      send('consent', 'recordConsent', {
        params: { lead: lead.id },
        body: { purpose, state, evidence, ...(at !== '' && { at: new Date(at).toISOString() }) },
      }),
    onSuccess: async () => {
      close()
      await Promise.all([queries.invalidateQueries({ queryKey: ['consent'] }), refreshLead()])
    },
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (evidence.trim() !== '') recording.mutate()
      }}
    >
      <Stack gap="sm">
        <Select
          label={t('consent.about')}
          data={PURPOSES.map((value) => ({ value, label: purposeWords(value) }))}
          value={purpose}
          onChange={(value) => setPurpose(value ?? 'email')}
          allowDeselect={false}
        />
        <SegmentedControl
          fullWidth
          aria-label={t('consent.answer')}
          data={STATES.map((value) => ({ value, label: t(`consent.state.${value}`) }))}
          value={state}
          onChange={(value) => setState(value)}
        />
        {purpose === 'scoring' && state === 'objected' && (
          <Text size="sm" c="dimmed">
            {t('consent.stops')}
          </Text>
        )}
        <Textarea
          label={t('consent.evidence')}
          description={t('consent.evidenceHint')}
          autosize
          minRows={2}
          maxLength={1000}
          required
          value={evidence}
          onChange={(event) => setEvidence(event.currentTarget.value)}
        />
        <TextInput
          type="datetime-local"
          label={t('consent.when')}
          description={t('consent.whenHint')}
          value={at}
          onChange={(event) => setAt(event.currentTarget.value)}
        />
        <Text size="xs" c="dimmed">
          {t('consent.stays')}
        </Text>
        {recording.error && <ErrorNote error={recording.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {t('common:actions.cancel')}
          </Button>
          <Button type="submit" disabled={evidence.trim() === ''} loading={recording.isPending}>
            {t('consent.record')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
