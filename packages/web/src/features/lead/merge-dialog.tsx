/** Two leads that are one person. */
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { send } from '../../app/api.ts'
import { useDefinition } from '../../app/definition.ts'
import { useFormats } from '../../app/format.ts'
import { refreshLead } from '../../app/refresh.ts'
import { offerReversal } from '../../app/undo.ts'
import { valueWords } from '../../ui/fact-words.ts'
import { attributeRows, MergeDialog, type Comparison, type Found } from '../../ui/merge-dialog.tsx'
import type { Lead } from './lead-queries.ts'

export function MergeLeadDialog({
  lead,
  isOpen,
  close,
}: {
  readonly lead: Lead
  readonly isOpen: boolean
  readonly close: () => void
}) {
  const { t } = useTranslation('lead')
  const navigate = useNavigate()
  const compare = useComparison()
  return (
    <MergeDialog
      words={{
        title: t('merge.title'),
        find: t('merge.find'),
        nobody: t('merge.nobody'),
        hint: t('merge.hint'),
      }}
      self={lead.id}
      isOpen={isOpen}
      close={close}
      area="leads"
      find={find}
      look={(id) => send('leads', 'getLead', { params: { lead: id } })}
      compare={(other) => compare(lead, other)}
      merge={(other, because) =>
        send('leads', 'mergeLeads', { params: { lead: lead.id }, body: { other, ...(because && { because }) } })
      }
      merged={async ({ id }, other) => {
        const gone = id === lead.id ? other : lead.id
        await refreshLead()
        if (id !== lead.id) await navigate({ to: '/leads/$lead', params: { lead: id } })
        offerReversal(t('merge.done'), async () => {
          await send('leads', 'unmergeLead', { params: { lead: gone } })
          await refreshLead()
        })
      }}
    />
  )
}

async function find(q: string): Promise<readonly Found[]> {
  const { items } = await send('leads', 'listLeads', { query: { q, limit: 10, excluded: 'with' } })
  return items.map(({ id, name, email, account }) => ({
    id,
    name: name ?? email ?? id,
    about: [name === null ? undefined : email, account?.name].filter(Boolean).join(' · '),
  }))
}

/** @returns what there is to be told of two leads beside each other */
function useComparison(): (first: Lead, second: Lead) => Comparison {
  const { t } = useTranslation('lead')
  const words = useDefinition()
  const formats = useFormats()
  const nameOf = ({ name, email }: Lead) => name ?? email ?? t('merge.unnamed')
  const stageOf = ({ stage }: Lead) => (stage === null ? '–' : words.stageLabel(stage))
  return (first, second) => ({
    names: [nameOf(first), nameOf(second)],
    rows: [
      { name: t('merge.stage'), values: [stageOf(first), stageOf(second)] },
      { name: t('merge.since'), values: [formats.date(first.createdAt), formats.date(second.createdAt)] },
      ...attributeRows([first, second], words.attributeLabel, valueWords),
    ],
  })
}
