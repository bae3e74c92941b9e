/** Plain records, batch by batch, through one kernel. */
import type { Definition } from '../definition/language.ts'
import { RecordColumns, type LeadRecord } from './from-records.ts'
import { Kernel, type KernelOptions, type Results } from './kernel.ts'
import { CHUNK } from './streams.ts'

/** Most records of a batch: one chunk of the kernel's. */
export const BATCH = CHUNK
/** With more distinct values than this a dictionary is begun anew: memory does not grow with the number of records. */
const VARIETY_MAX = 1 << 16

export interface Bound {
  readonly columns: RecordColumns
  readonly kernel: Kernel
  readonly results: Results
}

/**
 * The kernel for records that come a batch at a time. What has been worked out for a value is kept for the batches to come.
 */
export class RecordKernel {
  readonly #definition: Definition
  readonly #options: KernelOptions
  #bound: Bound

  /** @param definition  one that `parseDefinition` accepted */
  constructor(definition: Definition, options: KernelOptions) {
    this.#definition = definition
    this.#options = options
    this.#bound = this.#bind()
  }

  /**
   * Works out the records from `from` on, a batch of them.
   * @returns the first rows of `results` are theirs, and good until the next call; `end` is the place after the last record
   */
  run(records: readonly LeadRecord[], from: number): { readonly results: Results; readonly end: number } {
    if (this.#bound.columns.variety > VARIETY_MAX) this.#bound = this.#bind()
    const { columns, kernel, results } = this.#bound
    const end = Math.min(from + BATCH, records.length)
    columns.fill(records, from, end)
    kernel.run(0, end - from, results)
    return { results, end }
  }

  /** What the batches go through: another one after a dictionary has been begun anew. */
  get bound(): Bound {
    return this.#bound
  }

  #bind(): Bound {
    const columns = new RecordColumns(this.#definition, BATCH, this.#options)
    const kernel = new Kernel(this.#definition, columns, this.#options)
    return { columns, kernel, results: kernel.openResults() }
  }
}
