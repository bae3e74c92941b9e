/** Leads as they are explained: lines, what is missing, what cools. `expected/told.json` holds it all, word for word. */
import { parseDefinition } from '../../src/definition/parse.ts'
import { exampleFacts } from '../../src/examples.ts'
import {
  compileDefinition,
  cooling,
  explain,
  formatInstant,
  gaps,
  leadId,
  nextChange,
  parseInstant,
  replay,
  type Definition,
  type Target,
} from '../../src/index.ts'
import type { ExampleFact } from '../../src/definition/language.ts'

const AS_OF = '2026-03-15T12:00:00Z'

/** Every kind of attribute decides a category of its own, so that each is a gap of its own. */
const KINDS = {
  winnow: 1,
  name: 'Kinds of moves',
  attributes: {
    role: { type: 'choice', of: ['user', 'big_boss'], question: 'What do you do?' },
    tools: { type: 'choices', of: ['saw', 'drill'] },
    size: { type: 'number', unit: 'people', about: 'account', question: 'How many are you?' },
    budget: { type: 'number' },
    signs: { type: 'boolean' },
    is_rival: { type: 'boolean' },
    ends: { type: 'date' },
    began: { type: 'date' },
    title: { type: 'text', label: 'Job title' },
    town: { type: 'text', about: 'account' },
    price: { type: 'number' },
    plan: { type: 'choice', of: ['free', 'paid'] },
  },
  activities: { visited: { from: 'page' }, called: { from: ['phone', 'chat'], label: 'Call' } },
  scores: {
    fit: {
      range: [-20, 30],
      groups: {
        all: {
          cap: 40,
          weight: 2,
          criteria: [
            { id: 'tools', table: 'tools', values: { saw: 3, drill: 4 } },
            {
              id: 'price',
              table: 'price',
              bins: [{ below: 10, points: 0 }, { below: 50, points: 5 }, { points: 12.345 }],
              cap: 12,
            },
            { id: 'plan', label: 'Plan', table: 'plan', values: { free: -2 }, otherwise: 0, floor: -1 },
            { id: 'town', table: 'town', values: { Bonn: 1 } },
            { id: 'signs', table: 'signs', values: { true: 1 }, unknown: 0.5 },
            { id: 'ends', table: 'ends', bins: [{ below: 0, points: 0 }, { points: 2 }] },
            { id: 'role', when: { attribute: 'role', is: 'big_boss' }, points: 9, cap: 8 },
          ],
        },
        less: { floor: -3, criteria: [{ id: 'rival', when: { attribute: 'is_rival', is: true }, points: -30 }] },
      },
    },
    heat: {
      decay: { half_life: '7d' },
      groups: {
        all: {
          criteria: [
            { id: 'visits', each: 'visited', points: 10, cap: 35 },
            { id: 'calls', each: ['called', 'visited'], points: 4, decay: 'none', within: '30d' },
            { id: 'seen', each: 'called', points: 1, decay: { steps: { every: '1d', lose: '10%' } }, by: 'account' },
          ],
        },
      },
    },
  },
  categories: {
    heat: {
      levels: [
        { hot: { when: { score: 'heat', at_least: 40 } } },
        { warm: { label: 'Warm', when: { score: 'heat', at_least: 12 } } },
        { cold: {} },
      ],
    },
    held: { levels: [{ yes: { when: { score: 'heat', at_least: 14 }, for_at_least: '2d' } }, { no: {} }] },
    priced: { label: 'Price', levels: [{ good: { when: { score: 'fit', at_least: 10 } } }, { poor: {} }] },
    both: {
      levels: [{ yes: { when: { all: [{ attribute: 'signs', is: true }, { activity: 'called' }] } } }, { no: {} }],
    },
    role: { levels: [{ boss: { when: { attribute: 'role', is: 'big_boss' } } }, { other: {} }] },
    tools: { levels: [{ drill: { when: { attribute: 'tools', is: 'drill' } } }, { none: {} }] },
    size: { levels: [{ big: { when: { attribute: 'size', above: 50 } } }, { small: {} }] },
    budget: { levels: [{ low: { when: { attribute: 'budget', below: 5 } } }, { high: {} }] },
    signs: { levels: [{ yes: { when: { attribute: 'signs', is: true } } }, { no: {} }] },
    rival: { levels: [{ no: { when: { attribute: 'is_rival', is: false } } }, { perhaps: {} }] },
    ends: {
      levels: [{ soon: { when: { attribute: 'ends', due_within: '60d', above: '2026-03-20' } } }, { later: {} }],
    },
    began: { levels: [{ long: { when: { attribute: 'began', older_than: '2d' } } }, { short: {} }] },
    title: { levels: [{ chief: { when: { attribute: 'title', starts_with: ['chief', 'head'] } } }, { other: {} }] },
    known: { levels: [{ yes: { when: { attribute: 'town', known: true } } }, { no: {} }] },
  },
  stages: [{ id: 'lead' }, { id: 'mql', label: 'MQL', enter: { category: 'heat', is: 'hot' } }],
  playbooks: {
    call: { when: { category: 'heat', in: ['warm', 'hot'] }, title: 'Call', steps: ['Call.'] },
    write: { when: { category: 'heat', is: 'cold' }, title: 'Write', steps: ['Write.'] },
  },
}

/** Properties that pass every kind of test: each activity is its own gap. */
const WHERES: Readonly<Record<string, unknown>> = {
  text: 'x',
  list: ['y', 'z'],
  truth: false,
  is: { is: 'i' },
  among: { in: [7, 8] },
  known: { known: true },
  absent: { known: false },
  least: { at_least: 5 },
  between: { between: [3, 4] },
  most: { at_most: 6 },
  above: { above: 2 },
  below: { below: 9 },
  parts: { starts_with: 'ab', contains: ['cd', 'x'], ends_with: 'ef' },
  pattern: { matches: '^plan$' },
  not: { is_not: 'no' },
  impossible: { above: 1, below: 0 },
}
const FILTERS = {
  winnow: 1,
  name: 'Filters',
  activities: Object.fromEntries(
    Object.entries(WHERES).map(([name, test]) => [`did_${name}`, { from: name, where: { p: test } }]),
  ),
  categories: Object.fromEntries(
    Object.keys(WHERES).map((name) => [
      name,
      { levels: [{ yes: { when: { activity: `did_${name}`, where: { q: { at_least: 1 } } } } }, { no: {} }] },
    ]),
  ),
}

interface Told {
  readonly name: string
  readonly definition: unknown
  readonly facts: readonly unknown[]
  readonly targets?: readonly Target[]
}

const targetsOf = (definition: { readonly categories: Readonly<Record<string, { levels: readonly object[] }>> }) =>
  Object.entries(definition.categories).map(([category, { levels }]) => ({
    category,
    level: Object.keys(levels[0])[0],
  }))
const visits = (times: number, ago: string) => ({ activity: 'page', times, ago })

export const toldLeads: readonly Told[] = [
  { name: 'nothing known', definition: KINDS, facts: [], targets: targetsOf(KINDS) },
  { name: 'an account', definition: KINDS, facts: [{ account: 'acme', ago: '1d' }], targets: targetsOf(KINDS) },
  { name: 'the next levels by themselves', definition: KINDS, facts: [visits(1, '10d')] },
  {
    name: 'everything known',
    definition: KINDS,
    facts: [
      { account: 'acme', ago: '9d' },
      {
        attributes: {
          role: 'big_boss',
          tools: ['saw', 'drill'],
          size: 60,
          budget: 3,
          signs: true,
          is_rival: true,
          ends: '2026-03-10',
          began: '2026-03-14T23:00:00Z',
          title: 'Chief of all',
          town: 'Bonn',
          price: 60,
          plan: 'free',
        },
        ago: '8d',
      },
      visits(3, '6d'),
      { activity: 'chat', ago: '5d' },
      { activity: 'phone', lead: 'colleague', ago: '4d' },
    ],
    targets: [...targetsOf(KINDS), { stage: 'mql' }],
  },
  {
    name: 'hot and cooling',
    definition: KINDS,
    facts: [
      { attributes: { signs: false, tools: [], role: 'user', plan: 'paid', price: 20 }, ago: '8d' },
      visits(5, '1h'),
      { activity: 'phone', ago: '1h' },
    ],
  },
  { name: 'warm and cooling', definition: KINDS, facts: [visits(1, '40d'), visits(1, '2d'), visits(1, '0d')] },
  { name: 'warm for good', definition: { ...KINDS, scores: lasting() }, facts: [visits(1, '1h')] },
  { name: 'at the edge of a window', definition: KINDS, facts: [visits(2, '30d'), visits(1, '1d')] },
  {
    name: 'the smaller change first',
    definition: { ...KINDS, scores: lasting(3) },
    facts: [],
    targets: [{ category: 'heat', level: 'warm' }],
  },
  { name: 'filters', definition: FILTERS, facts: [], targets: targetsOf(FILTERS) },
]

/** The same scores, but what somebody said on the phone lasts. */
function lasting(points = 14): unknown {
  const { heat } = KINDS.scores
  const criteria = [
    { id: 'visits', each: 'visited', points },
    { id: 'calls', each: 'called', points: 20, decay: 'none' },
  ]
  return { ...KINDS.scores, heat: { ...heat, groups: { all: { criteria } } } }
}

/** Parsed as everybody's definition is. */
function definitionOf({ definition }: Told): Definition {
  const parsed = parseDefinition(definition)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues))
  return parsed.definition
}

export function told(each: Told): unknown {
  const definition = definitionOf(each)
  const plan = compileDefinition(definition)
  const lead = leadId('lead')
  const asOf = parseInstant(AS_OF)
  const example = { name: 'x', as_of: AS_OF, facts: each.facts as readonly ExampleFact[], expect: {} }
  const facts = exampleFacts(definition, example, (problem) => {
    throw new Error(problem)
  })
  const { circle } = replay(plan, facts, { until: asOf, withEvidence: true })
  const { contributions, questions, playbooks } = explain(plan, circle, lead, asOf)
  const next = nextChange(plan, circle, lead, asOf)
  const drop = cooling(plan, circle, lead, asOf)
  return {
    lines: contributions.map(({ score, group, criterion = '', outcome, points, because, evidence }) =>
      [`${score}.${group}.${criterion}`, outcome, points, because, evidence.join(' ')].join(' | '),
    ),
    questions,
    playbooks,
    gaps: gaps(plan, circle, lead, asOf, each.targets).map(({ at, phrase: _, ...gap }) => ({
      ...gap,
      at: formatInstant(at),
    })),
    cooling: drop === undefined ? null : { ...drop, keptBy: drop.keptBy.map(({ phrase: _, ...each }) => each) },
    next: next === undefined ? null : { at: formatInstant(next.at), transitions: next.transitions },
  }
}
