/** The catalogue: one file a screen and language under `src/text`, fetched with the screen. A text that a language lacks is English. */
import i18next, { type BackendModule, type ReadCallback } from 'i18next'
import { initReactI18next } from 'react-i18next'
import common from '../text/en/common.json'
import phrases from '../text/en/phrases.json'
import queue from '../text/en/queue.json'
import type { Screen, Texts } from './texts.ts'

export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const
export type Language = keyof typeof LANGUAGES

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common'
    resources: Texts
  }
}

/** What the first screen says comes with it. */
const FIRST = { common, phrases, queue }
const files = import.meta.glob<{ default: Record<string, unknown> }>([
  '../text/*/*.json',
  '!../text/en/common.json',
  '!../text/en/phrases.json',
  '!../text/en/queue.json',
])
const KEPT = 'winnow.language'

function preferredLanguage(): Language {
  const kept = localStorage.getItem(KEPT)
  const wanted = [kept, ...navigator.languages].map((language) => language?.slice(0, 2))
  return wanted.find((language): language is Language => language !== undefined && language in LANGUAGES) ?? 'en'
}

const fetched: BackendModule = {
  type: 'backend',
  init: () => {},
  read: (language, screen, done) => void read(language, screen, done),
}

async function read(language: string, screen: string, done: ReadCallback): Promise<void> {
  try {
    const file = await files[`../text/${language}/${screen}.json`]?.()
    done(file === undefined ? new Error(`there are no texts ${language}/${screen}`) : null, file?.default)
  } catch (error) {
    done(error instanceof Error ? error : new Error(String(error)), undefined)
  }
}

export async function startTexts(): Promise<void> {
  const language = preferredLanguage()
  document.documentElement.lang = language
  await i18next
    .use(fetched)
    .use(initReactI18next)
    .init({
      lng: language,
      fallbackLng: 'en',
      ns: ['common'],
      defaultNS: 'common',
      resources: { en: FIRST },
      partialBundledLanguages: true,
      interpolation: { escapeValue: false }, // React does it
    })
}

/** For a screen that is there already. */
export const loadTexts = (screens: Screen[]): Promise<void> => i18next.loadNamespaces(screens)

/** A screen and its texts, fetched together. */
export const withTexts =
  <Module>(screen: Screen | Screen[], load: () => Promise<Module>): (() => Promise<Module>) =>
  async () => {
    const [module] = await Promise.all([load(), i18next.loadNamespaces(screen)])
    return module
  }

export async function chooseLanguage(language: Language): Promise<void> {
  localStorage.setItem(KEPT, language)
  document.documentElement.lang = language
  await i18next.changeLanguage(language)
}
