/** Random histories for a definition: clustered in time so that its windows, thresholds and dwells are hit exactly. */
import type { Attribute, Definition } from '../../src/definition/language.ts'
import {
  accountId,
  DECISIONS,
  leadId,
  type AccountId,
  type DecisionFact,
  type Fact,
  type FactValue,
  type LeadId,
} from '../../src/facts.ts'
import { DAY_MS, DURATION, HOUR_MS, parseDuration, type Instant } from '../../src/time.ts'
import type { Draw } from './draw.ts'
import {
  DATES,
  EPOCH,
  INTERESTS,
  NOT_DATES,
  NUMBERS,
  PROPERTIES,
  RAW_TYPES,
  ROLES,
  SPAN_MS,
  TEXTS,
} from './vocabulary.ts'

export interface History {
  /** In the order of arrival, which is not that of time. */
  readonly facts: readonly Fact[]
  /** The leads that the facts are about, and one that nobody knows. */
  readonly leads: readonly LeadId[]
  readonly until: Instant
  readonly looks: readonly Look[]
}

/** A lead at an instant worth a look: that of a fact, its neighbour, the edge of a window, any. */
export interface Look {
  readonly lead: LeadId
  readonly at: Instant
}

export function drawHistory(draw: Draw, definition: Definition): History {
  return new Telling(draw, definition).tell()
}

class Telling {
  readonly #draw: Draw
  readonly #definition: Definition
  readonly #lengths: readonly number[]
  readonly #leads: readonly LeadId[]
  readonly #accounts: readonly AccountId[]
  readonly #instants: Instant[] = []

  constructor(draw: Draw, definition: Definition) {
    this.#draw = draw
    this.#definition = definition
    this.#lengths = durationsIn(definition)
    this.#leads = ['ann', 'bob', 'cleo']
      .slice(
        0,
        draw.weighted([
          [5, 1],
          [3, 2],
          [2, 3],
        ] as const),
      )
      .map(leadId)
    const accounts = looksAtAccounts(definition)
      ? draw.weighted([
          [1, 0],
          [3, 1],
          [2, 2],
        ] as const)
      : Number(draw.chance(0.1))
    this.#accounts = ['acme', 'bolt'].slice(0, accounts).map(accountId)
  }

  tell(): History {
    const draw = this.#draw
    const count = draw.weighted([
      [1, 0],
      [5, draw.integer(1, 5)],
      [14, draw.integer(6, 18)],
      [4, draw.integer(19, 35)],
    ] as const)
    const links = this.#accounts.length > 0 && draw.chance(0.8) ? this.#leads.map((lead) => this.#link(lead)) : []
    const told = [...links, ...draw.list(count, count, () => this.#fact()), ...this.#burst()]
    const facts = draw.shuffle(this.#withRepeats(this.#withIds(told)))
    const last = Math.max(EPOCH, ...this.#instants)
    const until = last + draw.pick([0, 1, DAY_MS, 10 * DAY_MS, 40 * DAY_MS])
    const leads = [...this.#leads, leadId('nobody')]
    const looks = draw.list(1, 3, () => ({ lead: draw.pick([...this.#leads, ...leads]), at: this.#look(until) }))
    return { facts, leads, until, looks }
  }

  /** Now and then the same thing happens many times within minutes. */
  #burst(): readonly WithoutId<Fact>[] {
    const draw = this.#draw
    if (!draw.chance(0.12)) return []
    const first = this.#activity()
    return draw.list(4, 12, (place) => ({ ...first, at: first.at + place * draw.pick([0, 1, 1000, 60_000]) }))
  }

  /** Ids in another order than the facts came to mind, because they decide ties. */
  #withIds(told: readonly WithoutId<Fact>[]): readonly Fact[] {
    const numbers = this.#draw.shuffle(told.map((_, place) => place))
    return told.map((fact, place) => ({ ...fact, id: `fact-${String(numbers[place]).padStart(2, '0')}` }))
  }

  /** Now and then an id is used again: the same fact twice, or another fact that must not count. */
  #withRepeats(facts: readonly Fact[]): readonly Fact[] {
    const draw = this.#draw
    if (facts.length === 0 || !draw.chance(0.1)) return facts
    const again = draw.pick(facts)
    return [...facts, draw.chance(0.5) ? again : { ...this.#fact(), id: again.id }]
  }

  // --- Times

  /** On or beside the edge of something, at the same instant as before, soon after, or long after. */
  #instant(): Instant {
    const draw = this.#draw
    const any = () => EPOCH + draw.integer(0, SPAN_MS / HOUR_MS / 6) * 6 * HOUR_MS
    const before = this.#instants.length === 0 ? any() : draw.pick(this.#instants)
    const at = draw.weighted<() => Instant>([
      [3, any],
      [2, () => before],
      [2, () => before + draw.integer(1, 90_000)],
      [3, () => before + draw.pick([1, 2, 3, 6, 24, 72]) * HOUR_MS],
      [5, () => before + draw.pick(this.#lengths) + draw.pick([0, 0, 0, -1, 1])],
      [1, () => before + draw.pick([20, 30]) * DAY_MS],
    ])()
    if (draw.chance(0.005)) return draw.pick([0, -DAY_MS - 1, EPOCH - 10_000 * DAY_MS])
    const near = at > EPOCH + 3 * SPAN_MS ? any() : at
    this.#instants.push(near)
    return near
  }

  #look(until: Instant): Instant {
    const draw = this.#draw
    const fact = this.#instants.length === 0 ? EPOCH : draw.pick(this.#instants)
    return draw.weighted<() => Instant>([
      [3, () => fact],
      [2, () => fact + draw.pick([-1, 1])],
      [4, () => fact + draw.pick(this.#lengths) + draw.pick([0, -1, 1])],
      [2, () => EPOCH + draw.integer(0, SPAN_MS)],
      [2, () => until],
    ])()
  }

  // --- Facts

  #fact(): WithoutId<Fact> {
    const draw = this.#draw
    const hasAccounts = this.#accounts.length > 0
    return draw.weighted<() => WithoutId<Fact>>([
      [12, () => this.#activity()],
      [4, () => this.#attribute()],
      [3, () => this.#decision()],
      [hasAccounts ? 2 : 1, () => (hasAccounts ? this.#accountAttribute() : this.#attribute())],
      [hasAccounts ? 2 : 1, () => (hasAccounts ? this.#link(draw.pick(this.#leads)) : this.#activity())],
    ])()
  }

  #link(lead: LeadId): WithoutId<Fact> {
    const account = this.#draw.chance(0.1) ? null : this.#draw.pick(this.#accounts)
    return { kind: 'link', at: this.#instant(), lead, account }
  }

  #activity(): WithoutId<Fact> {
    const draw = this.#draw
    const types = Object.values(this.#definition.activities ?? {}).flatMap((activity) => activity.from)
    return {
      kind: 'activity',
      at: this.#instant(),
      lead: draw.pick(this.#leads),
      type: draw.chance(0.9) && types.length > 0 ? draw.pick(types) : draw.pick(RAW_TYPES),
      properties: properties(draw),
    }
  }

  #attribute(): WithoutId<Fact> {
    const draw = this.#draw
    return { kind: 'attribute', at: this.#instant(), lead: draw.pick(this.#leads), ...this.#learned('lead') }
  }

  #accountAttribute(): WithoutId<Fact> {
    const draw = this.#draw
    const account = draw.pick(this.#accounts)
    return { kind: 'account_attribute', at: this.#instant(), account, ...this.#learned('account') }
  }

  /** Mostly an attribute of the right owner; else one of another owner, or one that the definition does not know. */
  #learned(about: 'lead' | 'account'): { readonly name: string; readonly value: FactValue } {
    const draw = this.#draw
    const attributes = Object.entries(this.#definition.attributes ?? {})
    const fitting = attributes.filter(([, attribute]) => (attribute.about ?? 'lead') === about)
    if (draw.chance(0.05) || attributes.length === 0) return { name: 'constructor', value: 1 }
    const [name, attribute] = draw.pick(fitting.length > 0 && draw.chance(0.93) ? fitting : attributes)
    return { name, value: value(draw, attribute) }
  }

  // --- Decisions

  #decision(): WithoutId<Fact> {
    const draw = this.#draw
    const decision = draw.chance(0.75)
      ? draw.pick(DECISIONS.filter((each) => each !== 'override'))
      : ('override' as const)
    const at = this.#instant()
    const override = decision === 'override' && draw.chance(0.95) ? { override: this.#override(at) } : {}
    return { kind: 'decision', at, lead: draw.pick(this.#leads), decision, ...override }
  }

  #override(at: Instant): NonNullable<DecisionFact['override']> {
    const draw = this.#draw
    const stages = (this.#definition.stages ?? [{ id: 'lead' }]).map((stage) => stage.id)
    if (draw.chance(0.4)) return { stage: draw.pick([...stages, ...stages, 'lost', 'disqualified', 'nowhere']) }
    const categories = Object.keys(this.#definition.categories ?? {})
    const category = categories.length === 0 || draw.chance(0.03) ? 'constructor' : draw.pick(categories)
    const level = draw.chance(0.05) ? 'no_such_level' : draw.pick(levelsIn(this.#definition, category))
    const until = draw.maybe(0.6, 'until', () => at + draw.pick([...this.#lengths, 0, 1, -HOUR_MS]))
    return { category, level, ...until }
  }
}

type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never

/** Every length that the definition mentions, and an hour. */
function durationsIn(definition: Definition): readonly number[] {
  const texts = JSON.stringify(definition).match(/"\d+[smhdw]"/g) ?? []
  const lengths = texts.map((text) => text.slice(1, -1)).filter((text) => DURATION.test(text))
  return [HOUR_MS, ...lengths.map(parseDuration)]
}

function looksAtAccounts(definition: Definition): boolean {
  return /"(account|leads)"/.test(JSON.stringify(definition))
}

function levelsIn(definition: Definition, name: string): readonly string[] {
  const category = Object.hasOwn(definition.categories ?? {}, name) ? definition.categories![name] : undefined
  if (category === undefined) return ['hot']
  if ('levels' in category) return category.levels.flatMap((level) => Object.keys(level))
  const { rows, columns, cells } = category.matrix
  if (cells !== undefined) return Object.values(cells).flatMap((line) => Object.values(line))
  return levelsIn(definition, rows).flatMap((row) => levelsIn(definition, columns).map((column) => `${row}_${column}`))
}

// --- Values ----------------------------------------------------------------------------------------------------------

/** A value of the attribute's type, or `null`, or one that it does not understand. */
function value(draw: Draw, attribute: Attribute): FactValue {
  if (draw.chance(0.08)) return null
  if (draw.chance(0.08)) return draw.pick<FactValue>(['12', 12, true, ['nothing', 'listed'], NOT_DATES[0], ''])
  switch (attribute.type) {
    case 'text':
      return draw.pick(TEXTS)
    case 'number':
      return draw.pick(NUMBERS)
    case 'boolean':
      return draw.chance(0.5)
    case 'choice':
      return draw.pick([...attribute.of!, ...attribute.of!, ...ROLES])
    case 'choices':
      return draw.list(0, 3, () => draw.pick([...attribute.of!, ...attribute.of!, ...INTERESTS]))
    case 'date':
      return draw.chance(0.1) ? draw.pick(NOT_DATES) : draw.pick(DATES)
  }
}

/** Some properties; now and then a dotted name is a map within a map. */
function properties(draw: Draw): Record<string, unknown> {
  const chosen = draw.some(Object.keys(PROPERTIES), 0, 5)
  const drawn = Object.fromEntries(chosen.map((name) => [name, draw.pick(PROPERTIES[name])]))
  if (!('utm.source' in drawn) || draw.chance(0.5)) return drawn
  const { 'utm.source': source, ...rest } = drawn
  return { ...rest, utm: { source } }
}
