/** What a definition calls things, and in what order: what screens need to show leads. Pure. */
import type { areas, ReplyOf } from '@winnow/contract'
import { criterionInWords, type Definition, type Plan } from '@winnow/engine'

type Outline = ReplyOf<(typeof areas)['definitions']['getOutline']>

export const NO_OUTLINE: Outline = {
  version: null,
  name: null,
  currency: null,
  categories: [],
  stages: [],
  scores: [],
  personas: [],
  attributes: [],
  activities: [],
  playbooks: [],
}

type Group = NonNullable<NonNullable<Definition['scores']>[string]['groups']>[string]
type Criterion = Group['criteria'][number]

interface Labelled {
  readonly label?: string | undefined
}

/** `company_size` is *Company size* on screen. */
const labelOf = (name: string, { label }: Labelled = {}): string => {
  const words = name.replaceAll('_', ' ').trim()
  return label ?? words.charAt(0).toUpperCase() + words.slice(1)
}
const named = (name: string, of?: Labelled) => ({ name, label: labelOf(name, of) })

export function outlineOf(version: number, { definition, layout }: Plan): Outline {
  return {
    version,
    name: definition.name,
    currency: definition.value?.currency ?? null,
    categories: categoriesOf(layout),
    stages: stagesOf(layout),
    scores: entries(definition.scores).map(([name, score]) => ({
      ...named(name, score),
      range: [...(score.range ?? [0, 100])] as [number, number],
      groups: entries(score.groups).map(([group, of]) => ({
        ...named(group, of),
        cap: of.cap ?? null,
        floor: of.floor ?? null,
        criteria: of.criteria.map((criterion) => ({
          ...named(criterion.id, criterion),
          sentence: criterionInWords(definition, criterion),
          attribute: attributeOf(criterion),
        })),
      })),
    })),
    personas: entries(definition.personas).map(([name, persona]) => named(name, persona)),
    attributes: entries(definition.attributes).map(([name, attribute]) => ({
      ...named(name, attribute),
      type: attribute.type,
      about: attribute.about ?? 'lead',
      choices: [...(attribute.of ?? [])],
      unit: attribute.unit ?? null,
      topic: attribute.answers ?? null,
      question: attribute.question ?? null,
    })),
    activities: entries(definition.activities).map(([name, activity]) => ({
      ...named(name, activity),
      intent: activity.intent ?? null,
    })),
    playbooks: playbooksOf(definition),
  }
}

function attributeOf(criterion: Criterion): string | null {
  if ('table' in criterion) return criterion.table
  return 'when' in criterion && 'attribute' in criterion.when ? criterion.when.attribute : null
}

const categoriesOf = ({ categories }: Plan['layout']): Outline['categories'] =>
  [...categories.values()].map(({ name, category, levels }) => {
    const own = 'levels' in category ? new Map(category.levels.flatMap((level) => Object.entries(level))) : undefined
    return {
      ...named(name, category),
      isMatrix: own === undefined,
      isRanked: own === undefined || looksAtRanks([...own.values()]),
      levels: levels.map((level) => named(level, own?.get(level))),
    }
  })

/** Kinds are told apart by attributes and activities alone; only what is measured can be better or worse. */
function looksAtRanks(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return 'score' in value || 'category' in value || Object.values(value).some(looksAtRanks)
}

const stagesOf = ({ stages: { stages } }: Plan['layout']): Outline['stages'] =>
  stages.map(({ stage, isSide, isFinal }) => ({
    ...named(stage.id, stage),
    owner: stage.owner ?? null,
    sla: stage.sla ?? null,
    isSide,
    isFinal,
    by: stage.by === undefined ? [] : [stage.by].flat(),
    reasons: [...(stage.reasons ?? [])],
  }))

const playbooksOf = ({ playbooks }: Definition): Outline['playbooks'] =>
  entries(playbooks).map(([name, { title, owner, steps }]) => ({
    name,
    title,
    owner: owner ?? null,
    steps: [...steps],
  }))

const entries = <Value>(map: { readonly [name: string]: Value } | undefined) => Object.entries(map ?? {})
