import { orNull, toInstantText, type comments } from '@winnow/contract'
import type { Db } from '../db/database.ts'
import { requireDraft } from '../definitions/versions.ts'
import { ServerError } from '../errors.ts'
import type { Actor } from '../http/actor.ts'
import type { HandlersOf } from '../http/handler.ts'
import { invalid } from '../leads/intake-of.ts'
import {
  addComment,
  changeText,
  deleteComment,
  listComments,
  requireComment,
  settleThread,
  type CommentRow,
} from './store.ts'

export interface CommentParts {
  readonly db: Db
  readonly newId: () => string
}

export function commentHandlers({ db, newId }: CommentParts): HandlersOf<typeof comments> {
  return {
    listComments: async ({ query: { draft, path, resolved }, actor }) => ({
      items: (await listComments(db, { draft, path, resolved })).map((row) => commentReply(row, actor)),
    }),
    addComment: async ({ body, actor, now, note }) => {
      const place = 'thread' in body ? await placeOfThread(db, body.thread) : await placeOf(db, body)
      const row = await addComment(db, { id: newId(), ...place, text: body.text, by: actor!, now })
      note({ comment: row.comment_id })
      return commentReply(row, actor)
    },
    changeComment: async ({ params, body: { text, isResolved }, actor, now }) => {
      const row = await requireComment(db, params.comment)
      if (text !== undefined) requireOwn(row, actor)
      if (isResolved !== undefined && row.thread_id !== null)
        throw invalid('/isResolved', 'a thread is settled at its first comment')
      if (text !== undefined) await changeText(db, row.comment_id, text, now)
      if (isResolved !== undefined) await settleThread(db, row.comment_id, { isResolved, by: actor!, now })
      return commentReply(await requireComment(db, params.comment), actor)
    },
    deleteComment: async ({ params, actor }) => {
      requireOwn(await requireComment(db, params.comment), actor)
      if (!(await deleteComment(db, params.comment)))
        throw new ServerError('conflict', 'somebody has answered it: settle the thread instead', {
          at: 'params.comment',
        })
      return null
    },
  }
}

interface Place {
  readonly thread: string | null
  readonly draft: string | null
  readonly path: string
}

async function placeOfThread(db: Db, id: string): Promise<Place> {
  const first = await requireComment(db, id, '/thread')
  return { thread: first.thread_id ?? first.comment_id, draft: first.draft_id, path: first.path }
}

async function placeOf(db: Db, { path, draft }: { path: string; draft?: string | undefined }): Promise<Place> {
  if (draft !== undefined) await requireDraft(db, draft)
  return { thread: null, draft: draft ?? null, path }
}

function requireOwn({ actor_id }: CommentRow, actor: Actor | undefined): void {
  if (actor_id !== actor?.id) throw new ServerError('forbidden', 'somebody else has written this')
}

const commentReply = (row: CommentRow, actor: Actor | undefined) => ({
  id: row.comment_id,
  thread: row.thread_id ?? row.comment_id,
  draft: row.draft_id,
  path: row.path,
  text: row.text,
  at: toInstantText(row.at),
  editedAt: orNull(row.edited_at),
  by: { id: row.actor_id, name: row.actor_name },
  isMine: row.actor_id === actor?.id,
  resolvedAt: orNull(row.resolved_at),
  resolvedBy: row.resolved_by,
})
