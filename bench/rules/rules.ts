/**
 * Fifty criteria on plain lead records: the total alone, and with the full explanation of every criterion. All contestants
 * start from the same record objects, are compiled before the clock starts, and all totals are compared.
 *
 * An explanation is the engine's public one: a line for each criterion with its outcome, points, the record's fields behind it
 * and its sentence, all there before the clock stops; the bench reads every line and adds it up to the score. json-rules-engine
 * gives its condition tree: for each rule the result, the value found and the event, without a sentence.
 */
import {
  compileDefinition,
  leadId,
  RecordExplainer,
  RecordKernel,
  type Definition,
  type Explanation,
} from '@winnow/engine'
import { measureByTurns, requireEqual, type Line } from '../measure.ts'
import { scoreByHand } from './by-hand.ts'
import { definition, drawRecords, RULES, type LeadRecord } from './definition.ts'
import { buildJsonLogic, buildJsonRules } from './peers.ts'

const RECORDS = 100_000
const EXPLAINED = 20_000
const PEER_EXPLAINED = 400
const AS_OF = Date.UTC(2026, 0, 1)
const MICRO = 1_000_000

export async function rules(): Promise<Line[]> {
  if (RULES.length !== 50) throw new Error(`${RULES.length} rules`)
  const written = definition()
  const records = drawRecords(RECORDS)
  return [...(await totals(written, records)), ...(await explanations(written, records))]
}

async function totals(written: Definition, records: readonly LeadRecord[]): Promise<Line[]> {
  // Like the peers, compiled before the clock starts.
  const kernel = new RecordKernel(written, { asOf: AS_OF })
  const jsonLogic = buildJsonLogic()
  const found = { winnow: new Float64Array(RECORDS), hand: new Float64Array(RECORDS), logic: new Float64Array(RECORDS) }
  const each = (score: (lead: LeadRecord) => number, into: Float64Array) => () => {
    for (let row = 0; row < records.length; row++) into[row] = score(records[row]!)
  }
  const measured = await measureByTurns(
    {
      winnow: () => scoreInBatches(kernel, records, found.winnow),
      hand: each(scoreByHand, found.hand),
      logic: each(jsonLogic, found.logic),
    },
    { warmUp: 3, runs: 7 },
  )
  requireEqual('by hand', found.winnow, found.hand)
  requireEqual('json-logic-engine', found.winnow, found.logic)
  const speed = (name: keyof typeof measured) => RECORDS / measured[name].cpu
  const beside = (name: string, peer: keyof typeof measured, least: number): Line => {
    const ratio = speed('winnow') / speed(peer)
    return {
      name: '50 criteria, total only',
      value: speed('winnow'),
      unit: 'leads/CPU-s',
      beside: { name, value: speed(peer) },
      ratio,
      goal: `≥ ${least} ×`,
      met: ratio >= least,
    }
  }
  return [beside('hand-written JavaScript', 'hand', 0.5), beside('json-logic-engine', 'logic', 1)]
}

function scoreInBatches(kernel: RecordKernel, records: readonly LeadRecord[], into: Float64Array): void {
  for (let from = 0; from < records.length;) {
    const { results, end } = kernel.run(records, from)
    const scores = results.scores.get('fit')!
    for (let row = from; row < end; row++) into[row] = scores[row - from]! / MICRO
    from = end
  }
}

async function explanations(written: Definition, records: readonly LeadRecord[]): Promise<Line[]> {
  const explainer = new RecordExplainer(compileDefinition(written), { asOf: AS_OF })
  const explained = records.slice(0, EXPLAINED)
  const leads = explained.map((_, row) => leadId(`lead-${row}`))
  const jsonRules = buildJsonRules()
  const ours = new Float64Array(EXPLAINED)
  const theirs = new Float64Array(PEER_EXPLAINED)
  const measured = await measureByTurns(
    {
      winnow: () => {
        let row = 0
        for (const explanation of explainer.explain(leads, explained)) ours[row++] = scoreExplained(explanation)
      },
      rules: async () => {
        for (let row = 0; row < PEER_EXPLAINED; row++) {
          const { score, results } = await jsonRules(records[row]!)
          if (results.length !== RULES.length) throw new Error('a rule without a result')
          theirs[row] = score
        }
      },
    },
    { warmUp: 2, runs: 5 },
  )
  requireEqual('json-rules-engine', ours.subarray(0, PEER_EXPLAINED), theirs)
  const value = EXPLAINED / measured.winnow.cpu
  const peer = PEER_EXPLAINED / measured.rules.cpu
  return [
    {
      name: '50 criteria, every one explained',
      value,
      unit: 'leads/CPU-s',
      beside: { name: 'json-rules-engine, condition trees', value: peer },
      ratio: value / peer,
      goal: '≥ 100 ×',
      met: value / peer >= 100,
    },
  ]
}

/** Reads every line: the score is what they add up to. */
function scoreExplained({ assessment, contributions }: Explanation): number {
  if (contributions.length < RULES.length) throw new Error('a criterion without a line')
  let sum = 0
  for (const { points, because } of contributions) {
    if (because === '') throw new Error('a line without a sentence')
    sum += points
  }
  const score = assessment.scores['fit']!
  if (sum !== score) throw new Error(`lines add up to ${sum} beside ${score}`)
  return score
}
