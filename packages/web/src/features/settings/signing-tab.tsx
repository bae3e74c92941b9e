import { Radio, Stack } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ask, send, type Reply } from '../../app/api.ts'
import { queries } from '../../app/queries.ts'
import { ErrorNote, RowsSkeleton } from '../../ui/states.tsx'

type Mode = Reply<'proposals', 'getWorkingMode'>['mode']

/** How many people it takes to let a version of the definition go live. */
export function SigningTab() {
  const { t } = useTranslation('settings')
  const known = useQuery(ask('proposals', 'getWorkingMode'))
  const choosing = useMutation({
    mutationFn: (mode: Mode) => send('proposals', 'putWorkingMode', { body: { mode } }),
    onSuccess: async ({ mode }) => {
      notifications.show({
        message: t('signing.saved', { mode: t(mode === 'team' ? 'signing.team' : 'signing.onePerson') }),
      })
      await queries.invalidateQueries({ queryKey: ['proposals'] })
    },
  })
  if (known.error) return <ErrorNote error={known.error} />
  if (known.data === undefined) return <RowsSkeleton count={2} />
  return (
    <Stack gap="md" maw={640}>
      <Radio.Group
        label={t('signing.title')}
        value={choosing.isPending ? choosing.variables : known.data.mode}
        onChange={(mode) => choosing.mutate(mode)}
      >
        <Stack mt="sm" gap="sm">
          <Radio value="team" label={t('signing.team')} description={t('signing.teamSaid')} />
          <Radio value="one_person" label={t('signing.onePerson')} description={t('signing.onePersonSaid')} />
        </Stack>
      </Radio.Group>
      {choosing.error && <ErrorNote error={choosing.error} />}
    </Stack>
  )
}
