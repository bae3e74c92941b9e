/** What people write first gets a hint with what to write instead. */
import { expect, test } from 'vitest'
import { parseDefinition } from '../../src/definition/parse.ts'
import { wholeWith } from './whole.ts'

const INTENT = 'scores.engagement.groups.intent.criteria.0'

test.each([
  { edit: `${INTENT}.within`, value: '7 days', hint: 'write `7d`' },
  { edit: `${INTENT}.within`, value: '1 day', hint: 'write `1d`' },
  { edit: `${INTENT}.within`, value: 'a week', hint: 'write `1w`' },
  { edit: `${INTENT}.within`, value: '24 hours', hint: 'write `24h`' },
  { edit: `${INTENT}.within`, value: '90 min', hint: 'write `90m`' },
  { edit: `${INTENT}.within`, value: '3 months', hint: 'write `90d`: months and years differ in length' },
  { edit: `${INTENT}.within`, value: '1y', hint: 'write `365d`: months and years differ in length' },
  { edit: `${INTENT}.within`, value: '2 wks', hint: 'write `2w`' },
  { edit: `${INTENT}.within`, value: '30 secs', hint: 'write `30s`' },
  { edit: `${INTENT}.within`, value: 'one hr', hint: 'write `1h`' },
  { edit: `${INTENT}.within`, value: 'a quarter', hint: 'write `91d`: months and years differ in length' },
  { edit: `${INTENT}.within`, value: 7, hint: 'say in what: `7d` for days, `7h` for hours' },
  { edit: 'stages.1.sla', value: '1 day', hint: 'write `1d`' },
  { edit: `${INTENT}.count`, value: 3, hint: 'write `{ at_most: 3 }`, or `{ at_most: 3, within: 7d }`' },
  { edit: `${INTENT}.decay`, value: '14d', hint: 'write `{ half_life: 14d }`, or `{ expires: 14d }`' },
  { edit: `${INTENT}.decay`, value: '2 weeks', hint: 'write `{ half_life: 2w }`, or `{ expires: 2w }`' },
  { edit: `${INTENT}.decay`, value: 14, hint: 'write for instance `{ half_life: 14d }`' },
  { edit: `${INTENT}.decay`, value: { steps: { every: '7d', lose: 25 } }, at: '.steps.lose', hint: 'write `25%`' },
  { edit: `${INTENT}.decay`, value: { steps: { every: '7d', lose: 0.25 } }, at: '.steps.lose', hint: 'write `25%`' },
  {
    edit: 'playbooks.call_now.when',
    value: { activity: 'page_viewed', count: 3 },
    at: '.count',
    hint: 'write `{ at_least: 3 }`, or `{ is: 3 }`',
  },
  {
    edit: 'playbooks.call_now.when',
    value: 'fit >= 50',
    hint: 'write `{ score: fit, at_least: 50 }`, or `attribute:` instead of `score:`',
  },
  {
    edit: 'playbooks.call_now.when',
    value: [{ score: 'fit', at_least: 50 }],
    hint: 'join the parts with `all: [ … ]` or `any: [ … ]`',
  },
  { edit: 'review.every', value: 'quarter', hint: 'write `3 months`' },
  { edit: 'review.every', value: 'every month', hint: 'write `1 month`' },
  { edit: 'review.every', value: '90d', hint: 'write `13 weeks`' },
  { edit: 'review.every', value: '1 year', hint: 'write `12 months`' },
  { edit: 'review.every', value: 'weekly', hint: 'write `1 week`' },
  { edit: 'review.every', value: 'Annually', hint: 'write `12 months`' },
  { edit: 'review.every', value: 'quarterly', hint: 'write `3 months`' },
  { edit: 'review.every', value: '7 days', hint: 'write `1 week`' },
  { edit: 'review.every', value: '2 w', hint: 'write `2 weeks`' },
  { edit: 'review.every', value: '1 m', hint: 'write `1 month`' },
  { edit: 'review.every', value: 3, hint: 'say of what: `3 months`' },
  { edit: 'attributes.job_level.type', value: 'enum', hint: 'write `choice` and list its values with `of`' },
  { edit: 'attributes.job_level.type', value: 'string', hint: 'write `text`' },
  { edit: 'attributes.job_level.type', value: 'E-mail', hint: 'write `text`' },
  { edit: 'attributes.job_level.type', value: 'datetime', hint: 'write `date`' },
  { edit: 'attributes.job_level.type', value: 'multi-select', hint: 'write `choices` and list its values with `of`' },
  { edit: 'attributes.job_level.type', value: 'yes_no', hint: 'write `boolean`' },
  { edit: 'attributes.job_level.type', value: 'Money', hint: 'write `number`' },
  { edit: 'attributes.job_level.of', value: 'boss, user', hint: 'write `[boss, user]`' },
  {
    edit: 'categories.temperature.levels',
    value: { hot: {} },
    hint: 'write a list, the best level first: `- hot: { when: … }`, each level behind a `-`',
  },
  {
    edit: 'stages',
    value: { lead: {} },
    hint: 'write a list in the order of the path: `- { id: lead }`, each stage behind a `-`',
  },
  {
    edit: 'scores.engagement.groups.intent.criteria',
    value: { visits: {} },
    hint: 'write a list: `- { id: … , points: … }`, each criterion behind a `-`',
  },
])('$edit: $value', ({ edit, value, at = '', hint }) => {
  const { issues } = parseDefinition(wholeWith(edit, value))
  const path = `${edit}${at}`
  const found = issues.filter((issue) => issue.path.join('.') === path)
  expect(found.map((issue) => issue.hint)).toEqual([hint])
})

test.each([
  { edit: `${INTENT}.within`, value: 'soon' },
  { edit: `${INTENT}.within`, value: '3 tweeks' },
  { edit: 'review.every', value: 'sometimes' },
  { edit: 'review.every', value: '0 months' },
  { edit: 'review.every', value: '20 years' },
  { edit: 'review.every', value: '5 things' },
  { edit: 'attributes.job_level.of', value: 'boss' },
  { edit: 'attributes.job_level.of', value: 5 },
  { edit: 'attributes.job_level.type', value: 'thing' },
])('$value says nothing: no hint is guessed beyond that of the code', ({ edit, value }) => {
  const { issues } = parseDefinition(wholeWith(edit, value))
  const found = issues.find((issue) => issue.path.join('.') === edit)
  expect(found?.hint).not.toMatch(/^write `[\d[]|^write `\w+` *$/)
})
