/** The catalogue: one file a screen and language under `src/text`. English is whole and always there; others are fetched. */
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { english, type Texts } from './texts.ts'

export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const
export type Language = keyof typeof LANGUAGES

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common'
    resources: Texts
  }
}

const files = import.meta.glob<{ default: object }>(['../text/*/*.json', '!../text/en/*.json'])
const KEPT = 'winnow.language'

function preferredLanguage(): Language {
  const kept = localStorage.getItem(KEPT)
  const wanted = [kept, ...navigator.languages].map((language) => language?.slice(0, 2))
  return wanted.find((language): language is Language => language !== undefined && language in LANGUAGES) ?? 'en'
}

/** A text that is missing in a language is shown in English. */
async function textsOf(language: Language): Promise<Readonly<Record<string, object>>> {
  if (language === 'en') return english
  const spaces = Object.keys(english).map(async (space) => {
    const file = await files[`../text/${language}/${space}.json`]?.()
    return [space, file?.default ?? {}] as const
  })
  return Object.fromEntries(await Promise.all(spaces))
}

export async function startTexts(): Promise<void> {
  const language = preferredLanguage()
  document.documentElement.lang = language
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    ns: Object.keys(english),
    defaultNS: 'common',
    resources: { en: english, [language]: await textsOf(language) },
    interpolation: { escapeValue: false }, // React does it
  })
}

export async function chooseLanguage(language: Language): Promise<void> {
  localStorage.setItem(KEPT, language)
  for (const [space, texts] of Object.entries(await textsOf(language)))
    i18next.addResourceBundle(language, space, texts)
  document.documentElement.lang = language
  await i18next.changeLanguage(language)
}
