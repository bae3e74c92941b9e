import { toInstantText, type accounts } from '@winnow/contract'
import type { FactValue } from '@winnow/engine'
import type { HandlersOf } from '../http/handler.ts'
import {
  accountIdOf,
  accountNames,
  listAccounts,
  requireAccount,
  stagesOf,
  type AccountPlace,
  type AccountRow,
} from './accounts.ts'
import type { LeadParts } from './handlers.ts'
import { accountSayings, intakeOf, requireTaken, type Wish } from './intake-of.ts'
import { listLeads, placeOf, type Place } from './lead-list.ts'
import { listedReply, writable } from './replies.ts'
import type { AccountName } from '../live/intake.ts'

export function accountHandlers({ db, intake, cursors }: LeadParts): HandlersOf<typeof accounts> {
  const accountReply = async (id: string) => {
    const row = await requireAccount(db, id)
    const stages = await stagesOf(db, id)
    return {
      ...listed(row),
      names: await accountNames(db, id),
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

    listAccountLeads: async ({ params, query: { cursor, limit } }) => {
      await requireAccount(db, params.account)
      const list = JSON.stringify(['account leads', params.account])
      const sorting = { by: 'createdAt' } as const
      const after = cursor === undefined ? undefined : (cursors.open(list, cursor) as Place)
      const filter = { account: params.account, excluded: 'with' } as const
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
