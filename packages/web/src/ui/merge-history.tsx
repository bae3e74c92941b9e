/** What was joined and told apart again, by whom; whoever may can tell apart what is one. */
import { Button, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useMay } from '../app/session.ts'
import { Moment } from './moment.tsx'
import { Panel } from './panel.tsx'

export interface PastMerge {
  /** The one that became part of another. */
  readonly part: string
  /** What it is called, where that is told. */
  readonly name?: string | null
  readonly at: string
  readonly because: string
  readonly by: string | null
  readonly undoneAt: string | null
  readonly undoneBy: string | null
}

export function MergeHistory({
  merges,
  unmerge,
}: {
  readonly merges: readonly PastMerge[]
  readonly unmerge: (part: string) => Promise<unknown>
}) {
  const { t } = useTranslation()
  const may = useMay()
  const parting = useMutation({
    mutationFn: unmerge,
    onError: (error) => notifications.show({ color: 'red', message: error.message }),
  })
  if (merges.length === 0) return null
  return (
    <Panel title={t('merging.list')}>
      <Stack gap="xs">
        {merges.map(({ part, name, at, because, by, undoneAt, undoneBy }) => (
          <div key={`${part} ${at}`}>
            <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
              {name && (
                <Text span fw={550} fz="inherit">
                  {name}:{' '}
                </Text>
              )}
              {because}
              {by !== null && by !== '' && (
                <Text span c="dimmed" fz="inherit">
                  {' '}
                  · {by}
                </Text>
              )}
            </Text>
            <Text size="xs" c="dimmed" component="div">
              <Moment at={at} />
              {undoneAt !== null && ` · ${t('merging.wasUndone', { by: undoneBy ?? '' })}`}
            </Text>
            {undoneAt === null && may('leads:write') && (
              <Button
                className="no-print"
                size="compact-xs"
                variant="default"
                mt={4}
                loading={parting.isPending && parting.variables === part}
                onClick={() => parting.mutate(part)}
              >
                {t('merging.undo')}
              </Button>
            )}
          </div>
        ))}
      </Stack>
    </Panel>
  )
}
