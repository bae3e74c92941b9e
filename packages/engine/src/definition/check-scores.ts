/** What scores, groups and criteria say about the rest of the document. */
import { checkChoice, checkNames, checkWhere } from './check-conditions.ts'
import { checkBins, checkClamp, checkDuration, fail, isDeclared, type Checking } from './checking.ts'
import type { Path } from './issue.ts'
import type { Attribute, Bin, Decay, EachCriterion, Group, Score } from './language.ts'
import { criteriaOf, eachEntry } from './walk.ts'

export function checkScores(checking: Checking): void {
  eachEntry<Score>(checking.definition.scores, (score, name) => {
    const path = ['scores', name]
    checkDecay(checking, score.decay, [...path, 'decay'])
    if (score.range && score.range[0] >= score.range[1]) {
      fail(checking, 'not_ascending', [...path, 'range'], `${score.range[0]} is not below ${score.range[1]}`)
    }
    eachEntry<Group>(score.groups, (group, groupName) => {
      const place = [...path, 'groups', groupName]
      checkDecay(checking, group.decay, [...place, 'decay'])
      checkClamp(checking, group, place)
    })
  })
  checkCriteria(checking)
}

function checkCriteria(checking: Checking): void {
  const seen = new Map<string, Path>()
  for (const { criterion, path } of criteriaOf(checking.definition)) {
    const before = seen.get(criterion.id)
    if (before)
      fail(
        checking,
        'duplicate_id',
        [...path, 'id'],
        `\`${criterion.id}\` is also the id in ${before[1]}, group ${before[3]}`,
      )
    else seen.set(criterion.id, path)
    checkClamp(checking, criterion, path)
    if ('each' in criterion) checkEach(checking, criterion, path)
    if ('table' in criterion) checkLookup(checking, criterion, path)
  }
}

function checkEach(checking: Checking, criterion: EachCriterion, path: Path): void {
  checkNames(checking, 'activity', criterion.each, [...path, 'each'])
  checkWhere(checking, criterion.where, [...path, 'where'])
  checkDuration(checking, criterion.within, [...path, 'within'])
  checkDuration(checking, criterion.count?.within, [...path, 'count', 'within'])
  checkDecay(checking, criterion.decay, [...path, 'decay'])
  if (criterion.unknown !== undefined && criterion.by !== 'account') {
    const message = 'a lead’s own activities are never unknown, so `unknown` gives nothing'
    fail(checking, 'misplaced', [...path, 'unknown'], message, 'remove it, or add `by: account`')
  }
}

function checkDecay(checking: Checking, decay: Decay | undefined, path: Path): void {
  if (decay === undefined || decay === 'none') return
  if ('half_life' in decay) checkDuration(checking, decay.half_life, [...path, 'half_life'])
  else if ('expires' in decay) checkDuration(checking, decay.expires, [...path, 'expires'])
  else if ('linear' in decay) {
    checkDuration(checking, decay.linear.over, [...path, 'linear', 'over'])
    checkDuration(checking, decay.linear.after, [...path, 'linear', 'after'], 'allowed')
  } else {
    checkDuration(checking, decay.steps.every, [...path, 'steps', 'every'])
    const percent = Number.parseFloat(decay.steps.lose)
    if (percent > 0 && percent <= 100) return
    fail(
      checking,
      'out_of_range',
      [...path, 'steps', 'lose'],
      `\`${decay.steps.lose}\` is not above 0% and at most 100%`,
    )
  }
}

interface Lookup {
  readonly table: string
  readonly bins?: readonly Bin[]
  readonly values?: { readonly [value: string]: number }
}

/** A table criterion, or the table of an amount. */
export function checkLookup(checking: Checking, lookup: Lookup, path: Path): void {
  const { bins, values } = lookup
  if (bins && values) fail(checking, 'conflicting_keys', path, '`bins` and `values` stand in one table')
  if (bins) checkBins(checking, bins, [...path, 'bins'])
  if (!isDeclared(checking, 'attribute', lookup.table, [...path, 'table'])) return
  const attribute = checking.names.attributes.get(lookup.table)
  if (attribute === undefined) return
  const ranged = attribute.type === 'number' || attribute.type === 'date'
  if (bins && !ranged) {
    fail(
      checking,
      'lookup_mismatch',
      [...path, 'bins'],
      `\`${lookup.table}\` is of type ${attribute.type} and has no ranges`,
    )
  }
  if (values && ranged) {
    fail(
      checking,
      'lookup_mismatch',
      [...path, 'values'],
      `\`${lookup.table}\` is of type ${attribute.type} and is looked up by range`,
    )
  } else if (values) checkValues(checking, Object.keys(values), attribute, [...path, 'values'])
}

function checkValues(checking: Checking, values: readonly string[], attribute: Attribute, path: Path): void {
  const seen = new Set<string>()
  for (const value of values) {
    const place = [...path, value]
    if (attribute.type === 'choice' || attribute.type === 'choices') checkChoice(checking, value, attribute, place)
    if (attribute.type === 'boolean' && value !== 'true' && value !== 'false') {
      fail(checking, 'operand_mismatch', place, `\`${value}\` is not a value of an attribute that is true or false`)
    }
    const folded = attribute.type === 'text' ? value.normalize('NFC').toLowerCase() : value
    if (seen.has(folded))
      fail(checking, 'duplicate_value', place, `text compares without case, so \`${value}\` stands here twice`)
    seen.add(folded)
  }
}
