import { Button, Group, Modal, ScrollArea, Stack, Text, Textarea, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { lazy, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, type InputOf, type Reply } from '../../app/api.ts'
import { withTexts } from '../../app/text.ts'
import { ErrorNote, RowsSkeleton } from '../../ui/states.tsx'
import { ChangesList } from './changes-list.tsx'
import { Refusal } from './refusal.tsx'
import { afterPublishing } from './queries.ts'

const GateReason = lazy(withTexts('gate', async () => ({ default: (await import('./gate-reason.tsx')).GateReason })))

/** What changes, in words, and a note to those who will ask why. */
export function PublishDialog({
  title,
  said,
  suggestion = '',
  isOpen,
  close,
  compare,
  draft,
  publish,
  children,
}: {
  readonly title: string
  readonly said: string
  readonly suggestion?: string
  readonly isOpen: boolean
  readonly close: () => void
  readonly compare: InputOf<'definitions', 'diffDefinitions'>['query']
  /** Whose capacity gate is asked. */
  readonly draft?: string
  readonly publish: (note: string, gateReason: string | null) => Promise<Reply<'definitions', 'publishDraft'>>
  readonly children?: ReactNode
}) {
  const { t } = useTranslation(['definition', 'common'])
  const navigate = useNavigate()
  const [note, setNote] = useState(suggestion)
  const [reason, setReason] = useState('')
  const gate = useQuery({
    ...ask('backtests', 'getGate', { params: { draft: draft ?? '' } }),
    enabled: isOpen && draft !== undefined,
  })
  const needsReason = gate.data?.needsReason === true
  const changes = useQuery({
    ...ask('definitions', 'diffDefinitions', { query: compare! }),
    enabled: isOpen,
    staleTime: 0,
    retry: false,
  })
  const publishing = useMutation({
    mutationFn: () => publish(note, needsReason ? reason : null),
    onSuccess: async ({ version }) => {
      close()
      notifications.show({ message: t('publish.done', { version }) })
      await navigate({ to: '/definition' })
      await afterPublishing()
    },
  })
  const isFirst = changes.error?.code === 'no_definition'
  return (
    <Modal opened={isOpen} onClose={close} title={title} size="lg">
      <Stack gap="md">
        <Text size="sm">{said}</Text>
        {children}
        <div>
          <Title order={3} mb="xs">
            {t('publish.changes')}
          </Title>
          {isFirst ? (
            <Text size="sm" c="dimmed">
              {t('publish.first')}
            </Text>
          ) : changes.error ? (
            <ErrorNote error={changes.error} />
          ) : changes.data === undefined ? (
            <RowsSkeleton count={2} />
          ) : (
            <ScrollArea.Autosize mah={260} type="auto">
              <ChangesList changes={changes.data.changes} />
            </ScrollArea.Autosize>
          )}
        </div>
        <form
          onSubmit={(event) => {
            event.preventDefault()
            publishing.mutate()
          }}
        >
          <Textarea
            label={t('publish.note')}
            description={t('publish.noteHint')}
            required
            maxLength={2000}
            autosize
            minRows={2}
            value={note}
            onChange={({ currentTarget: { value } }) => setNote(value)}
          />
          {needsReason && <GateReason lines={gate.data?.lines ?? []} reason={reason} write={setReason} />}
          {publishing.error && <Refusal error={publishing.error} />}
          <Group justify="flex-end" mt="md">
            <Button variant="default" onClick={close}>
              {t('common:actions.cancel')}
            </Button>
            <Button
              type="submit"
              loading={publishing.isPending}
              disabled={note.trim() === '' || (needsReason && reason.trim() === '')}
            >
              {t('publish.submit')}
            </Button>
          </Group>
        </form>
      </Stack>
    </Modal>
  )
}
