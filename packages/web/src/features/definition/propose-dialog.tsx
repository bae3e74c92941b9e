import { Button, Group, Modal, ScrollArea, Stack, Text, Textarea, TextInput, Title } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, send } from '../../app/api.ts'
import { ErrorNote, RowsSkeleton } from '../../ui/states.tsx'
import { ChangesList } from './changes-list.tsx'
import { Refusal } from './refusal.tsx'
import { afterProposing, useNeedsSignatures, type Draft } from './queries.ts'

/** What changes, and why: what the others will read before they sign. */
export function ProposeDialog({
  draft: { id, revision },
  close,
}: {
  readonly draft: Draft
  readonly close: () => void
}) {
  const { t } = useTranslation(['definition', 'common'])
  const navigate = useNavigate()
  const needsSignatures = useNeedsSignatures()
  const [rationale, setRationale] = useState('')
  const [backtest, setBacktest] = useState('')
  const changes = useQuery({
    ...ask('definitions', 'diffDefinitions', { query: { from: 'live', to: `draft:${id}` } }),
    staleTime: 0,
  })
  const proposing = useMutation({
    mutationFn: () =>
      send('proposals', 'propose', {
        params: { draft: id },
        body: { revision, rationale, backtest: backtestIn(backtest) },
      }),
    onSuccess: async (proposal) => {
      close()
      await navigate({ to: '/definition/proposals/$proposal', params: { proposal: proposal.id } })
      await afterProposing(proposal)
    },
  })
  return (
    <Modal opened onClose={close} title={t('proposal.proposeTitle')} size="lg">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          proposing.mutate()
        }}
      >
        <Stack gap="md">
          <Text size="sm">{t(needsSignatures === false ? 'proposal.proposeSaidAlone' : 'proposal.proposeSaid')}</Text>
          <div>
            <Title order={3} mb="xs">
              {t('publish.changes')}
            </Title>
            {changes.error ? (
              <ErrorNote error={changes.error} />
            ) : changes.data === undefined ? (
              <RowsSkeleton count={2} />
            ) : (
              <ScrollArea.Autosize mah={240} type="auto">
                <ChangesList changes={changes.data.changes} />
              </ScrollArea.Autosize>
            )}
          </div>
          <Textarea
            label={t('publish.note')}
            description={t('proposal.rationaleHint')}
            required
            maxLength={2000}
            autosize
            minRows={2}
            data-autofocus
            value={rationale}
            onChange={({ currentTarget }) => setRationale(currentTarget.value)}
          />
          <TextInput
            label={t('proposal.backtest')}
            description={t('proposal.backtestHint')}
            error={backtest.trim() !== '' && backtestIn(backtest) === null && t('proposal.backtestWrong')}
            value={backtest}
            onChange={({ currentTarget }) => setBacktest(currentTarget.value)}
          />
          {proposing.error && <Refusal error={proposing.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t('common:actions.cancel')}
            </Button>
            <Button
              type="submit"
              loading={proposing.isPending}
              disabled={rationale.trim() === '' || (backtest.trim() !== '' && backtestIn(backtest) === null)}
            >
              {t('proposal.submit')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

/** The id in the address of a backtest, or alone. */
const backtestIn = (text: string): string | null =>
  /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i.exec(text)?.[0]?.toLowerCase() ?? null
