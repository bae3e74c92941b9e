/** What somebody sets for themselves in passing: colours, language, leaving. */
import { Menu, useMantineColorScheme } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import { useTranslation } from 'react-i18next'
import type { Place } from './shell.tsx'
import { useSignOut } from './session.ts'
import { chooseLanguage, type Language, LANGUAGES } from './text.ts'

interface Props {
  /** The button that opens it; it is fetched by the first press, and open from then on. */
  readonly children: ReactElement
  readonly places: readonly Place[]
}

export default function AccountMenu({ children, places }: Props) {
  const { t, i18n } = useTranslation()
  const signOut = useSignOut()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <Menu position="top-start" width={220} defaultOpened>
      <Menu.Target>{children}</Menu.Target>
      <Menu.Dropdown>
        {places
          .filter(({ isDesk }) => isDesk)
          .map(({ to, name, icon: Icon }) => (
            <Menu.Item key={to} hiddenFrom="sm" component={Link} to={to} leftSection={<Icon size={16} />}>
              {t(`nav.${name}`)}
            </Menu.Item>
          ))}
        <Menu.Label>{t('theme.label')}</Menu.Label>
        {(['light', 'dark', 'auto'] as const).map((scheme) => (
          <Menu.RadioItem
            key={scheme}
            value={scheme}
            checked={colorScheme === scheme}
            onChange={() => setColorScheme(scheme)}
          >
            {t(`theme.${scheme}`)}
          </Menu.RadioItem>
        ))}
        <Menu.Label>{t('language')}</Menu.Label>
        {(Object.keys(LANGUAGES) as Language[]).map((language) => (
          <Menu.RadioItem
            key={language}
            value={language}
            checked={i18n.language === language}
            onChange={() => void chooseLanguage(language)}
          >
            {LANGUAGES[language]}
          </Menu.RadioItem>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={() => void signOut()}>{t('signOut')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
