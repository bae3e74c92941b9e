export {
  parseInstant,
  readInstant,
  formatInstant,
  parseDuration,
  formatDuration,
  weekOf,
  weekBegin,
  WEEK_MS,
  type Instant,
} from './time.ts'
export { WinnowError, HINTS, type ErrorCode } from './errors.ts'
export { leadId, accountId, compareFacts, DECISIONS } from './facts.ts'
export type {
  AccountAttributeFact,
  AccountId,
  ActivityFact,
  AttributeFact,
  DecisionFact,
  DecisionName,
  Fact,
  FactValue,
  LeadId,
  LinkFact,
} from './facts.ts'
export type { Definition, Example } from './definition/language.ts'
export { formatPath, type Issue, type Path } from './definition/issue.ts'
export type { Assessment, Contribution, ExpectedValue, StageNow, Transition } from './assess/assessment.ts'
export { nearest, type Report } from './definition/issue.ts'
export * as shapes from './definition/shape.ts' // for the other file formats, which are checked and described the same way
export type { Shape, TypeOf } from './definition/shape.ts'
export { parseDefinition, type Parsed } from './definition/parse.ts'
export { dependenciesOf, formatNode, orderOfNodes, type Node, type NodeKind } from './definition/dependencies.ts'
export { compileDefinition, type Plan } from './plan/compile.ts'
export { understand } from './plan/value-tests.ts'
export type { Circle } from './plan/state.ts'
export { openCircle, copyCircle } from './assess/circle.ts'
export { applyFact, type Applied } from './assess/apply.ts'
export { assess, lookAhead } from './assess/assess.ts'
export { replay, type Replayed } from './replay/replay.ts'
export {
  parseDefinitionText,
  readText,
  type Reading,
  type ParsedText,
  type Position,
  type Source,
} from './definition/text.ts'
export { nextChange, nextChanges, type NextChange } from './assess/next-change.ts'
export { writeCircle, readCircle } from './assess/codec.ts'
export { definitionJsonSchema } from './definition/json-schema.ts'
export {
  conditionInWords,
  conditionSaid,
  criterionInWords,
  criterionSaid,
  criterionSubject,
  decayInWords,
  decaySaid,
} from './definition/words.ts'
export {
  english, // the same for all that the engine says
  PHRASE_KEYS,
  type Phrase,
  type PhraseKey,
  type PhraseOf,
  type Said,
  type Sayings,
} from './definition/phrases.ts'
export { gaps, cooling, type Gap, type GapStep, type Target, type Cooling } from './assess/gaps.ts'
export { explain, type Explanation } from './assess/explain.ts'
export { shutStages, whyNoEffect, type NoEffect } from './assess/no-effect.ts'
export { circlesOf, type CircleFacts } from './replay/circles-of.ts'
export { testDefinition, type ExampleResult, type Mismatch } from './examples.ts' // a definition's own tests
export { pinLead, type Pinned } from './pin/pin.ts' // a real lead as an example, without who it is
export { sensitivityOf } from './definition/sensitive.ts'
export { lintDefinition } from './definition/lint.ts'
export { bulkAssess, openBulkResults, type BulkOptions, type BulkResults, type Histories } from './bulk/assess-bulk.ts'
export { Kernel, type KernelOptions, type LevelColumn, type Results } from './bulk/kernel.ts'
export { columnsFromRecords, type LeadRecord } from './bulk/from-records.ts'
export { RecordKernel } from './bulk/record-kernel.ts'
export { RecordExplainer } from './bulk/explain-records.ts'
export { columnsFromFacts, propertiesOf, rawTypesOf, type FactColumns } from './bulk/from-facts.ts'
export {
  clusterActivities,
  codedColumn,
  numberColumn,
  propertyColumn,
  shareColumns,
  sharedMemory,
  type ActivityColumns,
  type Allocate,
  type AttributeColumn,
  type Column,
  type Columns,
  type RawActivities,
} from './bulk/columns.ts'

export { diffDefinitions, type Area, type Change } from './definition/diff.ts'
export { htmlText, renderHtml, renderMarkdown, renderPage, type Drawing } from './definition/render.ts'
export { outlineOf, type Block } from './definition/outline.ts' // what `renderHtml` writes, for screens of their own
export type {
  BacktestOptions,
  BacktestResult,
  Comparison,
  Estimate,
  Figure,
  GateLine,
  LevelResult,
  LoadLine,
  NamedLead,
  Outcome,
  ScoreBands,
  SplitResult,
  ThresholdCurve,
  VersionResult,
  Week,
} from './backtest/result.ts'
export {
  differenceOfRates,
  medianOf,
  perUnit,
  wilson,
  type Count,
  type Difference,
  type Interval,
  type Median,
  type PerUnit,
  type Rate,
} from './stats/rates.ts'
export {
  AGREEMENT_BANDS,
  agreementBand,
  cohensKappa,
  fleissKappa,
  type Agreement,
  type AgreementBand,
  type Pair,
} from './stats/agreement.ts'
export { stabilityByChance, stabilityIndex, type Stability } from './stats/stability.ts'
export { deviationsAround } from './stats/normal.ts'
export { Tracer, trace, type BacktestVersion } from './backtest/trace.ts'
export { OUTCOMES, type Snapshots, type TraceOptions, type Traces, type VersionTrace } from './backtest/traces.ts'
export { mergeTraces } from './backtest/merge.ts'
export { selectTraces } from './backtest/select.ts'
export { measure, Measuring, piecesOf, type Measured, type MeasurePiece } from './backtest/measure.ts'
export { rateOf } from './backtest/estimate.ts'
export { leadsBehind } from './backtest/figures.ts'
export { handoverOf } from './backtest/handover.ts'
export { ledgerOf, type LedgerLine } from './backtest/ledger.ts'
export { FactTableBuilder, FactTableReader, type FactTable } from './backtest/fact-table.ts'
