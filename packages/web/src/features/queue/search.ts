/** What the queue is asked for, as its address says it. */
export type View = 'all' | 'unclaimed' | 'mine' | 'later'

export interface QueueSearch {
  readonly view?: View
  /** Any of these, with commas between them. */
  readonly stage?: string
  /** `interest:hot,warm`, each has to hold. */
  readonly level?: readonly string[]
}

const VIEWS = ['unclaimed', 'mine', 'later'] as const
const LEVELS_MAX = 10
const isText = (value: unknown): value is string => typeof value === 'string' && value !== '' && value.length <= 500
const isLevel = (value: unknown): value is string => isText(value) && /^[^:]+:.+$/s.test(value)

/** Reads an address that anybody may have written: what cannot be meant is left out. */
export function readQueueSearch(given: Readonly<Record<string, unknown>>): QueueSearch {
  const view = VIEWS.find((each) => each === given['view'])
  const stage = given['stage']
  const level = [given['level']].flat().filter(isLevel).slice(0, LEVELS_MAX)
  return { ...(view && { view }), ...(isText(stage) && { stage }), ...(level.length > 0 && { level }) }
}

export const stagesIn = ({ stage }: QueueSearch): readonly string[] => stage?.split(',') ?? []

export const levelsIn = ({ level = [] }: QueueSearch, category: string): readonly string[] =>
  level
    .find((each) => each.startsWith(`${category}:`))
    ?.slice(category.length + 1)
    .split(',') ?? []

export function withStages({ stage: _, ...others }: QueueSearch, stages: readonly string[]): QueueSearch {
  return stages.length === 0 ? others : { ...others, stage: stages.join(',') }
}

export function withLevels(search: QueueSearch, category: string, levels: readonly string[]): QueueSearch {
  const { level: all = [], ...others } = search
  const level = all.filter((each) => !each.startsWith(`${category}:`))
  if (levels.length > 0) level.push(`${category}:${levels.join(',')}`)
  return level.length === 0 ? others : { ...others, level }
}
