/** Two accounts that are one company. */
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { send, type Reply } from '../../app/api.ts'
import { useDefinition } from '../../app/definition.ts'
import { useFormats } from '../../app/format.ts'
import { refreshLead } from '../../app/refresh.ts'
import { offerReversal } from '../../app/undo.ts'
import { valueWords } from '../../ui/fact-words.ts'
import { attributeRows, MergeDialog, type Comparison } from '../../ui/merge-dialog.tsx'

type Account = Reply<'accounts', 'getAccount'>

export function MergeAccountDialog({
  account,
  isOpen,
  close,
}: {
  readonly account: Account
  readonly isOpen: boolean
  readonly close: () => void
}) {
  const { t } = useTranslation('lead')
  const formats = useFormats()
  const navigate = useNavigate()
  const compare = useComparison()
  return (
    <MergeDialog
      words={{
        title: t('account.merge.title'),
        find: t('account.merge.find'),
        nobody: t('account.merge.nobody'),
        hint: t('account.merge.hint'),
      }}
      self={account.id}
      isOpen={isOpen}
      close={close}
      area="accounts"
      find={async (q) => {
        const { items } = await send('accounts', 'listAccounts', { query: { q, limit: 10 } })
        return items.map(({ id, name, createdAt }) => ({
          id,
          name: name ?? t('account.unnamed'),
          about: t('account.added', { at: formats.date(createdAt) }),
        }))
      }}
      look={(id) => send('accounts', 'getAccount', { params: { account: id } })}
      compare={(other) => compare(account, other)}
      merge={(other, because) =>
        send('accounts', 'mergeAccounts', {
          params: { account: account.id },
          body: { other, ...(because && { because }) },
        })
      }
      merged={async ({ id }, other) => {
        await refreshLead()
        if (id !== account.id) await navigate({ to: '/accounts/$account', params: { account: id } })
        offerReversal(t('account.merge.done'), () => unmergeAccount(other))
      }}
    />
  )
}

export async function unmergeAccount(account: string): Promise<void> {
  await send('accounts', 'unmergeAccount', { params: { account } })
  await refreshLead()
}

/** @returns what there is to be told of two accounts beside each other */
function useComparison(): (first: Account, second: Account) => Comparison {
  const { t } = useTranslation('lead')
  const words = useDefinition()
  const formats = useFormats()
  const nameOf = ({ name }: Account) => name ?? t('account.unnamed')
  const namesOf = ({ names }: Account) => names.map(({ value }) => value).join(', ') || '–'
  return (first, second) => ({
    names: [nameOf(first), nameOf(second)],
    rows: [
      { name: t('account.names'), values: [namesOf(first), namesOf(second)] },
      { name: t('account.people'), values: [formats.number(first.leads), formats.number(second.leads)] },
      { name: t('merge.since'), values: [formats.date(first.createdAt), formats.date(second.createdAt)] },
      ...attributeRows([first, second], words.attributeLabel, valueWords),
    ],
  })
}
