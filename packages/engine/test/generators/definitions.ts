/** Random definitions that use the whole language, are valid, and whose levels change within reach of a short history. */
import type {
  Bin,
  Category,
  Condition,
  Criterion,
  Decay,
  Definition,
  EachCriterion,
  Group,
  Level,
  Score,
  Stage,
  TableCriterion,
  Value,
} from '../../src/definition/language.ts'
import { condition, duration, where, type Declared } from './conditions.ts'
import type { Draw } from './draw.ts'
import { ACTIVITIES, ATTRIBUTES, TEXTS } from './vocabulary.ts'

type Node = 'persona' | 'score' | 'category' | 'matrix' | 'stage'

export function drawDefinition(draw: Draw): Definition {
  const attributes = pickOf(ATTRIBUTES, draw.some(Object.keys(ATTRIBUTES), 2, 7))
  const activities = pickOf(ACTIVITIES, draw.some(Object.keys(ACTIVITIES), 1, 5))
  const making = new Making(draw, attributes, Object.keys(activities))
  const nodes: Node[] = [
    ...draw.list(0, 2, () => 'persona' as const),
    ...draw.list(1, 3, () => 'score' as const),
    ...draw.list(1, 3, () => 'category' as const),
    ...draw.list(0, 1, () => 'matrix' as const),
    'stage',
  ]
  // Mostly scores first, so that there is something to read; sometimes in any order.
  const order = draw.chance(0.7) ? [...draw.shuffle(nodes)].sort(scoresFirst) : draw.shuffle(nodes)
  for (const node of order) making.make(node)
  return { winnow: 1, name: 'Drawn at random', attributes, activities, ...making.made() }
}

const scoresFirst = (a: Node, b: Node) => Number(b === 'score') - Number(a === 'score')

const pickOf = <T>(map: { readonly [name: string]: T }, names: readonly string[]): { readonly [name: string]: T } =>
  Object.fromEntries(names.map((name) => [name, map[name]]))

class Making {
  readonly #draw: Draw
  readonly #declared: {
    -readonly [K in keyof Declared]: Declared[K]
  }
  readonly #personas: Record<string, { when: Condition }> = {}
  readonly #scores: Record<string, Score> = {}
  readonly #literals = new Map<string, readonly number[]>()
  readonly #categories: Record<string, Category> = {}
  readonly #levels = new Map<string, readonly string[]>()
  #stages: readonly Stage[] | undefined
  #criteria = 0

  constructor(draw: Draw, attributes: Declared['attributes'], activities: readonly string[]) {
    this.#draw = draw
    this.#declared = {
      attributes,
      activities,
      personas: [],
      scores: this.#literals,
      categories: this.#levels,
      stages: [],
    }
  }

  made(): Partial<Definition> {
    return {
      ...(Object.keys(this.#personas).length > 0 ? { personas: this.#personas } : {}),
      scores: this.#scores,
      categories: this.#categories,
      ...(this.#stages === undefined ? {} : { stages: this.#stages }),
      ...this.#draw.maybe(0.3, 'value', () => this.#value()),
    }
  }

  make(node: Node): void {
    switch (node) {
      case 'persona':
        return this.#makePersona()
      case 'score':
        return this.#makeScore()
      case 'category':
        return this.#makeCategory()
      case 'matrix':
        return this.#makeMatrix()
      case 'stage':
        return this.#makeStages()
    }
  }

  #condition(depth = 2): Condition {
    return condition(this.#draw, this.#declared, depth)
  }

  #makePersona(): void {
    const name = `persona_${this.#declared.personas.length + 1}`
    this.#personas[name] = { when: this.#condition() }
    this.#declared.personas = [...this.#declared.personas, name]
  }

  // --- Scores

  #makeScore(): void {
    const draw = this.#draw
    const groups = draw.list(1, 2, (place) => [`group_${place + 1}`, this.#group()] as const)
    const score: Score = {
      ...draw.maybe(0.4, 'range', () =>
        draw.pick([
          [-50, 50],
          [0, 30],
          [-1000, 1000],
          [5, 60],
        ] as const),
      ),
      ...draw.maybe(0.35, 'decay', () => decay(draw)),
      groups: Object.fromEntries(groups),
    }
    const name = `score_${this.#literals.size + 1}`
    this.#scores[name] = score
    this.#literals.set(name, literalsFor(draw, score))
  }

  #group(): Group {
    const draw = this.#draw
    return {
      criteria: draw.list(1, 4, () => this.#criterion()),
      ...draw.maybe(0.25, 'cap', () => draw.pick([10, 15, 25, 40])),
      ...draw.maybe(0.15, 'floor', () => draw.pick([-20, -5, 0, 2])),
      ...draw.maybe(0.25, 'weight', () => draw.pick([0.25, 0.5, 1.5, 2])),
      ...draw.maybe(0.25, 'decay', () => decay(draw)),
    }
  }

  #criterion(): Criterion {
    const draw = this.#draw
    this.#criteria += 1
    const common = {
      id: `criterion_${this.#criteria}`,
      ...draw.maybe(0.15, 'cap', () => draw.pick([4, 10, 15, 30])),
      ...draw.maybe(0.1, 'floor', () => draw.pick([-15, -2, 0, 1])),
    }
    const kind = draw.weighted([
      [3, 'when'],
      [5, 'each'],
      [2, 'table'],
    ] as const)
    if (kind === 'when') {
      return {
        ...common,
        when: this.#condition(1),
        points: points(draw),
        ...draw.maybe(0.3, 'unknown', () => points(draw)),
      }
    }
    return kind === 'each' ? { ...common, ...this.#each() } : { ...common, ...this.#table() }
  }

  #each(): Omit<EachCriterion, 'id'> {
    const draw = this.#draw
    const { activities } = this.#declared
    return {
      each: draw.chance(0.75) ? draw.pick(activities) : draw.some(activities, 1, 3),
      ...draw.maybe(0.2, 'where', () => where(draw)),
      points: points(draw),
      ...draw.maybe(0.4, 'count', () => ({
        at_most: draw.integer(1, 3),
        ...draw.maybe(0.7, 'within', () => duration(draw)),
      })),
      ...draw.maybe(0.4, 'within', () => duration(draw)),
      ...draw.maybe(0.45, 'decay', () => decay(draw)),
      ...(draw.chance(0.2)
        ? { by: 'account' as const, ...draw.maybe(0.5, 'unknown', () => points(draw)) }
        : draw.maybe(0.1, 'by', () => 'lead' as const)),
    }
  }

  #table(): Omit<TableCriterion, 'id'> {
    const draw = this.#draw
    const table = draw.pick(Object.keys(this.#declared.attributes))
    const { type, of } = this.#declared.attributes[table]
    const rest = {
      ...draw.maybe(0.5, 'otherwise', () => points(draw)),
      ...draw.maybe(0.4, 'unknown', () => points(draw)),
    }
    if (type === 'number' || type === 'date') {
      return { table, bins: bins(draw, type === 'number' ? [0, 5, 20, 50, 100] : [-1, 0, 0.5, 1, 3, 7, 30]), ...rest }
    }
    const keys = type === 'boolean' ? ['true', 'false'] : type === 'text' ? tableTexts : of!
    const listed = draw.some(
      keys.filter((key) => key !== 'constructor'),
      1,
      3,
    )
    return { table, values: Object.fromEntries(listed.map((key) => [key, points(draw)])), ...rest }
  }

  // --- Categories

  #makeCategory(): void {
    const draw = this.#draw
    const name = `category_${this.#levels.size + 1}`
    const names = draw.pick([
      ['hot', 'warm', 'cold'],
      ['high', 'low'],
      ['first', 'second', 'third', 'rest'],
    ] as const)
    const whens = draw.chance(0.6) ? this.#thresholds(names.length - 1) : undefined
    const levels = names.map((level, place) => ({ [level]: this.#level(place === names.length - 1, whens?.[place]) }))
    this.#categories[name] = { levels }
    this.#levels.set(name, names)
  }

  /** Falling thresholds on one score, as people write them. */
  #thresholds(count: number): readonly Condition[] | undefined {
    if (this.#literals.size === 0) return undefined
    const [score, literals] = this.#draw.pick([...this.#literals])
    const falling = [...this.#draw.list(count, count, () => this.#draw.pick(literals))].sort((a, b) => b - a)
    return falling.map((at_least) => ({ score, at_least }))
  }

  #level(isLast: boolean, when: Condition | undefined): Level {
    const draw = this.#draw
    const stays = draw.maybe(0.2, 'stays_at_least', () => duration(draw))
    if (isLast) return {}
    return {
      when: when ?? this.#condition(),
      ...draw.maybe(0.25, 'for_at_least', () => duration(draw)),
      ...draw.maybe(0.35, 'stays_while', () => this.#staysWhile(when)),
      ...stays,
    }
  }

  #staysWhile(when: Condition | undefined): Condition {
    const draw = this.#draw
    if (when === undefined || !('score' in when) || draw.chance(0.3)) return this.#condition(1)
    const lower = this.#literals.get(when.score)!.filter((literal) => literal < when.at_least!)
    return { score: when.score, at_least: lower.length === 0 ? when.at_least! : draw.pick(lower) }
  }

  #makeMatrix(): void {
    const draw = this.#draw
    if (this.#levels.size < 2) return
    const [rows, columns] = draw.some([...this.#levels.keys()], 2, 2) as [string, string]
    const name = `category_${this.#levels.size + 1}`
    const cell = (row: string, column: string) => draw.pick(['A', 'B', 'C', `${row}_${column}`])
    const across = (row: string) =>
      Object.fromEntries(this.#levels.get(columns)!.map((column) => [column, cell(row, column)]))
    const cells = Object.fromEntries(this.#levels.get(rows)!.map((row) => [row, across(row)]))
    const withCells = draw.chance(0.6)
    this.#categories[name] = { matrix: { rows, columns, ...(withCells ? { cells } : {}) } }
    const named = Object.entries(cells).flatMap(([row, line]) =>
      Object.entries(line).map(([column, level]) => (withCells ? level : `${row}_${column}`)),
    )
    this.#levels.set(name, [...new Set(named)])
  }

  // --- Stages

  #makeStages(): void {
    const draw = this.#draw
    if (draw.chance(0.04)) return
    const path = ['mql', 'sal', 'sql', 'customer'].slice(0, draw.integer(1, 4))
    const sides = sideStages(draw)
    const ids = ['lead', ...path, ...sides.map((side) => side.id), ...impliedOf(sides)]
    // A stage's own condition may read the stage.
    const before = { ...this.#declared }
    this.#declared.stages = ids
    const forward = forwardDecisions(draw)
    const enterable = path.map((id, place) => this.#pathStage(id, ['lead', ...path][place], forward[place] ?? []))
    const aside = sides.map((side) => ({ ...side, ...sla(draw) }))
    Object.assign(this.#declared, before, { stages: ids })
    const first: Stage = { id: 'lead', ...sla(draw) }
    this.#stages = [first, ...(draw.chance(0.3) ? [...aside, ...enterable] : [...enterable, ...aside])]
  }

  /** Anything, or some time in the stage before, or what time alone brings about. */
  #enter(before: string): Condition {
    const draw = this.#draw
    const [activity] = this.#declared.activities
    return draw.weighted<() => Condition>([
      [6, () => this.#condition()],
      [1, () => ({ stage: before, for_at_least: duration(draw) })],
      [1, () => ({ all: [{ activity }, { activity, last: { longer_ago_than: duration(draw) } }] })],
    ])()
  }

  #pathStage(id: string, before: string, decisions: readonly ForwardDecision[]): Stage {
    const draw = this.#draw
    const isDecided = decisions.length > 0 && draw.chance(0.7)
    const [only] = decisions
    return {
      id,
      ...(isDecided ? { by: decisions.length === 1 && draw.chance(0.8) ? only : decisions } : {}),
      ...(!isDecided || draw.chance(0.4) ? { enter: this.#enter(before) } : {}),
      ...draw.maybe(0.25, 'needs', () => this.#condition(1)),
      ...sla(draw),
    }
  }

  // --- Value

  #value(): Value {
    const draw = this.#draw
    return {
      ...draw.maybe(0.5, 'currency', () => 'EUR'),
      win: draw.chance(0.5) ? this.#winByScore() : this.#winByLevel(),
      amount: this.#amount(),
      ...draw.maybe(0.3, 'repeats', () => draw.pick([0, 1.5, 4])),
      ...draw.maybe(0.3, 'cost', () => 20),
    }
  }

  #winByScore(): Value['win'] {
    const draw = this.#draw
    const [score, literals] = draw.pick([...this.#literals])
    const edges = [...new Set(draw.some(literals, 1, 2))].sort((a, b) => a - b)
    const bins = edges.map((below) => ({ below, ...chance(draw) }))
    return { score, bins: [...bins, chance(draw)] }
  }

  #winByLevel(): Value['win'] {
    const draw = this.#draw
    const [category, levels] = draw.pick([...this.#levels])
    return { category, levels: Object.fromEntries(draw.some(levels, 1, 4).map((level) => [level, chance(draw)])) }
  }

  #amount(): Value['amount'] {
    const draw = this.#draw
    const numbers = Object.entries(this.#declared.attributes).filter(([, { type }]) => type === 'number')
    if (numbers.length === 0 || draw.chance(0.4)) return draw.pick([0, 100, 2500.5])
    const [attribute] = draw.pick(numbers)
    const otherwise = draw.maybe(0.5, 'otherwise', () => 300)
    if (draw.chance(0.5)) return { attribute, ...otherwise }
    return {
      table: attribute,
      bins: [
        { below: 5, points: 10 },
        { at_least: 20, below: 100, points: 2000 },
      ],
      ...otherwise,
    }
  }
}

function chance(draw: Draw): { readonly probability: number; readonly low?: number; readonly high?: number } {
  const probability = draw.pick([0.05, 0.1, 0.25, 0.5])
  return { probability, ...(draw.chance(0.3) ? { low: 0.01, high: 0.75 } : draw.maybe(0.1, 'low', () => 0.02)) }
}

const sla = (draw: Draw) => draw.maybe(0.3, 'sla', () => duration(draw))

type ForwardDecision = 'accept' | 'qualify' | 'win'
/** For each stage of the path the decisions that lead there: mostly one, sometimes none or two. */
function forwardDecisions(draw: Draw): readonly (readonly ForwardDecision[])[] {
  const [first, second, third] = draw.shuffle(['accept', 'qualify', 'win'] as const)
  return draw.pick([
    [[first], [second], [third]],
    [[first], [], [second]],
    [[], [first]],
    [[first, second], [third]],
  ])
}

type SideDecision = 'reject' | 'recycle' | 'disqualify' | 'lose'
function sideStages(draw: Draw): readonly Stage[] {
  const back = draw.pick<readonly SideDecision[]>([[], ['recycle'], ['reject'], ['reject', 'recycle']])
  const out = draw.pick<readonly SideDecision[]>([[], [], ['disqualify'], ['lose'], ['disqualify', 'lose']])
  if (draw.chance(0.06)) return [{ id: 'nurture', by: ['recycle', 'disqualify'], cool_down: duration(draw) }]
  const stages: Stage[] = []
  if (back.length > 0) {
    stages.push({
      id: 'nurture',
      by: back,
      ...draw.maybe(0.5, 'cool_down', () => duration(draw)),
      reasons: ['no budget'],
    })
  }
  if (out.length > 0) stages.push({ id: 'out', by: out })
  return stages
}

function impliedOf(sides: readonly Stage[]): readonly string[] {
  const isBy = (decision: SideDecision) => sides.some((side) => side.by?.includes(decision))
  return [...(isBy('disqualify') ? [] : ['disqualified']), ...(isBy('lose') ? [] : ['lost'])]
}

// --- Points, decay, bins ---------------------------------------------------------------------------------------------

/**
 * More often good than bad; some with less than a millionth too many. No weight or step makes half a millionth of them:
 * a score that stands there for good while something fades beside it would have to be followed by the millisecond.
 */
const points = (draw: Draw): number =>
  draw.weighted([
    [14, draw.pick([1, 2, 5, 10, 15, 20, 25, 40])],
    [2, draw.pick([0.5, 7.5, 12.5, 0, 1.000_000_4, 0.000_079_6])],
    [4, draw.pick([-5, -10, -20, -2.5])],
  ] as const)

export function decay(draw: Draw): Decay {
  return draw.weighted<() => Decay>([
    [1, () => 'none'],
    [5, () => ({ half_life: duration(draw) })],
    [3, () => ({ linear: { over: duration(draw), ...draw.maybe(0.5, 'after', () => duration(draw)) } })],
    [2, () => ({ steps: { every: duration(draw), lose: draw.pick(['10%', '20%', '25%', '30%', '50%', '100%']) } })],
    [2, () => ({ expires: duration(draw) })],
  ])()
}

function bins(draw: Draw, edges: readonly number[]): readonly Bin[] {
  const chosen = [...draw.some(edges, 1, 3)].sort((a, b) => a - b)
  const below = chosen.map((edge, place) => ({
    ...(place > 0 && draw.chance(0.3) ? { at_least: chosen[place - 1] } : {}),
    below: edge,
    points: points(draw),
  }))
  const opens = draw.chance(0.3) ? { at_least: chosen.at(-1)! } : {}
  return draw.chance(0.6) ? [...below, { ...opens, points: points(draw) }] : below
}

const tableTexts = TEXTS.filter(
  (text, place) =>
    text !== '__proto__' && text !== '' && TEXTS.indexOf(text) === place && text !== 'ceo' && text !== 'Jose\u0301',
)

/** Literals worth comparing a score with: sums that it reaches, their neighbours a millionth away, and numbers between. */
function literalsFor(draw: Draw, score: Score): readonly number[] {
  const criteria = Object.values(score.groups).flatMap((group) => group.criteria)
  const high = score.range?.[1] ?? 100
  const reach = Math.min(
    high,
    criteria.reduce((sum, criterion) => sum + Math.max(0, most(criterion)), 0),
  )
  const low = Math.max(
    score.range?.[0] ?? 0,
    criteria.reduce((sum, criterion) => sum + Math.min(0, least(criterion)), 0),
  )
  const between = () => draw.integer(Math.min(0, Math.floor(low)), Math.max(2, Math.floor(reach)))
  const exact = criteria.map(most)
  const near = exact.flatMap((each) => [each - 0.000_001, each + 0.000_001])
  return [
    ...draw.list(3, 3, between),
    ...draw.some([...exact, reach, score.range?.[0] ?? 0], 1, 3),
    ...draw.some(near, 0, 1),
  ]
}

const listedPoints = (criterion: TableCriterion): readonly number[] => [
  ...(criterion.bins ?? []).map((bin) => bin.points),
  ...Object.values(criterion.values ?? {}),
]
const most = (criterion: Criterion): number =>
  'table' in criterion ? Math.max(0, ...listedPoints(criterion)) : criterion.points
const least = (criterion: Criterion): number =>
  'table' in criterion ? Math.min(0, ...listedPoints(criterion)) : criterion.points
