/** What the engine says comes to the same in its own English and in the catalogue's, and every language has all of it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  compileDefinition,
  conditionSaid,
  cooling,
  criterionSaid,
  decaySaid,
  english,
  explain,
  formatDuration,
  gaps,
  PHRASE_KEYS,
  replay,
  whyNoEffect,
  type Definition,
  type Said,
} from '@winnow/engine'
import { createInstance } from 'i18next'
import { describe, expect, test } from 'vitest'
import { caseOf } from '../../engine/test/generators/cases.ts'
import { whole } from '../../engine/test/definition/whole.ts'
import { createFormats } from '../src/app/format.ts'
import { createSay, type Say, type SaidFormats } from '../src/app/phrases.ts'

const FOLDER = join(import.meta.dirname, '../src/text')
const catalogue = (language: string) =>
  JSON.parse(readFileSync(join(FOLDER, language, 'phrases.json'), 'utf8')) as Record<string, string>

async function sayIn(language: 'en' | 'de', formats: SaidFormats): Promise<Say> {
  const i18n = createInstance()
  await i18n.init({
    lng: language,
    ns: ['phrases'],
    defaultNS: 'phrases',
    resources: { [language]: { phrases: catalogue(language) } },
    interpolation: { escapeValue: false },
  })
  return createSay(i18n.t, formats)
}

/** As the engine writes numbers and times, so that only the words are compared. */
const AS_IN_THE_ENGINE: SaidFormats = {
  number: (value) => english(value),
  list: (items) => english({ list: items, by: 'and' }),
  anyOf: (items) => english({ list: items, by: 'or' }),
  day: (text) => text,
  elapsed: formatDuration,
}

/** A plural looks at three decimals: what is shown of `1.0000004 points` is one point. */
const nearlyOne = (text: string) => text.replaceAll(/(?<![\d.])(1\.000\d+ point)s/g, '$1')

/** Everything that is said of a definition. */
function saidOfDefinition(definition: Definition): Said[] {
  const criteria = Object.values(definition.scores ?? {}).flatMap(({ groups, decay }) => [
    ...Object.values(groups).flatMap((group) =>
      group.criteria.map((criterion) => criterionSaid(definition, criterion)),
    ),
    ...[decay].flatMap((each) => decaySaid(each) ?? []),
  ])
  const conditions = [
    ...Object.values(definition.personas ?? {}).map(({ when }) => when),
    ...(definition.stages ?? []).flatMap(({ enter, needs }) => [enter, needs].filter((each) => each !== undefined)),
  ]
  return [...criteria, ...conditions.map((condition) => conditionSaid(definition, condition))]
}

/** So many come to nearly every saying. */
const CASES = 120

/** Everything that is said of the leads of a random case. */
function saidOfCase(seed: number): Said[] {
  const { definition, facts, leads, until } = caseOf(seed)
  const plan = compileDefinition(definition)
  const { circle } = replay(plan, facts, { until })
  const [lead] = leads
  const decision = { kind: 'decision', id: '~', at: until, lead: lead!, decision: 'accept' } as const
  const without = [
    decision,
    { ...decision, decision: 'recycle' as const },
    { ...decision, decision: 'override' as const },
    { ...decision, decision: 'override' as const, override: { stage: '~' } },
    { ...decision, decision: 'override' as const, override: { category: '~', level: '~' } },
    ...Object.keys(definition.categories ?? {}).map((category) => ({
      ...decision,
      decision: 'override' as const,
      override: { category, level: '~' },
    })),
  ].flatMap((each) => whyNoEffect(plan, circle, each)?.phrase ?? [])
  return [
    ...saidOfDefinition(definition),
    ...leads.flatMap((each) => explain(plan, circle, each, until).contributions.map(({ phrase }) => phrase)),
    ...gaps(plan, circle, lead!, until).map(({ phrase }) => phrase),
    ...(cooling(plan, circle, lead!, until)?.keptBy.map(({ phrase }) => phrase) ?? []),
    ...without,
  ]
}

/** Keys of a saying and of all within it, with the names of their places. */
function* within(said: Said): Generator<readonly [key: string, places: readonly string[]]> {
  if (typeof said !== 'object') return
  if ('list' in said) {
    for (const each of said.list) yield* within(each)
    return
  }
  yield [said.key, Object.keys(said.args).toSorted()]
  for (const part of Object.values<Said>(said.args)) yield* within(part)
}

const placesIn = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name!).toSorted()
/** The text with all its places: of a plural the one that is not cut short for a single one. */
const fullText = (texts: Record<string, string>, key: string) => texts[`${key}_other`] ?? texts[key]

describe('the catalogue', () => {
  test.each(['en', 'de'])('in %s has a text for every saying, and none for what nobody says', (language) => {
    const keys = Object.keys(catalogue(language)).map((key) => key.replace(/_(?:one|other)$/, ''))
    // A date is a number of the reader's language, and no text.
    const sayings: string[] = PHRASE_KEYS.filter((key) => key !== 'date')
    // `one` is itself a saying.
    const found = new Set([...keys, ...Object.keys(catalogue(language)).filter((key) => sayings.includes(key))])
    expect([...found].filter((key) => key !== '').toSorted()).toEqual(sayings.toSorted())
  })

  test('says what the engine says, of random leads and definitions', async () => {
    const say = await sayIn('en', AS_IN_THE_ENGINE)
    const sayInGerman = await sayIn('de', createFormats('de'))
    const [inEnglish, inGerman] = [catalogue('en'), catalogue('de')]
    const seen = new Set<string>()
    const compare = (said: Said) => {
      expect(say(said)).toBe(nearlyOne(english(said)))
      expect(sayInGerman(said)).not.toMatch(/\{\{|undefined|\[object/)
      for (const [key, places] of within(said)) {
        if (key !== 'date' && !seen.has(key)) {
          expect([key, placesIn(fullText(inEnglish, key)!)]).toEqual([key, places])
          expect([key, placesIn(fullText(inGerman, key)!)]).toEqual([key, places])
        }
        seen.add(key)
      }
    }
    for (let seed = 420_000; seed < 420_000 + CASES; seed++) saidOfCase(seed).forEach(compare)
    saidOfDefinition(whole()).forEach(compare)
    RARE.forEach(compare)
    expect(PHRASE_KEYS.filter((key) => !seen.has(key))).toEqual([])
  }, 60_000)

  test('says numbers, days and times as the reader writes them', async () => {
    const say = await sayIn('de', createFormats('de-DE'))
    const said = (key: string, args: Record<string, unknown>) => say({ key, args } as Said)
    expect(
      said('counted_faded', {
        count: 1200,
        activities: { key: 'quoted', args: { text: 'Demo requested' } },
        latest: { key: 'ago', args: { ms: 3 * 86_400_000 + 4 * 3_600_000 } },
        full: 12.5,
      }),
    ).toBe('1.200 × „Demo requested“, zuletzt vor 3 T 4h, verblasst von 12,5')
    expect(said('value', { name: 'Renewal', value: { key: 'date', args: { date: '2026-03-01' } } })).toBe(
      'Renewal ist 01.03.2026',
    )
    expect(said('in_last', { span: { key: 'days', args: { count: 1 } } })).toBe('in den letzten 24 Stunden')
  })

  test('takes what people wrote as it is, whatever it looks like', async () => {
    for (const language of ['en', 'de'] as const) {
      const say = await sayIn(language, createFormats(language))
      for (const text of ['{{count}}', '$t(yes)', '<b>&amp;</b>', '{{- text}}', '$&', '$1'])
        expect(say({ key: 'quoted', args: { text } })).toBe(language === 'en' ? `“${text}”` : `„${text}“`)
    }
  })
})

/** Sayings that random cases seldom come to. */
const RARE: readonly Said[] = [
  { key: 'any_value', args: {} },
  { key: 'any_date', args: {} },
  { key: 'ahead_between', args: { low: 1, span: { key: 'days', args: { count: 2 } } } },
  { key: 'kept_for_good', args: { activity: 'demo requested' } },
]
