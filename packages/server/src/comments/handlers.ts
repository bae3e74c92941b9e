import { orNull, toInstantText, type comments } from '@winnow/contract'
import type { Instant } from '@winnow/engine'
import type pg from 'pg'
import { queryingIn, type Db } from '../db/database.ts'
import { requireDraft } from '../definitions/versions.ts'
import { ServerError } from '../errors.ts'
import type { Actor } from '../http/actor.ts'
import type { HandlersOf } from '../http/handler.ts'
import { invalid } from '../leads/intake-of.ts'
import { isOpen } from '../proposals/agreement.ts'
import { lockProposal, openProposalOf, tell, unschedule } from '../proposals/store.ts'
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
  /** Told after a transaction that may have written into the outbox. */
  readonly changed?: () => void
}

export function commentHandlers({ db, newId, changed = () => {} }: CommentParts): HandlersOf<typeof comments> {
  return {
    listComments: async ({ query: { draft, path, resolved }, actor }) => ({
      items: (await listComments(db, { draft, path, resolved })).map((row) => commentReply(row, actor)),
    }),
    addComment: async ({ body, actor, now, note }) => {
      const place = 'thread' in body ? await placeOfThread(db, body.thread) : await placeOf(db, body)
      const isRequest = 'isRequest' in body && body.isRequest
      const row = await db.transaction().execute(async (tx) => {
        await tellOfComment(queryingIn(tx), place.draft, { kind: isRequest ? 'requested' : 'said', actor: actor!, now })
        return addComment(tx, { id: newId(), ...place, text: body.text, isRequest, by: actor!, now })
      })
      changed()
      note({ comment: row.comment_id })
      return commentReply(row, actor)
    },
    changeComment: async ({ params, body: { text, isResolved, outcome }, actor, now }) => {
      const row = await requireComment(db, params.comment)
      if (text !== undefined) requireOwn(row, actor)
      if (isResolved !== undefined && row.thread_id !== null)
        throw invalid('/isResolved', 'a thread is settled at its first comment')
      if (outcome !== undefined && !(isResolved && row.is_request))
        throw invalid('/outcome', 'only a requested change that is settled has an outcome')
      if (outcome === 'withdrawn') requireOwn(row, actor)
      if (text !== undefined) await changeText(db, row.comment_id, text, now)
      if (isResolved !== undefined) {
        await db.transaction().execute(async (tx) => {
          const client = queryingIn(tx)
          const kind = isResolved ? 'settled' : row.is_request ? 'requested' : 'said'
          const settling = { isResolved, outcome: outcome ?? null, by: actor!, now }
          // Opened again it is requested again, and what is live already goes on without it.
          if (await settleThread(client, row.comment_id, settling))
            await tellOfComment(client, row.draft_id, { kind, actor: actor!, now, isReopened: !isResolved })
        })
        changed()
      }
      return commentReply(await requireComment(db, params.comment), actor)
    },
    deleteComment: async ({ params, actor }) => {
      const row = await requireComment(db, params.comment)
      requireOwn(row, actor)
      if (row.is_request && row.resolved_at === null)
        throw new ServerError('conflict', 'a requested change is withdrawn rather than deleted', {
          at: 'params.comment',
        })
      if (!(await deleteComment(db, params.comment)))
        throw new ServerError('conflict', 'somebody has answered it: settle the thread instead', {
          at: 'params.comment',
        })
      return null
    },
  }
}

interface Saying {
  readonly kind: 'requested' | 'said' | 'settled'
  readonly actor: Actor
  readonly now: Instant
  readonly isReopened?: boolean
}

/**
 * Tells those who have a part in what is proposed of the draft. A requested change takes it off its time.
 * @throws ServerError `conflict` where a change is requested of what nobody proposes
 */
async function tellOfComment(
  client: Pick<pg.Pool, 'query'>,
  draft: string | null,
  { kind, actor, now, isReopened = false }: Saying,
): Promise<void> {
  const proposal = draft === null ? undefined : await openProposalOf(client, draft)
  const by = { id: actor.id, name: actor.name }
  const isProposed = proposal !== undefined && (kind !== 'requested' || isOpen(await lockProposal(client, proposal)))
  if (!isProposed) {
    if (kind !== 'requested' || isReopened) return
    throw new ServerError('conflict', 'changes are requested of a draft that is proposed')
  }
  if (kind === 'requested') {
    if (await unschedule(client, proposal)) await tell(client, { proposal, kind: 'unscheduled', by, now })
  }
  await tell(client, { proposal, kind, by, now })
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
  isRequest: row.is_request,
  outcome: row.outcome,
})
