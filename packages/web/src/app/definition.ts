/** What a definition calls things, and how its levels rank: the same for all screens, asked for once. */
import { useQuery } from '@tanstack/react-query'
import { createContext, useContext } from 'react'
import type { LevelShown } from '../ui/level-chip.tsx'
import { ask, type Reply } from './api.ts'

type Outline = Reply<'definitions', 'getOutline'>
type Category = Outline['categories'][number]
type StageOutline = Outline['stages'][number]
type CriterionOutline = Outline['scores'][number]['groups'][number]['criteria'][number]
export type AttributeOutline = Outline['attributes'][number]

export interface DefinitionWords {
  readonly outline: Outline
  readonly currency: string | undefined
  /** A level as it is shown; of a category or level that the live version does not have, too. */
  readonly level: (category: string, level: string) => LevelShown
  /** All levels of somebody, in the order of the definition. */
  readonly levels: (levels: Readonly<Record<string, string>>) => readonly LevelShown[]
  readonly stage: (stage: string) => StageOutline | undefined
  readonly stageLabel: (stage: string) => string
  readonly attribute: (name: string) => AttributeOutline | undefined
  readonly attributeLabel: (name: string) => string
  readonly activityLabel: (name: string) => string
  readonly scoreLabel: (name: string) => string
  readonly groupLabel: (score: string, group: string) => string
  readonly criterion: (score: string, group: string, name: string) => CriterionOutline | undefined
  readonly personaLabel: (name: string) => string
  readonly categoryLabel: (name: string) => string
  /** The reasons to choose from for a decision such as `reject`; none where the definition leaves it free. */
  readonly reasons: (decision: string) => readonly string[]
}

const NONE: Outline = {
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

/** Around what an older version said: its words are used for it. Undefined for the live one. */
export const DefinitionVersion = createContext<number | undefined>(undefined)

/** Before it is there, everything is called by its name and nothing has a rank. */
export function useDefinition(): DefinitionWords {
  const version = useContext(DefinitionVersion)
  const query = ask('definitions', 'getOutline', version === undefined ? {} : { query: { version } })
  const { data = NONE } = useQuery({ ...query, staleTime: 60_000 })
  return wordsOf(data)
}

const known = new WeakMap<Outline, DefinitionWords>()

/** Made once for an outline, however many components ask. */
function wordsOf(outline: Outline): DefinitionWords {
  const words = known.get(outline) ?? wordsIn(outline)
  known.set(outline, words)
  return words
}

function wordsIn(outline: Outline): DefinitionWords {
  const categories = byName(outline.categories)
  const stages = byName(outline.stages)
  const attributes = byName(outline.attributes)
  const activities = byName(outline.activities)
  const scores = byName(outline.scores)
  const personas = byName(outline.personas)
  const level = (name: string, value: string): LevelShown => {
    const category = categories.get(name)
    const levels = category?.levels ?? []
    const rank = levels.findIndex((each) => each.name === value)
    return {
      category: category?.label ?? inWords(name),
      level: levels[rank]?.label ?? inWords(value),
      rank: rank < 0 ? levels.length : rank,
      count: rank < 0 ? levels.length + 1 : levels.length,
      family: familyOf(category),
    }
  }
  const order = new Map(outline.categories.map(({ name }, index) => [name, index]))
  const labelIn =
    <Named extends { readonly label: string }>(all: ReadonlyMap<string, Named>) =>
    (name: string) =>
      all.get(name)?.label ?? inWords(name)
  return {
    outline,
    currency: outline.currency ?? undefined,
    level,
    levels: (levels) =>
      Object.entries(levels)
        .toSorted(([a], [b]) => (order.get(a) ?? Infinity) - (order.get(b) ?? Infinity))
        .map(([name, value]) => level(name, value)),
    stage: (stage) => stages.get(stage),
    stageLabel: labelIn(stages),
    attribute: (name) => attributes.get(name),
    attributeLabel: labelIn(attributes),
    activityLabel: labelIn(activities),
    scoreLabel: labelIn(scores),
    groupLabel: (score, group) => scores.get(score)?.groups.find(({ name }) => name === group)?.label ?? inWords(group),
    criterion: (score, group, name) =>
      scores
        .get(score)
        ?.groups.find((each) => each.name === group)
        ?.criteria.find((each) => each.name === name),
    personaLabel: labelIn(personas),
    categoryLabel: labelIn(categories),
    reasons: (decision) => outline.stages.find(({ by }) => by.includes(decision))?.reasons ?? [],
  }
}

/** Hot is red wherever it stands; what is measured otherwise has a tint; what is only told apart has neither. */
function familyOf(category: Category | undefined): LevelShown['family'] {
  if (category === undefined || !category.isRanked) return 'kind'
  return category.levels.some(({ name }) => /^(?:hot|warm|cold)$/i.test(name)) ? 'temperature' : 'tint'
}

const byName = <Named extends { readonly name: string }>(all: readonly Named[]) =>
  new Map(all.map((each) => [each.name, each]))

/** `company_size` is *Company size*. */
function inWords(name: string): string {
  const words = name.replaceAll('_', ' ').trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
