import { toInstantText, type ReplyOf, type retention } from '@winnow/contract'
import type { Instant } from '@winnow/engine'
import type pg from 'pg'
import { ServerError } from '../errors.ts'
import type { HandlersOf } from '../http/handler.ts'
import { readHorizon } from '../live/log.ts'
import { horizonOf } from './forget.ts'
import { countBefore, listForgettings, readMonths, writeMonths } from './store.ts'

export function retentionHandlers({ pool }: { readonly pool: pg.Pool }): HandlersOf<typeof retention> {
  return {
    getRetention: () => readRetention(pool),
    previewRetention: ({ query: { months }, now }) => preview(pool, now, months),
    putRetention: async ({ body: { months, before }, now, note }) => {
      const would = months === null ? undefined : await preview(pool, now, months)
      if (would !== undefined && would.activities > 0 && Date.parse(would.before) !== before)
        throw new ServerError('conflict', 'there is something to forget: say in `before` that it may go', {
          at: '/before',
          details: would,
        })
      await writeMonths(pool, months)
      note({ months: months ?? 'off' })
      return readRetention(pool)
    },
  }
}

async function preview(pool: pg.Pool, now: Instant, months: number) {
  const before = Math.max(await readHorizon(pool), horizonOf(now, months))
  return { before: toInstantText(before), ...(await countBefore(pool, before)) }
}

async function readRetention(pool: pg.Pool): Promise<ReplyOf<(typeof retention)['getRetention']>> {
  const [months, forgettings] = [await readMonths(pool), await listForgettings(pool)]
  const horizon = forgettings[0]?.before
  return {
    months,
    forgottenBefore: horizon === undefined ? null : toInstantText(horizon),
    forgettings: forgettings.map(({ at, before, ...rest }) => ({
      at: toInstantText(at),
      before: toInstantText(before),
      ...rest,
    })),
  }
}
