/** What facts say that the definition does not understand: it is kept, and never looked at, so a slip would stay unseen. */
import { nearest, understand, type DecisionFact, type Definition, type Fact, type FactValue } from '@winnow/engine'
import { levelsOf, stageIds } from './leads.ts'
import { printable } from './issues.ts'

export interface NotUnderstood {
  readonly what: 'attribute' | 'about' | 'value' | 'decision' | 'reason' | 'category' | 'level' | 'stage'
  /** The attribute, the category, or the decision. */
  readonly name: string
  /** The value, level, stage or reason. */
  readonly value: string | null
  readonly facts: number
  /** What may have been meant. */
  readonly suggestion: string | null
}

type Found = Omit<NotUnderstood, 'facts'>

/** Different things that are told apart; what comes after these is only counted. */
const KINDS_MAX = 1000

export class NotUnderstoodCounter {
  private readonly definition: Definition
  private readonly counts = new Map<string, { readonly found: Found; facts: number }>()
  /** Facts with something that is not told apart any more. */
  others = 0

  constructor(definition: Definition) {
    this.definition = definition
  }

  add(facts: readonly Fact[]): void {
    for (const fact of facts) {
      for (const found of this.look(fact)) this.count(found)
    }
  }

  /** The most frequent first. */
  all(): readonly NotUnderstood[] {
    return [...this.counts.values()].map(({ found, facts }) => ({ ...found, facts })).sort((a, b) => b.facts - a.facts)
  }

  private count(found: Found): void {
    const key = JSON.stringify([found.what, found.name, found.value])
    const known = this.counts.get(key)
    if (known !== undefined) known.facts++
    else if (this.counts.size < KINDS_MAX) this.counts.set(key, { found, facts: 1 })
    else this.others++
  }

  private look(fact: Fact): readonly Found[] {
    if (fact.kind === 'attribute' || fact.kind === 'account_attribute') return this.lookAtValue(fact)
    return fact.kind === 'decision' ? this.lookAtDecision(fact) : NOTHING
  }

  private lookAtValue({ kind, name, value }: Extract<Fact, { name: string }>): readonly Found[] {
    const { attributes = {} } = this.definition
    const attribute = Object.hasOwn(attributes, name) ? attributes[name]! : undefined
    if (attribute === undefined) return [found('attribute', name, null, nearest(name, Object.keys(attributes)))]
    const isOfAccount = attribute.about === 'account'
    if (isOfAccount !== (kind === 'account_attribute'))
      return [found('about', name, null, isOfAccount ? 'account_attribute' : 'attribute')]
    if (value === null) return NOTHING
    const { of = [] } = attribute
    if (Array.isArray(value) && attribute.type === 'choices')
      return value.filter((each) => !of.includes(each)).map((each) => found('value', name, each, near(each, of)))
    if (understand(attribute, value) !== undefined) return NOTHING
    const meant =
      of.length > 0 ? near(String(value), of) : typeof value === 'string' ? retyped(attribute.type, value) : undefined
    return [found('value', name, shown(value), meant)]
  }

  private lookAtDecision({ decision, reason, override }: DecisionFact): readonly Found[] {
    if (override !== undefined) return this.lookAtOverride(override)
    const { stages } = this.definition
    const stage = stages?.find(({ by }) => by === decision || (Array.isArray(by) && by.includes(decision)))
    const isForward = decision === 'accept' || decision === 'qualify' || decision === 'win'
    if (stage === undefined) return isForward ? [found('decision', decision, null, undefined)] : NOTHING
    if (reason === undefined || stage.reasons === undefined || stage.reasons.includes(reason)) return NOTHING
    return [found('reason', decision, reason, near(reason, stage.reasons))]
  }

  private lookAtOverride(override: NonNullable<DecisionFact['override']>): readonly Found[] {
    const { categories = {} } = this.definition
    if ('stage' in override) {
      const ids = stageIds(this.definition)
      return ids.includes(override.stage)
        ? NOTHING
        : [found('stage', 'override', override.stage, near(override.stage, ids))]
    }
    const { category, level } = override
    if (!Object.hasOwn(categories, category))
      return [found('category', category, null, near(category, Object.keys(categories)))]
    const levels = levelsOf(categories, category)
    return levels.includes(level) ? NOTHING : [found('level', category, level, near(level, levels))]
  }
}

const NOTHING: readonly Found[] = []

const found = (what: Found['what'], name: string, value: string | null, suggestion: string | undefined): Found => ({
  what,
  name,
  value,
  suggestion: suggestion ?? null,
})

/** Differences of case and punctuation are the usual slip; then the nearest spelling. */
function near(text: string, known: readonly string[]): string | undefined {
  const folded = (each: string) => each.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '')
  return known.find((each) => folded(each) === folded(text)) ?? nearest(text, known)
}

/** The same value without quotes, where the text is written like one of this type. */
function retyped(type: string, text: string): string | undefined {
  if (type === 'number') return /^-?\d+(\.\d+)?$/.test(text) ? text : undefined
  return type === 'boolean' && /^(true|false)$/i.test(text) ? text.toLowerCase() : undefined
}

const SHOWN_MAX = 60
function shown(value: FactValue): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX - 1)}…` : text
}

/** "the attribute `budgt` is not in the definition (214 facts): did you mean `budget`?" */
export function notUnderstoodText({ what, name, value, facts, suggestion }: NotUnderstood): string {
  const count = `${facts.toLocaleString('en')} ${facts === 1 ? 'fact' : 'facts'}`
  const [says, hint] = sentence(what, name, value)
  const end = suggestion === null ? '' : `: ${hint.replace('…', `\`${suggestion}\``)}`
  return printable(`${says} (${count})${end}`)
}

const MEANT = 'did you mean …?'

function sentence(
  what: NotUnderstood['what'],
  name: string,
  value: string | null,
): readonly [says: string, hint: string] {
  switch (what) {
    case 'attribute':
      return [`the attribute \`${name}\` is not in the definition`, MEANT]
    case 'about':
      return [`the attribute \`${name}\` is given to the wrong one of lead and account`, 'write it as an … fact']
    case 'value':
      return [`the value \`${value}\` of \`${name}\` fits neither its type nor its list`, MEANT]
    case 'decision':
      return [`no stage is by the decision \`${name}\``, MEANT]
    case 'reason':
      return [`the reason “${value}” to ${name} is not listed`, MEANT]
    case 'category':
      return [`the category \`${name}\` of an override is not in the definition`, MEANT]
    case 'level':
      return [`the level \`${value}\` of an override is none of the category \`${name}\``, MEANT]
    case 'stage':
      return [`the stage \`${value}\` of an override is not in the definition`, MEANT]
  }
}
