/** A lead of ours to try the draft on: found by name, with everything that is known of it. */
import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import type { Fact } from '@winnow/engine'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, send } from '../../../app/api.ts'

const PAGES_MAX = 5

export interface Known {
  readonly facts: readonly Fact[]
  readonly account: string | undefined
}

/** Everything that is known of a lead, as the engine takes it, for the lead called `as`. */
async function factsOfLead(lead: string, as: string): Promise<Known> {
  const { account } = await send('leads', 'getLead', { params: { lead } })
  const facts: unknown[] = []
  let cursor: string | undefined
  for (let page = 0; page < PAGES_MAX; page++) {
    const { items, next } = await send('leads', 'listActivities', {
      params: { lead },
      query: { kinds: 'activity,decision,attribute,link', limit: 200, ...(cursor !== undefined && { cursor }) },
    })
    for (const { id, at, kind, type, properties = {}, body = {} } of items) {
      facts.push({ ...body, id, at: Date.parse(at), kind, lead: as, ...(kind === 'activity' && { type, properties }) })
    }
    if (next === undefined) break
    cursor = next
  }
  if (account) {
    const first = Math.min(...facts.map((fact) => (fact as Fact).at))
    const { attributes } = await send('accounts', 'getAccount', { params: { account: account.id } })
    for (const [name, value] of Object.entries(attributes))
      facts.push({ id: `account-${name}`, kind: 'account_attribute', account: account.id, at: first, name, value })
  }
  return { facts: facts as Fact[], account: account?.id }
}

export function useKnown(lead: string | null, as: string): Known | undefined {
  const { data } = useQuery({
    queryKey: ['leads', 'facts-to-try', lead],
    queryFn: () => factsOfLead(lead!, as),
    enabled: lead !== null,
  })
  return lead === null ? undefined : data
}

export function LeadPicker({
  lead,
  pick,
}: {
  readonly lead: string | null
  readonly pick: (lead: string | null) => void
}) {
  const { t } = useTranslation('definition')
  const [typed, setTyped] = useState('')
  const [search] = useDebouncedValue(typed.trim(), 250)
  const found = useQuery({
    ...ask('leads', 'listLeads', { query: { limit: 20, ...(search !== '' && { q: search }) } }),
    placeholderData: (before) => before,
  })
  return (
    <Select
      size="xs"
      label={t('try.real')}
      placeholder={t('try.search')}
      clearable
      searchable
      allowDeselect
      value={lead}
      searchValue={typed}
      onSearchChange={setTyped}
      filter={({ options }) => options}
      nothingFoundMessage={t('try.nobody')}
      data={(found.data?.items ?? []).map(({ id, name, email }) => ({ value: id, label: name ?? email ?? id }))}
      onChange={pick}
    />
  )
}
