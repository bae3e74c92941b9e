/** The engine beside the screen: what is typed never waits for what it means. */
import {
  assess,
  circlesOf,
  compileDefinition,
  diffDefinitions,
  explain,
  formatPath,
  leadId,
  lintDefinition,
  parseDefinition,
  parseDefinitionText,
  parseInstant,
  readText,
  replay,
  testDefinition,
  type Definition,
  type Issue,
  type Plan,
} from '@winnow/engine'
import { withValue } from '../../../app/yaml-text.ts'
import { effectBetween, type Outcome } from './effect-of.ts'
import { READY, type Answered, type Answers, type Asked, type Checked, type Effect } from './protocol.ts'
import type { Patch, Question, Sample, TryAnswer } from './protocol.ts'

const WEEKS = 12
const WEEK_MS = 7 * 86_400_000

let sample: Sample | undefined
let live: Outcome | undefined
/** What was read last: dragging asks about one text again and again. */
let lastRead: { readonly text: string; readonly definition: Definition | undefined } | undefined
const plans = new Map<string, Plan | undefined>()

function definitionOf(text: string): Definition | undefined {
  if (lastRead?.text !== text) {
    const parsed = parseDefinitionText(text)
    lastRead = { text, definition: parsed.ok ? parsed.definition : undefined }
  }
  return lastRead.definition
}

function planOf(text: string): Plan | undefined {
  if (!plans.has(text)) {
    if (plans.size > 20) plans.clear()
    const definition = definitionOf(text)
    plans.set(text, definition && compileDefinition(definition))
  }
  return plans.get(text)
}

const placed = (issue: Issue) => ({
  severity: issue.severity,
  code: issue.code,
  path: formatPath(issue.path),
  message: issue.message,
  hint: issue.hint,
  line: issue.line ?? 1,
  column: issue.column ?? 1,
})

function check(text: string, liveText: string | undefined): Checked {
  const parsed = parseDefinitionText(text)
  lastRead = { text, definition: parsed.ok ? parsed.definition : undefined }
  if (!parsed.ok) {
    const { value } = readText(text)
    const issues = parsed.issues.map(placed)
    return { value, definition: undefined, issues, changes: undefined, examples: [] }
  }
  const { definition, source } = parsed
  const lint = lintDefinition(definition).map((issue) => ({ ...issue, ...source.locate(issue.path, issue.about) }))
  const before = liveText === undefined ? undefined : planOf(liveText)?.definition
  lastRead = { text, definition }
  return {
    value: definition,
    definition,
    issues: [...parsed.issues, ...lint].map(placed),
    changes: before && diffDefinitions(before, definition).map((each) => ({ ...each, path: formatPath(each.path) })),
    examples: testDefinition(definition).map(({ name, ok, mismatches, problems }) => ({
      name,
      ok,
      mismatches,
      problems,
    })),
  }
}

/** Where everybody of the sample is by a plan, and how many came to each stage a week. */
function outcomeOf(plan: Plan, { facts, leads, asOf }: Sample): Outcome {
  const until = parseInstant(asOf)
  const chosen = new Set(leads)
  const places: Outcome['places'] = new Map()
  const entered = new Map<string, number>()
  for (const circle of circlesOf(plan, facts)) {
    const { transitions, circle: state } = replay(plan, circle.facts, { until })
    for (const { kind, lead, at, to } of transitions) {
      if (kind === 'stage' && chosen.has(lead) && at > until - WEEKS * WEEK_MS)
        entered.set(to, (entered.get(to) ?? 0) + 1)
    }
    for (const lead of circle.leads) {
      if (!chosen.has(lead)) continue
      const { levels, stage } = assess(plan, state, lead, until)
      places.set(lead, { levels, stage: stage.id })
    }
  }
  const weekly = new Map([...entered].map(([stage, count]) => [stage, count / WEEKS]))
  return { definition: plan.definition, places, weekly }
}

function effect(text: string, patch: Patch | undefined): Effect | undefined {
  if (sample === undefined) return undefined
  const plan = patch === undefined ? planOf(text) : patchedPlan(text, patch)
  if (plan === undefined) return undefined
  const outcome = outcomeOf(plan, sample)
  const { leads, total } = sample
  return { ...effectBetween(live, outcome), leads: leads.length, total }
}

function patchedPlan(text: string, { path, value }: Patch): Plan | undefined {
  const definition = definitionOf(text)
  if (definition === undefined) return undefined
  const parsed = parseDefinition(withValue(definition, path, value))
  return parsed.ok ? compileDefinition(parsed.definition) : undefined
}

function tryLead({ text, live: liveText, facts, lead, asOf }: Question & { ask: 'try' }): TryAnswer | undefined {
  const plan = planOf(text)
  if (plan === undefined) return undefined
  const { circle } = replay(plan, facts, { until: asOf })
  const explanation = explain(plan, circle, leadId(lead), asOf)
  const before = liveText === undefined ? undefined : planOf(liveText)
  if (before === undefined) return { explanation, before: undefined }
  const then = replay(before, facts, { until: asOf })
  return { explanation, before: assess(before, then.circle, leadId(lead), asOf) }
}

function answer(question: Question): Answers[Question['ask']] {
  switch (question.ask) {
    case 'check':
      return check(question.text, question.live)
    case 'sample': {
      sample = question.sample
      const plan = question.live === undefined ? undefined : planOf(question.live)
      live = plan && outcomeOf(plan, sample)
      return null
    }
    case 'effect':
      return effect(question.text, question.patch)
    case 'try':
      return tryLead(question)
  }
}

addEventListener('message', ({ data }: MessageEvent<Asked>) => {
  const reply = (answered: Answered) => postMessage(answered)
  try {
    reply({ id: data.id, answer: answer(data) })
  } catch (error) {
    reply({ id: data.id, error: error instanceof Error ? error.message : String(error) })
  }
})
postMessage({ id: READY } satisfies Answered)
