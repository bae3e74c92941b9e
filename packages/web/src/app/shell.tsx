/** What stays around every screen: where one can go, and what is true of all of Winnow. */
import { ActionIcon, Text, Tooltip, UnstyledButton, VisuallyHidden } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import {
  IconAdjustments,
  IconCalendarCheck,
  IconChartHistogram,
  IconFileImport,
  IconHelp,
  IconListDetails,
  IconPhoneOutgoing,
  IconScale,
  IconSearch,
  type TablerIcon,
} from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, Outlet } from '@tanstack/react-router'
import type { Right } from '@winnow/contract'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Person } from '../ui/person.tsx'
import { ask } from './api.ts'
import { Bell } from './bell.tsx'
import { followChanges } from './changes.ts'
import { DemoBanner } from './demo-banner.tsx'
import mark from './mark.svg'
import { useMay, useMe } from './session.ts'
import { useGoTo } from './shortcuts.ts'
import classes from './shell.module.css'

export interface Place {
  readonly to: '/queue' | '/leads' | '/definition' | '/backtests' | '/reviews' | '/import' | '/settings'
  readonly name: 'queue' | 'leads' | 'definition' | 'backtests' | 'reviews' | 'import' | 'settings'
  /** Pressed after `g`. */
  readonly key: string
  readonly icon: TablerIcon
  readonly right?: Right
  /** At the foot of a phone there is no room for it; there the menu of one's account has it. */
  readonly isDesk?: true
}

// Fetched when they are first opened.
const Palette = lazy(() => import('./palette.tsx'))
const AccountMenu = lazy(() => import('./account-menu.tsx'))
const CheatSheet = lazy(() => import('./cheat-sheet.tsx'))

export const PLACES: readonly Place[] = [
  { to: '/queue', name: 'queue', key: 'q', icon: IconPhoneOutgoing },
  { to: '/leads', name: 'leads', key: 'l', icon: IconListDetails },
  { to: '/definition', name: 'definition', key: 'd', icon: IconScale },
  { to: '/backtests', name: 'backtests', key: 'b', icon: IconChartHistogram },
  { to: '/reviews', name: 'reviews', key: 'r', icon: IconCalendarCheck, isDesk: true },
  { to: '/import', name: 'import', key: 'i', icon: IconFileImport, right: 'imports:write', isDesk: true },
  { to: '/settings', name: 'settings', key: 's', icon: IconAdjustments },
]

export function Shell() {
  const { t } = useTranslation()
  const may = useMay()
  const places = PLACES.filter(({ right }) => right === undefined || may(right))
  const [isPaletteOpen, palette] = useOpenedOnce()
  const [isSheetOpen, sheet] = useOpenedOnce()
  useHotkeys([
    ['mod+K', palette.open],
    ['?', sheet.open],
    ['shift+?', sheet.open],
  ])
  useGoTo(places)
  useEffect(followChanges, [])
  return (
    <div className={classes.shell}>
      <a className={classes.skip} href="#main">
        {t('nav.skip')}
      </a>
      <aside className={classes.rail}>
        <Link to="/queue" className={classes.brand}>
          <img src={mark} alt="" width={26} height={26} />
          <span>{t('name')}</span>
        </Link>
        <UnstyledButton className={classes.find} onClick={palette.open}>
          <IconSearch size={15} aria-hidden />
          <span>{t('shortcuts.search')}</span>
          <kbd>⌘K</kbd>
        </UnstyledButton>
        <nav aria-label={t('nav.main')} className={classes.places}>
          {places.map(({ to, name, icon: Icon, isDesk }) => (
            <Link key={to} to={to} className={classes.place} data-desk={isDesk} activeProps={{ 'data-active': true }}>
              <Icon size={18} stroke={1.7} aria-hidden />
              <span>{t(`nav.${name}`)}</span>
              {name === 'reviews' && <DueDot />}
            </Link>
          ))}
        </nav>
        <div className={classes.foot}>
          <Account places={places} />
          <Bell />
          <Tooltip label={t('shortcuts.open')}>
            <ActionIcon variant="subtle" color="gray" aria-label={t('shortcuts.open')} onClick={sheet.open}>
              <IconHelp size={18} stroke={1.7} />
            </ActionIcon>
          </Tooltip>
        </div>
      </aside>
      <div className={classes.content}>
        <DemoBanner />
        <main id="main" tabIndex={-1} className={classes.main}>
          <Outlet />
        </main>
      </div>
      <Suspense>
        {isPaletteOpen !== undefined && <Palette isOpen={isPaletteOpen} close={palette.close} places={places} />}
        {isSheetOpen !== undefined && <CheatSheet isOpen={isSheetOpen} close={sheet.close} places={places} />}
      </Suspense>
    </div>
  )
}

/** A review of the definition is due. */
function DueDot() {
  const { t } = useTranslation()
  const { data } = useQuery({ ...ask('reviews', 'getDue'), staleTime: 10 * 60_000 })
  if (data?.isDue !== true) return null
  return (
    <span className={classes.dot} title={t('nav.due')}>
      <VisuallyHidden>{t('nav.due')}</VisuallyHidden>
    </span>
  )
}

/** @returns undefined until it is opened for the first time */
function useOpenedOnce() {
  const [isOpen, set] = useState<boolean>()
  return [isOpen, { open: () => set(true), close: () => set(false) }] as const
}

function Account({ places }: { readonly places: readonly Place[] }) {
  const { t } = useTranslation()
  const { name, role } = useMe()
  const [isWanted, want] = useState(false)
  const button = (
    <UnstyledButton className={classes.me} aria-label={name} aria-haspopup="menu" onClick={() => want(true)}>
      <Person name={name} />
      <span className={classes.meName}>
        <Text size="sm" fw={550} truncate>
          {name}
        </Text>
        <Text size="xs" c="dimmed">
          {t(`roles.${role}`)}
        </Text>
      </span>
    </UnstyledButton>
  )
  return (
    <Suspense fallback={button}>{isWanted ? <AccountMenu places={places}>{button}</AccountMenu> : button}</Suspense>
  )
}
