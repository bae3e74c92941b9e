/** What a definition may say but hardly means: levels nobody reaches, criteria that never matter, people judged by their age. */
import { issueOf, type IssueCode } from './codes.ts'
import type { Issue, Path } from './issue.ts'
import { cellsOf } from './levels.ts'
import type { Attribute, Bin, Category, Criterion, Decay, Definition, Group, Score, Stage } from './language.ts'
import {
  contains,
  criterionRange,
  gapsBetween,
  groupRange,
  intersection,
  isEmpty,
  lifeOf,
  scoreRange,
  unclampedCriterion,
  unclampedGroup,
  unclampedScore,
  type Interval,
} from './ranges.ts'
import { sensitivityOf } from './sensitive.ts'
import { implies, possibilitiesOf, scoreInterval, whyUnreachable, type Possibilities } from './truth.ts'
import {
  asList,
  criteriaOf,
  eachEntry,
  everyPart,
  kinded,
  levelsListed,
  own,
  placesOf,
  type Part,
  type Place,
} from './walk.ts'
import { attributeWords, categoryWords, levelWords, numberWords, rangeWords, spaced, stageWords } from './words.ts'
import { parseDuration } from '../time.ts'

interface Linting {
  readonly definition: Definition
  readonly possibilities: Possibilities
  readonly warn: (code: IssueCode, path: Path, message: string, hint?: string) => void
}

/** Warnings about a definition that has been parsed; none of them keeps it from running. */
export function lintDefinition(definition: Definition): readonly Issue[] {
  const issues: Issue[] = []
  const linting: Linting = {
    definition,
    possibilities: possibilitiesOf(definition),
    warn: (code, path, message, hint) => issues.push(issueOf(code, path, message, hint)),
  }
  lintConditions(linting)
  lintScores(linting)
  lintLevels(linting)
  lintStages(linting)
  lintQuestions(linting)
  lintCalibration(linting)
  lintUnused(linting)
  lintSensitive(linting)
  lintUpkeep(linting)
  return issues
}

// --- Conditions ------------------------------------------------------------------------------------------------------

function lintConditions(linting: Linting): void {
  for (const place of placesOf(linting.definition)) {
    // Levels, stages and criteria that come to nothing are reported as such, where that says more.
    const { t } = linting.possibilities.ofCondition(place.condition)
    if (
      !t &&
      (place.role === 'persona' || place.role === 'playbook' || place.role === 'needs' || place.role === 'stays_while')
    ) {
      linting.warn('never_true', place.path, `this can never be true${becauseOf(linting, place)}`)
    } else if (t) lintParts(linting, place)
  }
}

function lintParts(linting: Linting, place: Place): void {
  for (const part of everyPart(place)) {
    if (!LEAVES.has(kinded(part.condition).kind)) continue
    const { t, f, u } = linting.possibilities.ofCondition(part.condition)
    if (!t) linting.warn('never_true', part.path, `this can never be true${becauseOf(linting, part)}`)
    else if (!f && !u) linting.warn('always_true', part.path, `this is true of every lead${becauseOf(linting, part)}`)
  }
}

const LEAVES: ReadonlySet<string> = new Set(['attribute', 'activity', 'score', 'category', 'persona', 'leads'])

/** `: fit gives 0 to 55 points` where a score is the reason. */
function becauseOf({ possibilities, definition }: Linting, place: Pick<Part, 'condition' | 'path'>): string {
  const reasons = everyPart(place).flatMap(({ condition }) => {
    const score = scoreInterval(condition)
    const range = score && possibilities.scores.get(score.score)
    if (!score || !range || (!isEmpty(intersection(score.interval, range)) && !contains(score.interval, range)))
      return []
    return [`${score.score} gives ${numberWords(range.low)} to ${numberWords(range.high)} points`]
  })
  const levels = everyPart(place).flatMap(({ condition }) => {
    const one = kinded(condition)
    if (one.kind !== 'category' || possibilities.ofCondition(condition).t) return []
    return [`nobody reaches that level of ${categoryWords(definition, one.test.category)}`]
  })
  const reason = [...reasons, ...levels][0]
  return reason === undefined ? '' : `: ${reason}`
}

// --- Scores ----------------------------------------------------------------------------------------------------------

const SCORES_DECIMALS = 1e6
const rounded = (points: number): string => numberWords(Math.round(points * SCORES_DECIMALS) / SCORES_DECIMALS)
const isNothing = ({ low, high }: Interval): boolean => low === 0 && high === 0

function lintScores(linting: Linting): void {
  const { definition, possibilities, warn } = linting
  eachEntry<Score>(definition.scores, (score, name) => {
    const path = ['scores', name]
    const [floor, cap] = score.range ?? [0, 100]
    const free = unclampedScore(definition, score, possibilities.ofCriterion)
    if (free.high < cap)
      warn(
        'range_unreachable',
        path,
        `${spaced(name)} reaches at most ${rounded(free.high)} of ${numberWords(cap)} points`,
      )
    if (free.low > floor && floor < 0)
      warn('range_unreachable', path, `${spaced(name)} never falls below ${rounded(free.low)} points`)
    if (isNothing(scoreRange(definition, score, possibilities.ofCriterion)))
      warn('no_effect', path, `${spaced(name)} is always 0`)
    eachEntry<Group>(score.groups, (group, groupName) =>
      lintGroup(linting, score, group, [...path, 'groups', groupName]),
    )
  })
}

function lintGroup(linting: Linting, score: Score, group: Group, path: Path): void {
  const { definition, possibilities, warn } = linting
  const dead = isNothing(groupRange(definition, score, group, possibilities.ofCriterion))
  if (dead) warn('no_effect', path, 'this group gives 0 points whatever happens')
  else lintLimits(linting, group, unclampedGroup(definition, score, group, possibilities.ofCriterion), path)
  group.criteria.forEach((criterion, at) => {
    if (!dead) lintCriterion(linting, criterion, group.decay ?? score.decay, [...path, 'criteria', at])
  })
}

function lintLimits(
  linting: Linting,
  limits: { readonly cap?: number; readonly floor?: number },
  free: Interval,
  path: Path,
): void {
  const { cap, floor } = limits
  if (cap !== undefined && cap > free.high) {
    linting.warn(
      'limit_unreachable',
      [...path, 'cap'],
      `the cap of ${numberWords(cap)} is never reached: ${rounded(free.high)} is the most`,
    )
  }
  if (floor !== undefined && floor < free.low) {
    linting.warn(
      'limit_unreachable',
      [...path, 'floor'],
      `the floor of ${numberWords(floor)} is never reached: ${rounded(free.low)} is the least`,
    )
  }
}

function lintCriterion(linting: Linting, criterion: Criterion, outer: Decay | undefined, path: Path): void {
  const { definition, possibilities, warn } = linting
  const outlook = possibilities.ofCriterion(criterion)
  if (isNothing(criterionRange(definition, criterion, outer, outlook))) {
    const reason =
      'when' in criterion && !outlook.canBeTrue ? becauseOf(linting, { condition: criterion.when, path }) : ''
    warn('no_effect', path, `\`${criterion.id}\` gives 0 points whatever happens${reason}`)
    return
  }
  if ('when' in criterion && !outlook.canBeTrue) {
    warn(
      'never_true',
      [...path, 'when'],
      `this can never be true${becauseOf(linting, { condition: criterion.when, path })}`,
    )
  }
  lintLimits(linting, criterion, unclampedCriterion(definition, criterion, outer, outlook), path)
  if ('table' in criterion) lintGaps(linting, criterion.bins ?? [], [...path, 'bins'])
  if ('each' in criterion) lintWindow(linting, criterion.within, criterion.decay ?? outer, [...path, 'within'])
}

function lintWindow(linting: Linting, within: string | undefined, decay: Decay | undefined, path: Path): void {
  if (within === undefined || parseDuration(within) <= lifeOf(decay)) return
  linting.warn('window_beyond_decay', path, `after ${within} nothing is left anyway: the decay is over before`)
}

function lintGaps(linting: Linting, bins: readonly Bin[], path: Path): void {
  for (const { low, high } of gapsBetween(bins))
    linting.warn('gap', path, `no bin takes values ${rangeWords(low, high, '')}`)
}

// --- Levels ----------------------------------------------------------------------------------------------------------

function lintLevels(linting: Linting): void {
  const { definition, possibilities, warn } = linting
  eachEntry<Category>(definition.categories, (category, name) => {
    const path = ['categories', name]
    if ('matrix' in category) return lintCells(linting, name, [...path, 'matrix'])
    const levels = levelsListed(category, path)
    levels.forEach(({ level, name: levelName, path: place }, at) => {
      const why = whyUnreachable(possibilities.ofCondition, levels, at)
      const subject = `nobody reaches ${levelWords(definition, name, levelName)}`
      if (why === 'never')
        warn('unreachable_level', place, `${subject}${becauseOf(linting, { condition: level.when!, path: place })}`)
      else if (why !== undefined)
        warn(
          'unreachable_level',
          place,
          `${subject}: everybody who could is at ${levelWords(definition, name, why)}, which is listed before`,
        )
      if (level.when && level.stays_while && implies(level.stays_while, level.when)) {
        warn('hysteresis_order', [...place, 'stays_while'], '`stays_while` asks as much as `when`, so it keeps nobody')
      }
    })
    lintThresholds(linting, category, name)
  })
}

/** Levels that are ranges of one score should leave no range between them to everybody else. */
function lintThresholds(linting: Linting, category: Extract<Category, { levels: unknown }>, name: string): void {
  const levels = levelsListed(category, ['categories', name]).slice(0, -1)
  const tests = levels.map(({ level }) => level.when && scoreInterval(level.when))
  const score = tests[0]?.score
  const range = score === undefined ? undefined : linting.possibilities.scores.get(score)
  if (range === undefined || tests.some((test) => test?.score !== score)) return
  const sorted = tests.flatMap((test) => (test ? [test.interval] : [])).sort((a, b) => a.low - b.low)
  let reached = sorted[0]
  for (const next of sorted.slice(1)) {
    const between = {
      low: reached.high,
      lowOpen: reached.highOpen !== true,
      high: next.low,
      highOpen: next.lowOpen !== true,
    }
    if (!isEmpty(intersection(between, range)) && reached.high < range.high) {
      const everybodyElse = levelsListed(category, []).at(-1)!.name
      const message = `scores between ${rounded(between.low)} and ${rounded(between.high)} fall to ${levelWords(linting.definition, name, everybodyElse)}`
      linting.warn('gap', ['categories', name, 'levels'], message)
    }
    if (next.high > reached.high || (next.high === reached.high && reached.highOpen === true)) reached = next
  }
}

function lintCells(linting: Linting, name: string, path: Path): void {
  const { definition, possibilities, warn } = linting
  const category = definition.categories![name]
  if (!('matrix' in category) || category.matrix.cells === undefined) return
  const { rows, columns } = category.matrix
  for (const { row, column, level } of cellsOf(definition, name) ?? []) {
    const dead = [
      possibilities.unreachable.get(rows)?.has(row) ? row : undefined,
      possibilities.unreachable.get(columns)?.has(column) ? column : undefined,
    ]
    const axis = dead.find((each) => each !== undefined)
    if (axis !== undefined)
      warn(
        'unreachable_level',
        [...path, 'cells', row, column],
        `the cell ${level} is never used: nobody reaches ${axis}`,
      )
  }
}

// --- Stages ----------------------------------------------------------------------------------------------------------

function lintStages(linting: Linting): void {
  const { definition, possibilities, warn } = linting
  const { stages = [] } = definition
  const decisions = new Set(stages.flatMap((stage) => asList(stage.by)))
  stages.forEach((stage, at) => {
    const path = ['stages', at]
    const entered = stage.enter === undefined || possibilities.ofCondition(stage.enter).t
    if (!entered) {
      const way = stage.by === undefined ? 'nobody reaches' : 'nobody enters by itself'
      warn(
        'unreachable_stage',
        path,
        `${way} ${stageWords(definition, stage.id)}${becauseOf(linting, { condition: stage.enter, path })}`,
      )
    }
    lintCoolDown(linting, stage, path)
  })
  if (stages.length < 2) return
  if (!decisions.has('recycle'))
    warn('missing_way_back', ['stages'], 'no stage is `by: recycle`: recycled leads start again at the first stage')
  if (!decisions.has('disqualify')) warn('missing_way_out', ['stages'], 'no stage is `by: disqualify`')
}

function lintCoolDown(linting: Linting, stage: Stage, path: Path): void {
  const back = asList(stage.by).some((each) => each === 'recycle' || each === 'reject')
  const automatic = linting.definition.stages?.some((each) => each.enter !== undefined) === true
  if (back && automatic && stage.cool_down === undefined) {
    linting.warn(
      'missing_cool_down',
      path,
      `nothing keeps a lead in ${stageWords(linting.definition, stage.id)} for a while`,
    )
  }
}

/** Topics that stages ask for should have a question that everybody asks alike. */
function lintQuestions(linting: Linting): void {
  const { definition, warn } = linting
  const asked = new Set(
    placesOf(definition)
      .filter((place) => place.role === 'needs')
      .flatMap(everyPartOf)
      .flatMap((part) => ('answers' in part.condition ? part.condition.answers : [])),
  )
  eachEntry<Attribute>(definition.attributes, (attribute, name) => {
    if (attribute.answers === undefined || !asked.has(attribute.answers) || attribute.question !== undefined) return
    warn(
      'missing_question',
      ['attributes', name],
      `a stage asks for ${spaced(attribute.answers)}, but ${attributeWords(definition, name)} has no question`,
    )
  })
}

const everyPartOf = (place: Place): readonly Part[] => everyPart(place)

// --- Value -----------------------------------------------------------------------------------------------------------

function lintCalibration(linting: Linting): void {
  const { definition, warn } = linting
  const win = definition.value?.win
  if (win === undefined) return
  if ('score' in win) {
    win.bins.forEach((bin, at) => {
      if (at === 0 || bin.probability >= win.bins[at - 1].probability) return
      warn('calibration_order', ['value', 'win', 'bins', at], 'a higher score wins less often than a lower one')
    })
    return
  }
  const axis = own<Category>(definition.categories, win.category)
  const cells =
    axis && 'matrix' in axis ? (cellsOf(definition, win.category) ?? []).map((cell) => cell.level) : undefined
  const levels = cells ?? (axis ? levelsListed(axis, []).map((each) => each.name) : [])
  const silent = [...new Set(levels)].filter((level) => !Object.hasOwn(win.levels, level))
  if (silent.length > 0)
    warn('calibration_incomplete', ['value', 'win', 'levels'], `no probability for ${silent.join(', ')}`)
  if (cells !== undefined) return // the cells of a matrix have no one order
  const listed = levels.filter((level) => Object.hasOwn(win.levels, level))
  listed.forEach((level, at) => {
    const better = listed[at - 1]
    if (better === undefined || win.levels[level].probability <= win.levels[better].probability) return
    warn(
      'calibration_order',
      ['value', 'win', 'levels', level],
      `${level} wins more often than ${better}, which is listed as better`,
    )
  })
}

// --- Unused and sensitive --------------------------------------------------------------------------------------------

interface Use {
  readonly path: Path
  /** Asks only whether something is known or changed, not what it is. */
  readonly blind: boolean
  readonly decides: boolean
}

/** Every use of an attribute by conditions, tables and the amount. */
function attributeUses(definition: Definition): ReadonlyMap<string, readonly Use[]> {
  const uses = new Map<string, Use[]>()
  const add = (name: string, use: Use) => uses.set(name, [...(uses.get(name) ?? []), use])
  for (const place of placesOf(definition)) {
    for (const { condition, path } of everyPart(place)) {
      if (!('attribute' in condition)) continue
      const blind = Object.keys(condition).every(
        (key) => key === 'attribute' || key === 'known' || key === 'changed_within',
      )
      add(condition.attribute, { path, blind, decides: place.role !== 'playbook' })
    }
  }
  for (const { criterion, path } of criteriaOf(definition)) {
    if ('table' in criterion) add(criterion.table, { path: [...path, 'table'], blind: false, decides: true })
  }
  const amount = definition.value?.amount
  if (typeof amount === 'object') {
    add('table' in amount ? amount.table : amount.attribute, { path: ['value', 'amount'], blind: false, decides: true })
  }
  return uses
}

function lintUnused(linting: Linting): void {
  const { definition, warn } = linting
  const parts = placesOf(definition).flatMap(everyPartOf)
  const attributes = attributeUses(definition)
  const topics = new Set(parts.flatMap(({ condition }) => ('answers' in condition ? condition.answers : [])))
  eachEntry<Attribute>(definition.attributes, (attribute, name) => {
    if (attributes.has(name) || (attribute.answers !== undefined && topics.has(attribute.answers))) return
    warn('unused', ['attributes', name], `nothing looks at ${attributeWords(definition, name)}`)
  })
  const activities = new Set([
    ...parts.flatMap(({ condition }) => ('activity' in condition ? asList(condition.activity) : [])),
    ...criteriaOf(definition).flatMap(({ criterion }) => ('each' in criterion ? asList(criterion.each) : [])),
  ])
  // A persona says something by itself, once an example holds it to that.
  const personas = new Set([
    ...parts.flatMap(({ condition }) => ('persona' in condition ? asList(condition.persona) : [])),
    ...(definition.examples ?? []).flatMap((example) => example.expect.personas ?? []),
  ])
  const scores = new Set(parts.flatMap(({ condition }) => ('score' in condition ? [condition.score] : [])))
  const win = definition.value?.win
  if (win && 'score' in win) scores.add(win.score)
  const report = (section: 'activities' | 'personas' | 'scores', used: ReadonlySet<string>) =>
    eachEntry<unknown>(definition[section], (_, name) => {
      if (!used.has(name)) warn('unused', [section, name], `nothing looks at ${spaced(name)}`)
    })
  report('activities', activities)
  report('personas', personas)
  report('scores', scores)
}

function lintSensitive(linting: Linting): void {
  const { definition, warn } = linting
  for (const [name, uses] of attributeUses(definition)) {
    const attribute = own(definition.attributes, name)
    const sensitivity = attribute && sensitivityOf(name, attribute)
    if (sensitivity === undefined) continue
    for (const { path, blind, decides } of uses) {
      if (!decides || (blind && sensitivity === 'personal')) continue
      if (sensitivity === 'protected')
        warn('protected_ground', path, `${attributeWords(definition, name)} is a protected ground`)
      else warn('personal_data', path, `${attributeWords(definition, name)} is personal data`)
    }
  }
}

function lintUpkeep({ definition, warn }: Linting): void {
  if (definition.review === undefined) warn('missing_review', [], 'nobody is asked to look at this definition again')
  if ((definition.examples ?? []).length === 0) warn('missing_examples', [], 'the definition has no examples')
}
