/** The command palette: pages, leads by name, and what else can be done. */
import { useDebouncedValue } from '@mantine/hooks'
import '@mantine/spotlight/styles.layer.css'
import { createSpotlight, Spotlight, type SpotlightActionData } from '@mantine/spotlight'
import { IconSearch, IconUser } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask } from './api.ts'
import type { Place } from './shell.tsx'

const [store] = createSpotlight()

export default function Palette({
  isOpen,
  close,
  places,
}: {
  readonly isOpen: boolean
  readonly close: () => void
  readonly places: readonly Place[]
}) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [query, setQuery] = useState('')
  const [searched] = useDebouncedValue(query.trim(), 150)
  const { data } = useQuery({
    ...ask('leads', 'listLeads', { query: { q: searched, limit: 8 } }),
    enabled: searched.length >= 2,
  })
  const goTo = places.map(({ to, name, icon: Icon }): SpotlightActionData => ({
    id: to,
    label: t(`nav.${name}`),
    leftSection: <Icon size={18} stroke={1.7} aria-hidden />,
    onClick: () => void navigate({ to }),
  }))
  const found = (data?.items ?? []).map(({ id, name, email, account }): SpotlightActionData => ({
    id,
    label: name ?? email ?? id,
    description: account?.name ?? '',
    keywords: query, // the server has found it
    leftSection: <IconUser size={18} stroke={1.7} aria-hidden />,
    onClick: () => void navigate({ to: '/leads/$lead', params: { lead: id } }),
  }))
  return (
    <Spotlight
      store={store}
      forceOpened={isOpen}
      onSpotlightClose={close}
      shortcut={null}
      query={query}
      onQueryChange={setQuery}
      actions={[...goTo, ...(searched.length >= 2 ? found : [])]}
      nothingFound={t('shortcuts.nothing')}
      highlightQuery
      scrollable
      maxHeight={420}
      searchProps={{
        leftSection: <IconSearch size={18} aria-hidden />,
        placeholder: t('shortcuts.palette'),
        'aria-label': t('shortcuts.palette'),
      }}
    />
  )
}
