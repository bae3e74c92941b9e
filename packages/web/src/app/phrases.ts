/** What the engine says, in the reader's language. It comes as data; the catalogue has a text for every saying. */
import type { Phrase, Said } from '@winnow/engine'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { type Formats, useFormats } from './format.ts'

/** How numbers and times look within a saying. */
export type SaidFormats = Pick<Formats, 'number' | 'anyOf' | 'list' | 'day' | 'elapsed'>
/** A text of the catalogue with its gaps filled; `count` chooses the plural. */
export type Text = (key: Phrase['key'], gaps: { readonly count?: number; readonly replace: Gaps }) => string
type Gaps = Readonly<Record<string, string>>

export type Say = (said: Said) => string

const DECIMALS = 6

export function createSay(text: Text, formats: SaidFormats): Say {
  const say = (said: Said): string => {
    if (typeof said === 'string') return said
    if (typeof said === 'number') return formats.number(said, DECIMALS)
    if ('list' in said) return (said.by === 'or' ? formats.anyOf : formats.list)(said.list.map(say))
    if (said.key === 'date') return formats.day(said.args.date)
    const replace = Object.fromEntries(
      Object.entries<Said>(said.args).map(([name, part]) => [name, name === 'ms' ? inTime(part) : say(part)]),
    )
    return text(said.key, 'count' in said.args ? { count: said.args.count, replace } : { replace })
  }
  const inTime = (ms: Said) => (typeof ms === 'number' ? formats.elapsed(ms) : say(ms))
  return say
}

/** A clause on its own: with a capital where its language has one. */
export const asSentence = (text: string): string => text.charAt(0).toLocaleUpperCase() + text.slice(1)

export function useSay(): Say {
  const { t } = useTranslation('phrases')
  const formats = useFormats()
  return useMemo(() => createSay(t as unknown as Text, formats), [t, formats])
}
