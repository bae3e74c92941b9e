/** The definition versions that assessments are made with, compiled once. */
import { compileDefinition, parseDefinitionText, type Instant, type Plan } from '@winnow/engine'
import type pg from 'pg'
import { ServerError } from '../errors.ts'

export interface LivePlan {
  readonly version: number
  readonly plan: Plan
  /** Ledger lines up to here are those of older versions, and stay; −∞ for the first version, which judges all history. */
  readonly publishedAt: Instant
  /** It is the text that was live before, published because activities were forgotten. */
  readonly isRenewed: boolean
}

type Querying = Pick<pg.ClientBase, 'query'>

const KEPT_MAX = 8

/** Compiled plans by version; a version never changes, so that one compiled by anybody is right for everybody. */
export class Plans {
  private readonly kept = new Map<number, LivePlan>()

  /** The version that is live as this transaction sees it. */
  async live(client: Querying): Promise<LivePlan | undefined> {
    const { rows } = await client.query<{ version: number }>({
      name: 'live-version',
      text: "select version from definition_version where status = 'live'",
    })
    return rows[0] && this.ofVersion(client, rows[0].version)
  }

  /** @throws ServerError `not_found` */
  async ofVersion(client: Querying, version: number): Promise<LivePlan> {
    const known = this.kept.get(version)
    if (known !== undefined) return known
    const { rows } = await client.query<{ text: string; published_at: Instant; is_renewed: boolean }>(
      `select text, case when version = (select min(version) from definition_version) then '-infinity' else published_at end
         as published_at, renews is not null as is_renewed
       from definition_version where version = $1`,
      [version],
    )
    if (rows[0] === undefined) throw new ServerError('not_found', `there is no version ${version} of the definition`)
    const { text, published_at: publishedAt, is_renewed: isRenewed } = rows[0]
    const live = { version, plan: compileText(text), publishedAt, isRenewed }
    this.kept.set(version, live)
    if (this.kept.size > KEPT_MAX) this.kept.delete(this.kept.keys().next().value!)
    return live
  }
}

/** @throws ServerError `definition_invalid` with the issues */
export function compileText(text: string): Plan {
  const parsed = parseDefinitionText(text)
  if (!parsed.ok) {
    throw new ServerError('definition_invalid', 'the definition has errors', { details: parsed.issues })
  }
  return compileDefinition(parsed.definition)
}
