import { toInstantText, type segments } from '@winnow/contract'
import type { Db } from '../db/database.ts'
import type { Actor } from '../http/actor.ts'
import type { HandlersOf } from '../http/handler.ts'
import { parseListQuery } from '../leads/lead-filter.ts'
import { addSegment, changeSegment, deleteSegment, listSegments, requireOwnSegment, type SegmentRow } from './store.ts'

export interface SegmentParts {
  readonly db: Db
  readonly newId: () => string
}

export function segmentHandlers({ db, newId }: SegmentParts): HandlersOf<typeof segments> {
  return {
    listSegments: async ({ actor }) => ({
      items: (await listSegments(db, actor!.id)).map((row) => segmentReply(row, actor!)),
    }),
    addSegment: async ({ body, actor, now, note }) => {
      parseListQuery(body.query, '/query')
      const said = { ...body, columns: body.columns ?? null }
      const row = await addSegment(db, said, { id: newId(), by: actor!, now })
      note({ segment: row.segment_id })
      return segmentReply(row, actor!)
    },
    changeSegment: async ({ params, body, actor, now }) => {
      if (body.query !== undefined) parseListQuery(body.query, '/query')
      const { name, query, columns, is_shared } = await requireOwnSegment(db, params.segment, actor!)
      const said = {
        name: body.name ?? name,
        query: body.query ?? query,
        columns: body.columns === undefined ? columns : body.columns,
        isShared: body.isShared ?? is_shared,
      }
      return segmentReply(await changeSegment(db, params.segment, said, now), actor!)
    },
    deleteSegment: async ({ params, actor }) => {
      await requireOwnSegment(db, params.segment, actor!)
      await deleteSegment(db, params.segment)
      return null
    },
  }
}

const segmentReply = (row: SegmentRow, actor: Actor) => ({
  id: row.segment_id,
  name: row.name,
  query: row.query,
  columns: row.columns,
  isShared: row.is_shared,
  isMine: row.owner_id === actor.id,
  owner: row.owner_name,
  createdAt: toInstantText(row.created_at),
  updatedAt: toInstantText(row.updated_at),
})
