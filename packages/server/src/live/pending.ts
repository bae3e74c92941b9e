/**
 * Indexes of lists collect what is new and merge it in later. Whoever fills the collection would have to merge all of it, with the
 * locks of an event's transaction in hand; so it is merged often, a little each time, outside of any transaction.
 */
import type pg from 'pg'

const MERGE = {
  name: 'merge-pending',
  text: `select gin_clean_pending_list('lead_facets') + gin_clean_pending_list('lead_words')
    + gin_clean_pending_list('lead_standing_facets') as pages`,
}

export class Pending {
  private readonly pool: pg.Pool
  private isAny = true // of a server before this one

  constructor(pool: pg.Pool) {
    this.pool = pool
  }

  /** A transaction may have written leads. */
  add(): void {
    this.isAny = true
  }

  /** Costs nothing where nothing was written since. @returns nothing to do right away, whatever there was */
  async merge(): Promise<0> {
    if (!this.isAny) return 0
    this.isAny = false
    await this.pool.query(MERGE)
    return 0
  }
}
