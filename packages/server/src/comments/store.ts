/** Threads about definitions in the database. */
import { formatInstant, type Instant } from '@winnow/engine'
import { sql } from 'kysely'
import type pg from 'pg'
import type { Db } from '../db/database.ts'
import { ServerError } from '../errors.ts'
import type { Actor } from '../http/actor.ts'

export interface CommentRow {
  readonly comment_id: string
  readonly thread_id: string | null
  readonly draft_id: string | null
  readonly path: string
  readonly text: string
  readonly at: Instant
  readonly edited_at: Instant | null
  readonly actor_id: string
  readonly actor_name: string
  readonly resolved_at: Instant | null
  readonly resolved_by: string | null
  /** Of the first of a thread: a change is requested, and what became of that. */
  readonly is_request: boolean
  readonly outcome: 'made' | 'withdrawn' | null
}

type Querying = Pick<pg.Pool, 'query'>

const LISTED_MAX = 2000

export interface CommentFilter {
  readonly draft: string | undefined
  readonly path: string | undefined
  readonly resolved: 'without' | 'only' | 'with'
}

/** Threads by when they began, each with its answers. */
export async function listComments(db: Db, { draft, path, resolved }: CommentFilter): Promise<CommentRow[]> {
  const settled = { without: sql`t.resolved_at is null`, only: sql`t.resolved_at is not null`, with: sql`true` }
  const { rows } = await sql<CommentRow>`
    select c.* from comment t join comment c on c.comment_id = t.comment_id or c.thread_id = t.comment_id
    where t.thread_id is null and t.draft_id is not distinct from ${draft ?? null}::uuid and ${settled[resolved]}
      and (${path ?? null}::text is null or t.path = ${path ?? ''} or ${path ?? ''} = ''
        or starts_with(t.path, ${`${path ?? ''}.`}) or starts_with(t.path, ${`${path ?? ''}[`}))
    order by t.at, t.comment_id, c.thread_id is not null, c.at, c.comment_id limit ${sql.lit(LISTED_MAX)}`.execute(db)
  return rows
}

/** @throws ServerError `not_found` */
export async function requireComment(db: Db, id: string, at = 'params.comment'): Promise<CommentRow> {
  const row = await db.selectFrom('comment').selectAll().where('comment_id', '=', id).executeTakeFirst()
  if (row === undefined) throw new ServerError('not_found', `there is no comment ${id}`, { at })
  return row
}

export interface CommentAdded {
  readonly id: string
  readonly thread: string | null
  readonly draft: string | null
  readonly path: string
  readonly text: string
  readonly isRequest?: boolean
  readonly by: Actor
  readonly now: Instant
}

export const addComment = (
  db: Db,
  { id, thread, draft, path, text, isRequest = false, by, now }: CommentAdded,
): Promise<CommentRow> =>
  db
    .insertInto('comment')
    .values({
      comment_id: id,
      thread_id: thread,
      draft_id: draft,
      path,
      text,
      is_request: isRequest,
      at: formatInstant(now),
      actor_id: by.id,
      actor_name: by.name,
    })
    .returningAll()
    .executeTakeFirstOrThrow()

export async function changeText(db: Db, id: string, text: string, now: Instant): Promise<void> {
  await db
    .updateTable('comment')
    .set({ text, edited_at: formatInstant(now) })
    .where('comment_id', '=', id)
    .execute()
}

export interface Settling {
  readonly isResolved: boolean
  readonly outcome: 'made' | 'withdrawn' | null
  readonly by: Actor
  readonly now: Instant
}

/** Of whoever settles it at the same moment the first counts. @returns whether it was otherwise before */
export async function settleThread(
  client: Querying,
  id: string,
  { isResolved, outcome, by, now }: Settling,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `update comment set resolved_at = case when $2 then to_timestamp($3 / 1000.0) end, resolved_by = case when $2 then $4 end,
       outcome = case when $2 and is_request then $5 end
     where comment_id = $1 and (resolved_at is null) = $2`,
    [id, isResolved, now, by.name, outcome ?? 'made'],
  )
  return rowCount === 1
}

/** @returns false where somebody has answered */
export async function deleteComment(db: Db, id: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('comment')
    .where('comment_id', '=', id)
    .where((eb) =>
      eb.not(
        eb.exists(eb.selectFrom('comment as answer').select('answer.comment_id').where('answer.thread_id', '=', id)),
      ),
    )
    .executeTakeFirst()
  return numDeletedRows > 0n
}
