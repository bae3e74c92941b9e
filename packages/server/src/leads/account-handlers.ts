import { orNull, toInstantText, type accounts } from '@winnow/contract'
import type { FactValue } from '@winnow/engine'
import type { HandlersOf } from '../http/handler.ts'
import {
  accountIdOf,
  accountMergesOf,
  accountNames,
  accountParts,
  listAccounts,
  requireAccount,
  stagesOf,
  type AccountPlace,
  type AccountRow,
} from './accounts.ts'
import type { LeadParts } from './handlers.ts'
import { ServerError } from '../errors.ts'
import { accountSayings, intakeOf, isRepeat, requireTaken, type Wish } from './intake-of.ts'
import { unmergeAccount } from './unmerge-account.ts'
import { listLeads, placeOf, type Place } from './lead-list.ts'
import { listedReply, writable } from './replies.ts'
import type { AccountName } from '../live/intake.ts'

export function accountHandlers({ db, taking, intake, cursors }: LeadParts): HandlersOf<typeof accounts> {
  const accountReply = async (id: string) => {
    const row = await requireAccount(db, id)
    const stages = await stagesOf(db, row.account_id)
    const parts = await accountParts(db, row.account_id)
    const times = Object.entries(row.attribute_times).filter(([name]) => name in row.attributes)
    return {
      ...listed(row),
      names: await accountNames(db, parts),
      attributeTimes: Object.fromEntries(times.map(([name, [at]]) => [name, toInstantText(at)])),
      mergedFrom: parts.slice(1),
      leads: stages.reduce((sum, { count }) => sum + count, 0),
      stages: Object.fromEntries(stages.flatMap(({ stage, count }) => (stage === null ? [] : [[stage, count]]))),
    }
  }
  const say = async (wish: Wish, account: AccountName, attributes: Readonly<Record<string, FactValue>>) => {
    const [taken] = await intake.take([intakeOf(wish, { names: [], says: accountSayings(account, attributes) })])
    requireTaken(taken!)
  }

  return {
    listAccounts: async ({ query: { q, cursor, limit } }) => {
      const list = JSON.stringify(['accounts', q ?? null])
      const after = cursor === undefined ? undefined : (cursors.open(list, cursor) as AccountPlace)
      const rows = await listAccounts(db, { q, after, limit: limit + 1 })
      const items = rows.slice(0, limit)
      const last = items.at(-1)
      return {
        items: items.map(listed),
        ...(rows.length > limit && { next: cursors.seal(list, [last!.created_at, last!.account_id]) }),
      }
    },

    createAccount: async ({ body, actor, now, request, note }) => {
      const { id, at, name, attributes } = body
      const account = { ...name, value: name.kind === 'domain' ? name.value.toLowerCase() : name.value }
      const header = request.headers['idempotency-key']
      await say({ actor, now, id, at, header, wish: ['account', body] }, account, attributes)
      const accountId = await accountIdOf(db, account)
      note({ account: accountId })
      return accountReply(accountId)
    },

    getAccount: ({ params }) => accountReply(params.account),

    changeAccount: async ({ params, body, actor, now, request }) => {
      await requireAccount(db, params.account)
      const { id, at, attributes } = body
      const header = request.headers['idempotency-key']
      const wish = { actor, now, id, at, header, wish: ['change_account', params, body] }
      await say(wish, { kind: 'account', value: params.account }, attributes)
      return accountReply(params.account)
    },

    mergeAccounts: async ({ params, body: { id, other, because }, actor, now, request, note }) => {
      const [account, part] = [await requireAccount(db, params.account), await requireAccount(db, other, '/other')]
      const header = request.headers['idempotency-key']
      const wish = { actor, now, id, header, wish: ['merge_accounts', params, other] }
      // A repeat of what has been done finds them one.
      if (account.account_id === part.account_id && !(await isRepeat(db, wish)))
        throw new ServerError('conflict', 'these two are one account already', { at: '/other' })
      const named = (value: string) => ({ kind: 'account', value }) as const
      const [taken] = await intake.take([
        intakeOf(wish, {
          names: [],
          says: [],
          accountsAreOne: {
            account: named(params.account),
            other: named(other),
            because: because ?? 'somebody said so',
            by: actor?.name ?? '',
          },
        }),
      ])
      requireTaken(taken!)
      note({ otherAccount: other })
      return accountReply(params.account)
    },

    unmergeAccount: async ({ params, actor }) => {
      await unmergeAccount(taking, params.account, actor?.name ?? '')
      return accountReply(params.account)
    },

    listAccountMerges: async ({ params }) => {
      const { account_id } = await requireAccount(db, params.account)
      const merges = await accountMergesOf(db, [...(await accountParts(db, account_id)), params.account])
      return {
        items: merges.map((merge) => ({
          account: merge.account_id,
          name: merge.name,
          into: merge.into_account_id,
          intoName: merge.into_name,
          at: toInstantText(merge.merged_at),
          because: merge.because,
          by: merge.merged_by,
          undoneAt: orNull(merge.undone_at),
          undoneBy: merge.undone_by,
        })),
      }
    },

    listAccountLeads: async ({ params, query: { cursor, limit } }) => {
      const { account_id } = await requireAccount(db, params.account)
      const list = JSON.stringify(['account leads', account_id])
      const sorting = { by: 'createdAt' } as const
      const after = cursor === undefined ? undefined : (cursors.open(list, cursor) as Place)
      const filter = { account: account_id, excluded: 'with' } as const
      const rows = await listLeads(db, filter, { sorting, after, limit: limit + 1 })
      const items = rows.slice(0, limit)
      return {
        items: items.map(listedReply),
        ...(rows.length > limit && { next: cursors.seal(list, placeOf(items.at(-1)!, sorting)) }),
      }
    },
  }
}

const listed = (row: AccountRow) => ({
  id: row.account_id,
  name: row.name,
  attributes: writable(row.attributes),
  createdAt: toInstantText(row.created_at),
})
