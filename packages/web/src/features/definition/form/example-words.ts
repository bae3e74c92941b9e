/** A fact of an example as a sentence of the app. */
import type { TFunction } from 'i18next'
import { valueIn } from '../../../app/yaml-text.ts'
import { propertyWords, spaced, valueWords } from '../../../ui/fact-words.ts'
import type { Editor } from '../editor/context.ts'
import { entriesOf, isMap, labelOf, listOf, textOf } from './names.ts'

export const FACT_KINDS = ['attributes', 'activity', 'account', 'decision', 'forget'] as const
export type FactKind = (typeof FACT_KINDS)[number]

export const factKind = (fact: unknown): FactKind | undefined =>
  isMap(fact) ? FACT_KINDS.find((kind) => Object.hasOwn(fact, kind)) : undefined

type Say = TFunction<'definition'>

/** `2d before: Role is decides, Employees 240` */
export function factSentence(fact: unknown, document: Editor['document'], t: Say): string {
  const lead = textOf(valueIn(fact, ['lead']))
  const said = whatHappened(fact, document, t)
  return `${whenSaid(fact, t)}: ${lead === '' ? said : t('examples.ofLead', { lead, said })}`
}

function whenSaid(fact: unknown, t: Say): string {
  const [ago, at] = ['ago', 'at'].map((key) => textOf(valueIn(fact, [key])))
  return ago !== ''
    ? t('examples.before', { ago })
    : at !== ''
      ? at!.slice(0, 16).replace('T', ' ')
      : t('examples.then')
}

function whatHappened(fact: unknown, document: Editor['document'], t: Say): string {
  const nameOf = (section: string, name: string) => labelOf(name, valueIn(document, [section, name]))
  switch (factKind(fact)) {
    case 'attributes':
      return entriesOf(valueIn(fact, ['attributes']))
        .map(([name, value]) => `${nameOf('attributes', name)} ${valueWords(value)}`)
        .join(', ')
    case 'forget': {
      const names = listOf(valueIn(fact, ['forget'])).map((name) => nameOf('attributes', textOf(name)))
      return t('examples.forgotten', { names: names.join(', ') })
    }
    case 'activity': {
      const properties = valueIn(fact, ['properties'])
      const words = isMap(properties) ? propertyWords(properties) : ''
      const times = Number(valueIn(fact, ['times']) ?? 1)
      const said = [spaced(textOf(valueIn(fact, ['activity']))), words].filter(Boolean).join(' · ')
      return times > 1 ? t('examples.times', { said, times }) : said
    }
    case 'decision':
      return decided(fact, nameOf, t)
    case 'account':
      return t('examples.account', { account: textOf(valueIn(fact, ['account'])) })
    case undefined:
      return valueWords(fact)
  }
}

function decided(fact: unknown, nameOf: (section: string, name: string) => string, t: Say): string {
  const [decision, reason, category, level, stage] = ['decision', 'reason', 'category', 'level', 'stage'].map((key) =>
    textOf(valueIn(fact, [key])),
  )
  const because = reason === '' ? '' : ` – ${reason}`
  if (decision !== 'override') return `${decisionWords(decision!, t)}${because}`
  const what = stage === '' ? nameOf('categories', category!) : t('condition.stage')
  return t('examples.overridden', { what, to: spaced(stage === '' ? level! : stage!) }) + because
}

const DECISIONS = ['accept', 'qualify', 'win', 'reject', 'recycle', 'disqualify', 'lose'] as const
const decisionWords = (decision: string, t: Say): string => {
  const known = DECISIONS.find((each) => each === decision)
  return known === undefined ? decision : t(`stages.decisions.${known}`)
}
