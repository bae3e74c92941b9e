/** The fifty rules in the languages of two rule engines, each used the way its documentation recommends for speed. */
import { Engine } from 'json-rules-engine'
import { LogicEngine } from 'json-logic-engine'
import { RULES, type LeadRecord, type Rule } from './definition.ts'

const clamp = (score: number) => Math.min(1000, Math.max(-100, score))

// --- json-logic-engine: one expression, compiled by `build()` -------------------------------------------------------

function logicOf({ attribute, operator, operand }: Rule): unknown {
  const value = { var: attribute }
  switch (operator) {
    case 'in':
      return { in: [value, operand] }
    case 'is':
      return { '===': [value, operand] }
    case 'at_least':
      return { '>=': [value, operand] }
    case 'between':
      return { '<=': [(operand as readonly number[])[0], value, (operand as readonly number[])[1]] }
    case 'contains':
      return { in: [operand, { lower: [value] }] }
  }
}

/** @returns score of a record */
export function buildJsonLogic(): (lead: LeadRecord) => number {
  const engine = new LogicEngine()
  engine.addMethod('lower', ([text]: [string]) => text.toLowerCase(), { deterministic: true })
  const sum = engine.build({ '+': RULES.map((rule) => ({ if: [logicOf(rule), rule.points, 0] })) })
  return (lead) => clamp(sum(lead) as number)
}

// --- json-rules-engine: one rule each, the score added up from the events ---------------------------------------------

const OPERATORS = {
  in: 'in',
  is: 'equal',
  at_least: 'greaterThanInclusive',
  between: 'between',
  contains: 'containsText',
} as const

/** @returns score of a record and the results with their condition trees */
export function buildJsonRules(): (lead: LeadRecord) => Promise<{ score: number; results: unknown[] }> {
  const engine = new Engine(
    RULES.map(({ id, attribute, operator, operand, points }) => ({
      name: id,
      conditions: { all: [{ fact: attribute, operator: OPERATORS[operator], value: operand }] },
      event: { type: id, params: { points } },
    })),
  )
  engine.addOperator('between', (value: number, [low, high]: [number, number]) => value >= low && value <= high)
  engine.addOperator('containsText', (value: string, part: string) => value.toLowerCase().includes(part))
  return async (lead) => {
    const { results, failureResults } = await engine.run(lead)
    const points = (result: { event: { params: { points: number } } }) => result.event.params.points
    return {
      score: clamp(results.reduce((sum: number, result: never) => sum + points(result), 0)),
      results: [...results, ...failureResults],
    }
  }
}
