/** A definition as a document to read: sections, paragraphs, tables. How it is written out is for render.ts. */
import type {
  Attribute,
  Category,
  Criterion,
  Decay,
  Definition,
  Example,
  ExampleFact,
  Group,
  NamedActivity,
  Persona,
  Playbook,
  Score,
  Stage,
  Value,
} from './language.ts'
import { isSideStage } from './check-stages.ts'
import { cellsOf, levelNames } from './levels.ts'
import { asList, eachEntry, levelsListed } from './walk.ts'
import {
  activityWords,
  attributeWords,
  categoryWords,
  conditionInWords,
  counted,
  criterionSubject,
  decayInWords,
  durationWords,
  groupWords,
  joined,
  levelWords,
  numberWords,
  personaWords,
  scoreWords,
  spaced,
  stageWords,
  tableRows,
  whereWords,
} from './words.ts'

/** All text is plain: nothing in it is markup. */
export type Block =
  | { readonly kind: 'heading'; readonly level: 1 | 2 | 3 | 4; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly string[] }
  | { readonly kind: 'table'; readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] }

const heading = (level: 1 | 2 | 3 | 4, text: string): Block => ({ kind: 'heading', level, text: sentenceCase(text) })
const paragraph = (text: string): Block => ({ kind: 'paragraph', text })
const list = (items: readonly string[], ordered = false): Block => ({ kind: 'list', ordered, items })
const table = (head: readonly string[], rows: readonly (readonly string[])[]): Block => ({ kind: 'table', head, rows })
const sentenceCase = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
const sentence = (text: string): string => `${sentenceCase(text)}.`
const described = (description: string | undefined): readonly Block[] =>
  (description ?? '')
    .split(/\n\s*\n/)
    .map((each) => each.trim())
    .filter((each) => each !== '')
    .map(paragraph)

/** A section with its heading, or nothing where there is nothing to say. */
const section = (title: string, blocks: readonly Block[]): readonly Block[] =>
  blocks.length === 0 ? [] : [heading(2, title), ...blocks]

/** What a new colleague should read, in this order. */
export function outlineOf(definition: Definition): readonly Block[] {
  return [
    heading(1, definition.name),
    ...described(definition.description),
    ...section('At a glance', summary(definition)),
    ...section('Who we sell to', personas(definition)),
    ...section('What earns points', scores(definition)),
    ...section('Levels', categories(definition)),
    ...section('Stages', stages(definition)),
    ...section('What to do', playbooks(definition)),
    ...section('What a lead is worth', value(definition)),
    ...section('How many leads we can take', capacity(definition)),
    ...section('Questions to ask', questions(definition)),
    ...section('Examples', examples(definition)),
    ...section('Review', review(definition)),
    ...section('Glossary', glossary(definition)),
  ]
}

function entries<T>(map: { readonly [name: string]: T } | undefined): readonly (readonly [string, T])[] {
  const found: [string, T][] = []
  eachEntry<T>(map, (each, name) => found.push([name, each]))
  return found
}

// --- Sections --------------------------------------------------------------------------------------------------------

function summary(definition: Definition): readonly Block[] {
  const { scores = {}, stages = [] } = definition
  const scoreNames = Object.keys(scores).map((name) => scoreWords(definition, name))
  const onward = stages.filter((stage) => !isSideStage(stage)).map((stage) => stageWords(definition, stage.id))
  const items = [
    ...(scoreNames.length === 0 ? [] : [`${counted(scoreNames.length, 'score')}: ${joined(scoreNames, 'and')}.`]),
    ...entries<Category>(definition.categories).map(([name, category]) =>
      sentence(categorySummary(definition, name, category)),
    ),
    ...(onward.length < 2 ? [] : [`The way of a lead: ${onward.join(' → ')}.`]),
    ...(definition.review ? [`Both teams look at this agreement again every ${definition.review.every}.`] : []),
  ]
  return items.length === 0 ? [] : [list(items)]
}

function categorySummary(definition: Definition, name: string, category: Category): string {
  const subject = categoryWords(definition, name)
  if ('matrix' in category) {
    const { rows, columns } = category.matrix
    return `${subject} joins ${categoryWords(definition, rows)} and ${categoryWords(definition, columns)}`
  }
  const levels = levelsListed(category, []).map((level) => levelWords(definition, name, level.name))
  return `${subject} is ${joined(levels, 'or')}`
}

function personas(definition: Definition): readonly Block[] {
  return entries<Persona>(definition.personas).flatMap(([name, persona]) => [
    heading(3, personaWords(definition, name)),
    ...described(persona.description),
    paragraph(sentence(`somebody of whom this is true: ${conditionInWords(definition, persona.when)}`)),
  ])
}

function scores(definition: Definition): readonly Block[] {
  return entries<Score>(definition.scores).flatMap(([name, score]) => {
    const [low, high] = score.range ?? [0, 100]
    const fades = decayInWords(score.decay)
    return [
      heading(3, scoreWords(definition, name)),
      ...described(score.description),
      paragraph(
        `From ${numberWords(low)} to ${numberWords(high)} points.${fades === undefined ? '' : ` What a lead did fades: ${fades}, where nothing else is said.`}`,
      ),
      ...entries<Group>(score.groups).flatMap(([groupName, group]) => groupBlocks(definition, name, groupName, group)),
    ]
  })
}

function groupBlocks(definition: Definition, score: string, name: string, group: Group): readonly Block[] {
  const fades = decayInWords(group.decay)
  const limits = [
    ...(group.cap === undefined ? [] : [`at most ${numberWords(group.cap)} points in all`]),
    ...(group.floor === undefined ? [] : [`at least ${numberWords(group.floor)} points in all`]),
    ...(group.weight === undefined ? [] : [`multiplied by ${numberWords(group.weight)}`]),
    ...(fades === undefined ? [] : [`fading: ${fades}`]),
  ]
  return [
    heading(4, groupWords(definition, score, name)),
    ...described(group.description),
    ...(limits.length === 0 ? [] : [paragraph(sentence(joined(limits, 'and')))]),
    table(
      ['Criterion', 'For', 'Points', 'Conditions'],
      group.criteria.flatMap((criterion) => criterionRows(definition, criterion)),
    ),
  ]
}

/** One row for a criterion; for a table one for each line of it. */
function criterionRows(definition: Definition, criterion: Criterion): readonly (readonly string[])[] {
  const name = sentenceCase(criterion.label ?? spaced(criterion.id))
  const conditions = conditionsOf(criterion).join('; ')
  const subject = criterionSubject(definition, criterion)
  const rows =
    'table' in criterion
      ? tableRows(definition, criterion).map(({ value, points }) => [`${subject}: ${value}`, numberWords(points)])
      : [[subject, numberWords(criterion.points)]]
  const unknown =
    criterion.unknown === undefined
      ? []
      : [[`${'table' in criterion ? `${subject}: ` : ''}not known`, numberWords(criterion.unknown)]]
  const described = criterion.description === undefined ? name : `${name} – ${criterion.description}`
  return [...rows, ...unknown].map(([what = '', points = ''], at) => [
    at === 0 ? described : '',
    what,
    points,
    at === 0 ? conditions : '',
  ])
}

function conditionsOf(criterion: Criterion): readonly string[] {
  const { cap, floor } = criterion
  return [
    ...('each' in criterion ? occurrenceLimits(criterion) : []),
    ...(cap === undefined ? [] : [`at most ${numberWords(cap)} in all`]),
    ...(floor === undefined ? [] : [`at least ${numberWords(floor)} in all`]),
  ]
}

function occurrenceLimits(criterion: Extract<Criterion, { each: unknown }>): readonly string[] {
  const { count, within, decay } = criterion
  const stretch = count?.within === undefined ? '' : ` in any ${durationWords(count.within)}`
  return [
    ...(count === undefined
      ? []
      : [`counts at most ${count.at_most === 1 ? 'once' : `${count.at_most} times`}${stretch}`]),
    ...(within === undefined ? [] : [`within the last ${durationWords(within)}`]),
    ...(decay === undefined ? [] : [fadeWords(decay)]),
  ]
}

const fadeWords = (decay: Decay): string => decayInWords(decay) ?? 'does not fade'

function categories(definition: Definition): readonly Block[] {
  return entries<Category>(definition.categories).flatMap(([name, category]) => [
    heading(3, categoryWords(definition, name)),
    ...described(category.description),
    'matrix' in category ? matrixTable(definition, name, category) : levelTable(definition, name, category),
  ])
}

function levelTable(
  definition: Definition,
  category: string,
  { levels }: Extract<Category, { levels: unknown }>,
): Block {
  const rows = levelsListed({ levels }, []).map(({ name, level }) => {
    const words = [
      level.when === undefined ? 'everybody else' : conditionInWords(definition, level.when),
      ...(level.for_at_least === undefined
        ? []
        : [`for at least ${durationWords(level.for_at_least)} without a break`]),
      ...(level.stays_while === undefined
        ? []
        : [`once there, stays while ${conditionInWords(definition, level.stays_while)}`]),
      ...(level.stays_at_least === undefined ? [] : [`stays at least ${durationWords(level.stays_at_least)}`]),
    ]
    return [sentenceCase(levelWords(definition, category, name)), words.join('; '), level.description ?? '']
  })
  return table(['Level', 'When', 'Meaning'], rows)
}

function matrixTable(definition: Definition, name: string, { matrix }: Extract<Category, { matrix: unknown }>): Block {
  const { rows, columns } = matrix
  const cells = cellsOf(definition, name) ?? []
  const columnNames = levelNames(definition, columns) ?? []
  return table(
    [
      `${categoryWords(definition, rows)} \\ ${categoryWords(definition, columns)}`,
      ...columnNames.map((each) => levelWords(definition, columns, each)),
    ],
    (levelNames(definition, rows) ?? []).map((row) => [
      levelWords(definition, rows, row),
      ...columnNames.map((column) =>
        spaced(cells.find((cell) => cell.row === row && cell.column === column)?.level ?? ''),
      ),
    ]),
  )
}

function stages(definition: Definition): readonly Block[] {
  const { stages = [] } = definition
  if (stages.length === 0) return []
  const rows = stages.map((stage, at) => [
    stageWords(definition, stage.id),
    stage.owner ?? '',
    stageEntry(definition, stage, at === 0),
    stage.needs === undefined ? '' : conditionInWords(definition, stage.needs),
    stage.sla === undefined ? '' : `within ${durationWords(stage.sla)}`,
  ])
  const notes = stages.flatMap((stage) => [
    ...(stage.description === undefined ? [] : [`${stageWords(definition, stage.id)}: ${stage.description}`]),
    ...(stage.cool_down === undefined
      ? []
      : [
          `After ${stageWords(definition, stage.id)}, nothing automatic happens for ${durationWords(stage.cool_down)}.`,
        ]),
    ...(stage.reasons === undefined
      ? []
      : [`Reasons for ${stageWords(definition, stage.id)}: ${joined(stage.reasons, 'or')}.`]),
  ])
  return [
    table(['Stage', 'Whose turn', 'How a lead gets there', 'Needs', 'Moves on'], rows),
    ...(notes.length === 0 ? [] : [list(notes)]),
  ]
}

function stageEntry(definition: Definition, stage: Stage, first: boolean): string {
  if (first) return 'every lead begins here'
  const decisions = asList(stage.by)
  return [
    ...(stage.enter === undefined ? [] : [`by itself when ${conditionInWords(definition, stage.enter)}`]),
    ...(decisions.length === 0 ? [] : [`when somebody decides: ${joined(decisions, 'or')}`]),
  ].join('; or ')
}

function playbooks(definition: Definition): readonly Block[] {
  return entries<Playbook>(definition.playbooks).flatMap(([, playbook]) => [
    heading(3, playbook.title),
    paragraph(
      sentence(
        `when ${conditionInWords(definition, playbook.when)}${playbook.owner === undefined ? '' : ` – for ${playbook.owner}`}`,
      ),
    ),
    list(playbook.steps, true),
  ])
}

function value({ value, ...definition }: Definition): readonly Block[] {
  if (value === undefined) return []
  const { win, currency = '' } = value
  const money = (amount: number) => `${numberWords(amount)} ${currency}`.trim()
  const probabilities =
    'score' in win
      ? win.bins.map((bin, at) => [
          `${scoreWords(definition, win.score)} ${bin.below === undefined ? `from ${numberWords(win.bins[at - 1]?.below ?? 0)}` : `below ${numberWords(bin.below)}`}`,
          ...probabilityCells(bin),
        ])
      : entries(win.levels).map(([level, probability]) => [
          `${categoryWords(definition, win.category)}: ${levelWords(definition, win.category, level)}`,
          ...probabilityCells(probability),
        ])
  return [
    paragraph(
      'Expected value is the chance of a win, times the amount, times how often a customer buys, less the cost of working the lead.',
    ),
    table(['Leads', 'Won', 'Between', 'Learned from'], probabilities),
    ...amountBlocks(definition, value, money),
    paragraph(
      `A customer buys ${numberWords(value.repeats ?? 1)} times in all; working a lead costs ${money(value.cost ?? 0)}.`,
    ),
  ]
}

type Probability = {
  readonly probability: number
  readonly low?: number
  readonly high?: number
  readonly leads?: number
}
const percent = (share: number): string => `${Math.round(share * 1e6) / 1e4} %`

function probabilityCells({ probability, low, high, leads }: Probability): readonly string[] {
  const interval = low === undefined && high === undefined ? '' : `${percent(low ?? 0)} and ${percent(high ?? 1)}`
  return [percent(probability), interval, leads === undefined ? '' : counted(leads, 'lead')]
}

function amountBlocks(definition: Definition, { amount }: Value, money: (amount: number) => string): readonly Block[] {
  if (typeof amount === 'number') return [paragraph(`A win is worth ${money(amount)}.`)]
  const otherwise = amount.otherwise === undefined ? '' : `, and ${money(amount.otherwise)} while that is not known`
  if ('attribute' in amount)
    return [paragraph(`A win is worth what ${attributeWords(definition, amount.attribute)} says${otherwise}.`)]
  const rows = tableRows(definition, amount).map(({ value, points }) => [value, money(points)])
  return [
    paragraph(`A win is worth, by ${attributeWords(definition, amount.table)}${otherwise}:`),
    table([attributeWords(definition, amount.table), 'Amount'], rows),
  ]
}

function capacity(definition: Definition): readonly Block[] {
  const items = entries(definition.capacity).flatMap(([team, limits]) =>
    entries(limits).map(([key, most]) => {
      const [, stage = '', period = ''] = /^(.*)_per_(.*)$/.exec(key) ?? []
      return `${sentenceCase(spaced(team))}: ${numberWords(most)} leads a ${period} into ${stageWords(definition, stage)}.`
    }),
  )
  return items.length === 0 ? [] : [list(items)]
}

function questions(definition: Definition): readonly Block[] {
  const rows = entries<Attribute>(definition.attributes).flatMap(([name, attribute]) =>
    attribute.question === undefined
      ? []
      : [
          [
            attribute.answers === undefined ? '' : spaced(attribute.answers),
            attribute.question,
            attributeWords(definition, name),
          ],
        ],
  )
  return rows.length === 0 ? [] : [table(['Topic', 'Question', 'Where the answer goes'], rows)]
}

function review({ review }: Definition): readonly Block[] {
  return review === undefined
    ? []
    : [paragraph(`Marketing and sales look at this agreement again every ${review.every}.`)]
}

// --- Examples --------------------------------------------------------------------------------------------------------

function examples(definition: Definition): readonly Block[] {
  return (definition.examples ?? []).flatMap((example) => [
    heading(3, example.name),
    ...(example.facts.length === 0 ? [] : [list(example.facts.map((fact) => factWords(definition, fact)))]),
    paragraph(`On ${example.as_of}: ${expectationWords(definition, example)}.`),
  ])
}

function factWords(definition: Definition, fact: ExampleFact): string {
  const when = fact.at ?? (fact.ago === undefined ? 'then' : `${durationWords(fact.ago)} before`)
  const who = fact.lead === undefined ? '' : ` (of the lead ${fact.lead})`
  return `${sentenceCase(when)}${who}: ${factContent(definition, fact)}.`
}

function factContent(definition: Definition, fact: ExampleFact): string {
  if ('attributes' in fact) {
    const values = entries(fact.attributes).map(
      ([name, value]) => `${attributeWords(definition, name)} is ${plainWords(value)}`,
    )
    return joined(values, 'and')
  }
  if ('forget' in fact)
    return `no longer known: ${joined(
      fact.forget.map((name) => attributeWords(definition, name)),
      'and',
    )}`
  if ('account' in fact) return `belongs to the account ${fact.account}`
  if ('activity' in fact) {
    const properties = entries(fact.properties).map(([name, value]) => `${name} ${plainWords(value)}`)
    const times = fact.times === undefined ? '' : `, ${counted(fact.times, 'time')}`
    return `${fact.activity}${properties.length === 0 ? '' : ` with ${joined(properties, 'and')}`}${times}`
  }
  const forced =
    fact.stage === undefined
      ? fact.category === undefined
        ? ''
        : ` of ${categoryWords(definition, fact.category)} to ${fact.level}`
      : ` of the stage to ${stageWords(definition, fact.stage)}`
  const until = fact.until === undefined ? '' : ` until ${fact.until}`
  const amount = fact.amount === undefined ? '' : ` of ${numberWords(fact.amount)}`
  return `${fact.decision}${forced}${until}${amount}${fact.reason === undefined ? '' : ` (${fact.reason})`}`
}

function plainWords(value: unknown): string {
  return Array.isArray(value)
    ? joined(value.map(String), 'and')
    : typeof value === 'number'
      ? numberWords(value)
      : String(value)
}

function expectationWords(definition: Definition, { expect }: Example): string {
  const parts = [
    ...entries(expect.scores).map(([name, points]) => `${scoreWords(definition, name)} ${numberWords(points)}`),
    ...entries(expect.points).map(([id, points]) => `${counted(points, 'point')} for ${spaced(id)}`),
    ...entries(expect.levels).map(
      ([category, level]) => `${categoryWords(definition, category)} ${levelWords(definition, category, level)}`,
    ),
    ...(expect.stage === undefined ? [] : [`stage ${stageWords(definition, expect.stage)}`]),
    ...(expect.personas === undefined
      ? []
      : [
          expect.personas.length === 0
            ? 'no persona'
            : `persona ${joined(
                expect.personas.map((name) => personaWords(definition, name)),
                'and',
              )}`,
        ]),
    ...(expect.value === undefined
      ? []
      : [`worth ${`${numberWords(expect.value)} ${definition.value?.currency ?? ''}`.trim()}`]),
  ]
  return joined(parts, 'and')
}

// --- Glossary --------------------------------------------------------------------------------------------------------

const WORDS: readonly (readonly [string, string])[] = [
  ['Lead', 'A person who may buy; the account is the company they belong to.'],
  ['Attribute', 'Something known about a lead or an account. Not known is not the same as no.'],
  ['Activity', 'Something that a lead did, at a certain time.'],
  ['Score', 'Points added up from criteria, within a range.'],
  ['Level', 'What a category says of a lead at this moment; it is read from scores and conditions.'],
  ['Stage', 'Where a lead is on its way to becoming a customer.'],
]

function glossary(definition: Definition): readonly Block[] {
  const attributes = entries<Attribute>(definition.attributes).map(([name, attribute]) => [
    attributeWords(definition, name),
    attributeKind(attribute),
    attribute.description ?? '',
  ])
  const activities = entries<NamedActivity>(definition.activities).map(([name, activity]) => [
    activityWords(definition, name),
    `${joined(asList(activity.from), 'or')}${activity.where === undefined ? '' : ` where ${whereWords(activity.where)}`}`,
    activity.intent ?? '',
    activity.description ?? '',
  ])
  return [
    table(['Word', 'Meaning'], WORDS),
    ...(attributes.length === 0
      ? []
      : [heading(3, 'What we know of a lead'), table(['Attribute', 'Values', 'Meaning'], attributes)]),
    ...(activities.length === 0
      ? []
      : [heading(3, 'What a lead can do'), table(['Activity', 'Read from', 'Intent', 'Meaning'], activities)]),
  ]
}

function attributeKind({ type, of, unit, about, sensitive }: Attribute): string {
  const values = of === undefined ? type : `${type === 'choices' ? 'any of' : 'one of'} ${joined(of.map(spaced), 'or')}`
  return [
    values,
    ...(unit === undefined ? [] : [`in ${unit}`]),
    ...(about === 'account' ? ['of the account'] : []),
    ...(sensitive === undefined ? [] : [sensitive === 'protected' ? 'protected ground' : 'personal data']),
  ].join(', ')
}
