import type { Issue, Path } from './issue.ts'

/**
 * Every kind of issue: how bad it is and what to do about it where the place itself suggests nothing better.
 * `docs/errors.md` explains the same codes.
 */
export const ISSUES = {
  // The text
  text_too_large: ['error', 'A definition is at most 1 MiB of text; split examples off or shorten the prose.'],
  yaml_syntax: ['error', 'Correct the text at this place; lines of one map begin in the same column, with spaces.'],
  duplicate_key: ['error', 'A key stands once in a map: rename it or merge the two.'],
  alias_refused: ['error', 'Write it out: anchors, aliases and merge keys are not part of the language.'],
  tag_refused: ['error', 'Leave out the `!tag`: only plain text, numbers, true and false are known.'],
  several_documents: ['error', 'Keep one definition in a file.'],

  // Size and safety
  too_deep: ['error', 'A definition is at most 64 levels deep.'],
  too_large: ['error', 'Split it: no agreement of this size is read by anybody.'],
  too_many_issues: ['error', 'Correct these first.'],
  forbidden_key: ['error', 'Choose another word.'],
  not_json: ['error', 'Use text, numbers, true, false, lists and maps.'],
  malformed_text: ['error', 'Remove the character that no text can hold (NUL or half of a pair).'],
  unsafe_number: ['error', 'Use a finite number of at most 15 digits, or text.'],

  // Shapes
  wrong_type: ['error', 'See the language reference for what may stand here.'],
  too_long: ['error', 'Shorten it.'],
  malformed: ['error', 'See the language reference for how this is written.'],
  out_of_range: ['error', 'Choose a value within the range.'],
  unknown_value: ['error', 'Choose one of these.'],
  too_few: ['error', 'Add an item, or leave the key out.'],
  too_many: ['error', 'Remove some.'],
  malformed_name: ['error', 'Lower-case letters, digits and `_`, beginning with a letter, at most 64.'],
  missing: ['error', 'Add it.'],
  missing_any: ['error', 'Add one of them.'],
  unknown_key: ['error', 'Remove it, or see the language reference for what may stand here.'],
  unknown_kind: ['error', 'Add the key that says which kind it is.'],

  // Names
  unknown_attribute: ['error', 'Declare it under `attributes`.'],
  unknown_activity: ['error', 'Declare it under `activities`.'],
  unknown_persona: ['error', 'Declare it under `personas`.'],
  unknown_score: ['error', 'Declare it under `scores`.'],
  unknown_category: ['error', 'Declare it under `categories`.'],
  unknown_level: ['error', 'Use one of the levels of the category.'],
  unknown_stage: ['error', 'Declare it under `stages`.'],
  unknown_topic: ['error', 'Let an attribute answer it: `answers: …`.'],
  unknown_criterion: ['error', 'Use the `id` of a criterion.'],
  duplicate_id: ['error', 'Give each its own id.'],
  cycle: ['error', 'Break the circle: let one of them read facts instead.'],

  // Attributes and activities
  values_missing: ['error', 'List the values: `of: [small, large]`.'],
  values_misplaced: ['error', 'Only `choice` and `choices` have values; remove `of`.'],
  duplicate_value: ['error', 'List each once.'],
  unknown_choice: ['error', 'Use one of the values listed under `of` of the attribute.'],
  misplaced: ['error', 'Remove it, or add what it belongs to.'],
  operator_mismatch: ['error', 'Use an operator for this type of attribute.'],
  operand_mismatch: ['error', 'Compare with a value of the type of the attribute.'],
  malformed_date: ['error', 'Write a day that exists: `2026-03-01`, or `2026-03-01T10:00:00Z`.'],
  malformed_pattern: ['error', 'Write an RE2 pattern: no look-around and no back-references.'],
  pattern_too_large: ['error', 'Use smaller repeat counts or fewer patterns.'],
  duration_too_long: ['error', 'A hundred years (36525d) is the longest.'],
  duration_zero: ['error', 'Give it a length, such as `7d`.'],
  not_ascending: ['error', 'Put the smaller end first.'],

  // Conditions
  too_many_parts: ['error', 'Ask for at most as many as there are parts.'],
  several_measures: ['error', 'Use one measure in a test and join two tests with `all`.'],
  window_missing: ['error', 'Add `within`: the recent window whose rate is compared.'],
  not_about_account: [
    'error',
    'Inside `account` only attributes about the account, activities and `leads` can be asked.',
  ],
  nested_account: ['error', 'Put the tests side by side: `account` cannot stand inside `account` or `leads`.'],
  conflicting_keys: ['error', 'Keep one of them.'],

  // Criteria
  empty_range: ['error', 'The cap (upper end) lies at or above the floor (lower end).'],
  bins_overlap: ['error', 'Let each bin begin where the one before ends.'],
  bins_unbounded: ['error', 'Only the first bin may lack `at_least` and only the last `below`.'],
  lookup_mismatch: ['error', 'Look up numbers and dates by `bins`, everything else by `values`.'],

  // Categories and stages
  one_key: ['error', 'Write one level per list item: `- hot: { when: … }`.'],
  duplicate_level: ['error', 'Give each level of a category its own name.'],
  level_without_when: ['error', 'Only the last level, where everybody else is, has no condition.'],
  last_level_conditional: ['error', 'The last level takes everybody else: `- cold: {}`.'],
  missing_cell: ['error', 'Name every cell, or leave `cells` out.'],
  same_category: ['error', 'Rows and columns are two different categories.'],
  first_stage: ['error', 'A lead begins at the first stage: it has no `enter`, `by`, `needs` or `cool_down`.'],
  no_way_in: ['error', 'Add `enter` or `by`.'],
  mixed_decisions: [
    'error',
    '`accept`, `qualify`, `win` lead forward; `reject`, `recycle`, `disqualify`, `lose` to a side stage.',
  ],
  side_stage_condition: ['error', 'Only a decision leads to a side stage: remove `enter` and `needs`.'],
  duplicate_decision: ['error', 'A decision leads to one stage.'],
  reserved_stage: ['error', 'Rename it, or make it the stage `by` that decision.'],
  calibration: ['error', 'The probability lies between `low` and `high`.'],

  // Examples
  example_order: ['warning', 'It lies after `as_of` and has no effect.'],
  example_value: ['warning', 'The attribute does not understand this value and stays unknown.'],
  example_event: ['warning', 'No activity of the definition is read from this raw event.'],
  duplicate_example: ['warning', 'Give each example its own name.'],

  // Lint: right, but hardly what was meant
  unreachable_level: ['warning', 'Lower the threshold, add points, or remove the level.'],
  unreachable_stage: ['warning', 'Change its `enter`, or give it a decision with `by`.'],
  never_true: ['warning', 'Change the condition, or remove it.'],
  always_true: ['warning', 'Remove the condition, or ask for more.'],
  no_effect: ['warning', 'Remove it, or give it points that count.'],
  limit_unreachable: ['warning', 'Lower the limit, or leave it out.'],
  range_unreachable: ['warning', 'Add points or lower the upper end of the range, so that the best lead can reach it.'],
  hysteresis_order: [
    'warning',
    'Let a lead leave later than it enters: put the leave threshold below the enter threshold.',
  ],
  window_beyond_decay: ['warning', 'Leave out `within`, or make the decay last longer.'],
  gap: ['warning', 'Let one range begin where the other ends.'],
  unused: ['warning', 'Use it, or remove it.'],
  missing_way_back: [
    'warning',
    'Add a stage `by: recycle`, so that leads that are not ready go back with their history.',
  ],
  missing_way_out: ['warning', 'Add a stage `by: disqualify`, so that bad leads leave with a reason.'],
  missing_review: ['warning', 'Add `review: { every: 3 months }`: an agreement nobody looks at again grows wrong.'],
  missing_examples: ['warning', 'Add `examples`: a few leads and what must come out for them.'],
  missing_question: ['warning', 'Add `question` to the attribute, so that people ask alike.'],
  missing_cool_down: ['warning', 'Add `cool_down`, or the lead may be back the moment its `enter` turns true again.'],
  calibration_order: ['warning', 'A better level or score should win more often: check the numbers, or join the two.'],
  calibration_incomplete: ['warning', 'Give every level a probability.'],
  personal_data: ['warning', 'Score what people need and do, not who they are; keep contact data out of scoring.'],
  protected_ground: ['warning', 'Remove it from scoring: in many countries deciding by it is forbidden.'],
} as const satisfies { readonly [code: string]: readonly ['error' | 'warning', string] }

export type IssueCode = keyof typeof ISSUES

/** Issues about a key that should not be there, or not be so called. */
const ABOUT_KEYS: ReadonlySet<IssueCode> = new Set([
  'duplicate_key',
  'forbidden_key',
  'malformed_name',
  'unknown_key',
  'misplaced',
  'operator_mismatch',
  'values_misplaced',
  'lookup_mismatch',
  'first_stage',
  'side_stage_condition',
  'last_level_conditional',
])

/** An issue with the severity of its code, and the code's general remedy where no better hint is known. */
export function issueOf(code: IssueCode, path: Path, message: string, hint?: string): Issue {
  const [severity, remedy] = ISSUES[code]
  const issue = { severity, code, path, message, hint: hint ?? remedy }
  return ABOUT_KEYS.has(code) ? { ...issue, about: 'key' } : issue
}
