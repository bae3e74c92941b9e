/** The company, and who else of it is here. */
import { Skeleton, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ask } from '../../app/api.ts'
import { ErrorNote } from '../../ui/states.tsx'
import { Panel } from '../../ui/panel.tsx'
import { PeopleList } from '../../ui/people-list.tsx'
import { Known } from '../../ui/known.tsx'
import type { Lead } from './lead-queries.ts'

const PEOPLE_MAX = 6

export function AccountPanel({ lead }: { readonly lead: Lead }) {
  return lead.account === null ? null : <OfAccount lead={lead} account={lead.account} />
}

function OfAccount({
  lead,
  account: { id, name },
}: {
  readonly lead: Lead
  readonly account: NonNullable<Lead['account']>
}) {
  const { t } = useTranslation('lead')
  const { data, error } = useQuery(ask('accounts', 'getAccount', { params: { account: id } }))
  const { data: people } = useQuery(
    ask('accounts', 'listAccountLeads', { params: { account: id }, query: { limit: PEOPLE_MAX + 1 } }),
  )
  const others = people?.items.filter((each) => each.id !== lead.id).slice(0, PEOPLE_MAX)
  return (
    <Panel
      title={t('account.title')}
      aside={
        <Link to="/accounts/$account" params={{ account: id }} className="link">
          {name ?? t('account.unnamed')}
        </Link>
      }
    >
      {error && <ErrorNote error={error} />}
      {data === undefined && !error && <Skeleton h={60} />}
      {data !== undefined && (
        <Known subject={{ lead: lead.id, account: id }} about="account" attributes={data.attributes} />
      )}
      {others !== undefined && others.length > 0 && (
        <>
          <Text size="xs" c="dimmed" mt="sm" mb={4}>
            {t('account.others', { count: Math.max((data?.leads ?? 1) - 1, others.length) })}
          </Text>
          <PeopleList people={others} />
        </>
      )}
    </Panel>
  )
}
