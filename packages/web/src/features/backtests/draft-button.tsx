/** From a bound that was looked at to a draft that has it: everything else of the version's text stays as it is. */
import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconPencil } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ask, send } from '../../app/api.ts'
import { useDefinition } from '../../app/definition.ts'
import { useFormats } from '../../app/format.ts'
import { queries } from '../../app/queries.ts'
import { useMay } from '../../app/session.ts'
import { showRefusal } from '../../app/undo.ts'
import type { Bound } from './bound.ts'
import { useReport } from './report.ts'

export function DraftButton({ bound, version }: { readonly bound: Bound; readonly version: number }) {
  const { t } = useTranslation('backtests')
  const may = useMay()
  const { isPrinted } = useReport()
  const making = useDraftWith(version)
  if (!may('definitions:write') || isPrinted) return null
  return (
    <Button
      mt={6}
      size="compact-sm"
      variant="default"
      leftSection={<IconPencil size={14} aria-hidden />}
      loading={making.isPending}
      disabled={bound.from === bound.to}
      onClick={() => making.mutate(bound)}
    >
      {t('draft.make')}
    </Button>
  )
}

function useDraftWith(version: number) {
  const { t } = useTranslation('backtests')
  const { backtest } = useReport()
  const words = useDefinition()
  const { number } = useFormats()
  const navigate = useNavigate()
  return useMutation({
    mutationFn: async (bound: Bound) => {
      const [{ texts }, { withBound }] = await Promise.all([
        send('backtests', 'downloadBacktest', { params: { backtest: backtest.id } }),
        import('./bound.ts'),
      ])
      const text = withBound(texts[version] ?? '', bound)
      if (text === undefined) throw new Error(t('draft.notFound'))
      const level = words.level(bound.category, bound.level).level
      const name = t('draft.name', { name: backtest.versions[version]!.name, level, to: number(bound.to) })
      return send('definitions', 'createDraft', { body: { name: name.slice(0, 200), text } })
    },
    onError: showRefusal,
    onSuccess: async ({ id, name }) => {
      await queries.invalidateQueries({ queryKey: ask('definitions', 'listDrafts').queryKey })
      notifications.show({ message: t('draft.made', { name }) })
      await navigate({
        to: '/definition/drafts/$draft',
        params: { draft: id },
        search: { part: 'categories', beside: 'changes' },
      })
    },
  })
}
