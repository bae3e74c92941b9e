/** Definitions by what people call them: `live`, `version:3`, `draft:<id>`. */
import type { Db } from '../db/database.ts'
import { ServerError } from '../errors.ts'
import { findLive, requireDraft, requireVersion } from './versions.ts'

export interface Referred {
  readonly text: string
  /** `live` is the version that it is at this moment. */
  readonly reference: string
  /** Of a draft: which of its texts. */
  readonly revision: number | null
}

export const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * @param at  the place in the request that says it
 * @throws ServerError `not_found`, `no_definition`
 */
export async function referred(db: Db, reference: string, at: string): Promise<Referred> {
  const [kind, id = ''] = reference.split(':')
  if (kind === 'version') return { text: (await requireVersion(db, Number(id))).text, reference, revision: null }
  if (kind === 'draft') {
    if (!UUID.test(id)) throw new ServerError('not_found', `there is no draft ${id}`, { at })
    const { text, revision } = await requireDraft(db, id)
    return { text, reference, revision }
  }
  const live = await findLive(db)
  if (live === undefined) throw new ServerError('no_definition', 'no version is live', { at })
  return { text: live.text, reference: `version:${live.version}`, revision: null }
}
