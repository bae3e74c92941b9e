export { readBytes } from './bytes.ts' //             a file, `-`, gzip → bytes
export { ENCODINGS, type Encoding } from './decode.ts'
export { openCsv, COLUMNS_MAX, type CsvFile, type CsvRow } from './csv/read.ts' //   bytes → header and rows, or refusals
export { csvLine, escapeFormula, unescapeFormula, type Cell } from './csv/write.ts'
export { parseStrictJson, parseJsonParts, type JsonFault } from './json/strict.ts'
export { readFact, writeFact } from './facts/door.ts' //   JSON → fact, the one door
export { readFactLines } from './facts/lines.ts'
export {
  InputError,
  INPUT_HINTS,
  REFUSAL_HINTS,
  type InputErrorCode,
  type Refusal,
  type RefusalCode,
} from './refusal.ts'
export {
  Inputs,
  type FileReport,
  type InputBatch,
  type InputKind,
  type InputOptions,
  type InputRefusal,
} from './inputs.ts' // files → facts
export { suggestMapping, type Suggestion } from './mapping/infer.ts'
export { parseMappingText, type ParsedMapping } from './mapping/parse.ts'
export { mappingJsonSchema, type Mapping } from './mapping/language.ts'
export { Spool } from './run/spool.ts' //             facts of any number → circles
export { runCircles, type PoolOptions } from './run/pool.ts' // circles × task → results, on all processors
export type { CircleWork, LeadHistory, LeadScore, ReplayTask, ResultOf, ScoreTask, Task } from './run/task.ts'
export { backtestTable, BACKTEST_TABLES, type BacktestTable, type BacktestTableName } from './backtest/tables.ts' // what a backtest says → tables
export { assessColumns, ColumnsCrew, type ColumnsOptions, type ColumnsRun } from './run/columns.ts' // shared columns × definition → results
export { readCircles, TimeSpan, type CirclesOptions } from './run/circles.ts'
export { traceCircles, traceTable, type BacktestRun } from './run/backtest.ts'
