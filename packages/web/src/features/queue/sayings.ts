/** What is said of a lead in the queue, from its data. */
import type { TFunction } from 'i18next'
import type { DefinitionWords } from '../../app/definition.ts'
import type { Formats } from '../../app/format.ts'
import type { Say } from '../../app/phrases.ts'
import type { Queued } from './order.ts'

type Why = Queued['why'][number]
type Change = NonNullable<Queued['nextChange']>['changes'][number]

export interface Speaker {
  readonly t: TFunction<'queue'>
  readonly words: DefinitionWords
  readonly formats: Formats
  readonly say: Say
}

/** One sentence: what speaks for calling. */
export function whyInWords({ why }: Queued, speaker: Speaker): string | undefined {
  if (why.length === 0) return undefined
  const said = speaker.formats.list(why.map((each) => reasonInWords(each, speaker)))
  return `${said.charAt(0).toUpperCase()}${said.slice(1)}.`
}

/** Shorter than an explanation: what it was, and when. */
export function reasonInWords(
  { activities, attribute, phrase, label, isNamed }: Why,
  { t, words, formats, say }: Speaker,
): string {
  if (activities.length > 0) {
    const activity = formats.list(activities.map((name) => asPart(words.activityLabel(name))))
    if (!('latest' in phrase.args)) return activity
    const { count, latest } = phrase.args
    const ago = latest.key === 'ago' ? formats.relative(-latest.args.ms, 0) : say(latest)
    return count === 1 ? t('why.once', { activity, ago }) : t('why.often', { activity, count, ago })
  }
  if (attribute !== null) {
    const name = asPart(words.attributeLabel(attribute))
    return phrase.key === 'value' ? t('why.value', { name, value: say(phrase.args.value) }) : name
  }
  return isNamed ? asPart(label) : say(phrase)
}

/** `Demo requested` in the middle of a sentence; `MQL` stays as it is. */
const asPart = (label: string) =>
  /^\p{Lu}\p{Ll}/u.test(label) ? label.charAt(0).toLocaleLowerCase() + label.slice(1) : label

/** The next thing that happens by itself: `cools to Warm`. Breaches have a clock of their own. */
export function nextInWords({ nextChange }: Queued, { t, words }: Speaker): { what: string; at: string } | undefined {
  const change = nextChange?.changes.find(({ kind }) => kind !== 'sla')
  if (nextChange === null || change === undefined) return undefined
  return { what: changeInWords(change, { t, words }), at: nextChange.at }
}

function changeInWords({ kind, name, from, to }: Change, { t, words }: Pick<Speaker, 't' | 'words'>): string {
  if (kind === 'stage') return t('next.stage', { stage: words.stageLabel(to) })
  const after = words.level(name, to)
  const isWorse = from !== null && after.rank > words.level(name, from).rank
  const said = { category: after.category, level: after.level }
  if (after.family === 'temperature') return isWorse ? t('next.cools', said) : t('next.warms', said)
  return isWorse ? t('next.falls', said) : t('next.rises', said)
}

/** The decision that brings a lead on from its stage, where one key press is enough for it: a win is not. */
export function forwardOf(stage: string, { outline }: DefinitionWords): 'accept' | 'qualify' | undefined {
  const path = outline.stages.filter(({ isSide }) => !isSide)
  const after = path.slice(path.findIndex(({ name }) => name === stage) + 1)
  return after.flatMap(({ by }) => by).find((by): by is 'accept' | 'qualify' => by === 'accept' || by === 'qualify')
}

/** Where a decision leads. */
export const stageBy = (decision: string, { outline }: DefinitionWords): string | undefined =>
  outline.stages.find(({ by }) => by.includes(decision))?.name

export const nameOf = ({ lead }: Pick<Queued, 'lead'>, nobody: string): string => lead.name ?? lead.email ?? nobody
