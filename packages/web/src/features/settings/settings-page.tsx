/** What an administrator sets up, and what is one's own. */
import { Tabs } from '@mantine/core'
import { useNavigate, useParams } from '@tanstack/react-router'
import type { Right } from '@winnow/contract'
import type { ComponentType } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../app/session.ts'
import { Page } from '../../ui/page.tsx'
import { AccountTab } from './account-tab.tsx'
import { AuditTab } from './audit-tab.tsx'
import { ErasuresTab } from './erasures-tab.tsx'
import { ExclusionsTab } from './exclusions-tab.tsx'
import { KeysTab } from './keys-tab.tsx'
import { PeopleTab } from './people-tab.tsx'
import { SigningTab } from './signing-tab.tsx'
import { SourcesTab } from './sources-tab.tsx'

interface Tab {
  readonly name: 'account' | 'people' | 'keys' | 'sources' | 'exclusions' | 'signing' | 'erasures' | 'audit'
  readonly right?: Right
  readonly Body: ComponentType
}

const TABS: readonly Tab[] = [
  { name: 'account', Body: AccountTab },
  { name: 'people', right: 'people:write', Body: PeopleTab },
  { name: 'sources', right: 'settings:write', Body: SourcesTab },
  { name: 'exclusions', right: 'settings:write', Body: ExclusionsTab },
  { name: 'keys', right: 'keys:write', Body: KeysTab },
  { name: 'signing', right: 'people:write', Body: SigningTab },
  { name: 'erasures', right: 'leads:erase', Body: ErasuresTab },
  { name: 'audit', right: 'audit:read', Body: AuditTab },
]

export function SettingsPage() {
  const { t } = useTranslation('settings')
  const may = useMay()
  const navigate = useNavigate()
  const { tab } = useParams({ strict: false })
  const tabs = TABS.filter(({ right }) => right === undefined || may(right))
  const shown = tabs.find(({ name }) => name === tab) ?? tabs[0]!
  return (
    <Page title={t('title')}>
      <Tabs
        value={shown.name}
        onChange={(name) => name !== null && void navigate({ to: '/settings/$tab', params: { tab: name } })}
        keepMounted={false}
      >
        <Tabs.List mb="lg">
          {tabs.map(({ name }) => (
            <Tabs.Tab key={name} value={name}>
              {t(`tabs.${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {tabs.map(({ name, Body }) => (
          <Tabs.Panel key={name} value={name}>
            <Body />
          </Tabs.Panel>
        ))}
      </Tabs>
    </Page>
  )
}
