/** What can be done with a lead of the queue. Each shows at once; what stays for ever is sent when it can no longer be undone. */
import type { InputOf } from '../../app/api.ts'
import { ApiError, send } from '../../app/api.ts'
import { useDefinition } from '../../app/definition.ts'
import { useFormats } from '../../app/format.ts'
import { refreshLead } from '../../app/refresh.ts'
import { offerReversal, sendAllHeld, sendUnlessUndone, showRefusal } from '../../app/undo.ts'
import { notifications } from '@mantine/notifications'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { Queued } from './order.ts'
import { forwardOf, nameOf, stageBy } from './sayings.ts'
import type { Touch } from './use-queue.ts'

type Call = InputOf<'queue', 'addCall'>['body']
export type Outcome = Call['outcome']
export type Doing = ReturnType<typeof useDoing>

interface Screen {
  readonly touch: (lead: string, touch: Touch | undefined) => void
  readonly drop: (lead: string) => void
  /** Brings somebody who is back to the reader's eyes. */
  readonly select: (lead: string) => void
}

export function useDoing({ touch, drop, select }: Screen) {
  const { t } = useTranslation('queue')
  const words = useDefinition()
  const formats = useFormats()
  useEffect(() => () => sendAllHeld(), [])
  const said = (item: Queued) => nameOf(item, t('nobody'))
  const settle = async (lead: string) => {
    await refreshLead()
    touch(lead, undefined)
  }

  const settleGone = async (lead: string) => {
    await refreshLead()
    drop(lead)
  }

  /** Sent later: `touched` is how it looks meanwhile. */
  const later = (item: Queued, message: string, touched: Touch | undefined, body: () => Promise<unknown>) => {
    const { id } = item.lead
    touch(id, touched)
    sendUnlessUndone({
      message,
      send: async () => {
        await body()
        await (touched !== undefined && 'isHidden' in touched ? settleGone(id) : settle(id))
      },
      restore: () => touch(id, undefined),
      undone: () => select(id),
    })
  }

  const decide = (item: Queued, body: InputOf<'decisions', 'decide'>['body'], message: string) => {
    const id = crypto.randomUUID()
    const { decision } = body
    const stage = decision === 'reject' ? undefined : stageBy(decision, words)
    later(item, message, stage === undefined ? { isHidden: true } : { stage }, () =>
      send('decisions', 'decide', { params: { lead: item.lead.id }, body: { ...body, id } }, { keepalive: true }),
    )
  }

  /** Whether it is ours now; says who was faster where it is not. */
  const claim = async (item: Queued): Promise<boolean> => {
    const { id } = item.lead
    try {
      const reply = await send('queue', 'claimLead', { params: { lead: id } })
      touch(id, { claim: reply.claim })
      await settle(id)
      return true
    } catch (error) {
      const theirs = claimIn(error)
      if (theirs) {
        const { by, until } = theirs
        notifications.show({
          color: 'yellow',
          title: t('claim.conflict', { name: by.name }),
          message: t('claim.conflictHint', { at: formats.time(until) }),
        })
      } else showRefusal(error)
      await settle(id)
      return false
    }
  }

  const release = async ({ lead: { id } }: Queued) => {
    touch(id, { claim: null })
    await send('queue', 'releaseLead', { params: { lead: id } }).catch(showRefusal)
    await settle(id)
  }

  return {
    /** Accepts, qualifies or wins, whichever comes next; taken first, so that nobody else works on it. */
    forward: async (item: Queued) => {
      const decision = forwardOf(item.stage, words)
      if (decision === undefined) return
      if (!item.claim?.isMine && !(await claim(item))) return
      decide(item, { decision }, t(`done.${decision}`, { name: said(item) }))
    },
    reject: (item: Queued, reason: string) =>
      decide(item, { decision: 'reject', reason }, t('done.reject', { name: said(item), reason })),
    call: (item: Queued, body: Call) => {
      const id = crypto.randomUUID()
      const message = t('done.call', { name: said(item), outcome: t(`calls.${body.outcome}`) })
      later(item, message, body.callbackAt === undefined ? undefined : { isHidden: true }, () =>
        send('queue', 'addCall', { params: { lead: item.lead.id }, body: { ...body, id } }, { keepalive: true }),
      )
    },
    snooze: (item: Queued, until: number) => {
      const { id } = item.lead
      const at = new Date(until).toISOString()
      const params = { lead: id }
      touch(id, { isHidden: true })
      const sending = send('queue', 'snoozeLead', { params, body: { until: at } })
      sending.then(refreshLead, (error: unknown) => {
        touch(id, undefined)
        showRefusal(error)
      })
      const wake = async () => {
        await sending
        await send('queue', 'unsnoozeLead', { params })
        await settle(id)
        select(id)
      }
      // Its place is kept for as long as it may come back.
      const forget = () =>
        sending.then(
          () => drop(id),
          () => undefined,
        )
      offerReversal(t('done.snooze', { name: said(item), at: formats.dateTime(at) }), wake, forget)
    },
    unsnooze: async (item: Queued) => {
      const params = { lead: item.lead.id }
      touch(item.lead.id, { isHidden: true })
      await send('queue', 'unsnoozeLead', { params }).catch(showRefusal)
      await settleGone(item.lead.id)
      notifications.show({ message: t('done.unsnooze', { name: said(item) }) })
    },
    toggleClaim: async (item: Queued) => {
      if (item.claim?.isMine) {
        await release(item)
        notifications.show({ message: t('done.release', { name: said(item) }) })
      } else if (await claim(item)) {
        offerReversal(t('done.claim', { name: said(item) }), () => release(item))
      }
    },
  }
}

function claimIn(error: unknown): Queued['claim'] | undefined {
  if (!(error instanceof ApiError) || error.code !== 'conflict') return undefined
  return (error.details as { claim?: Queued['claim'] } | undefined)?.claim ?? undefined
}
