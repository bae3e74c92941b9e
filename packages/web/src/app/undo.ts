/**
 * Two ways to take something back, both offered for ten seconds by the same note, and by one key
 * where the screen has it (`undoLatest`):
 * - `offerReversal`: it has been done, and undoing does the opposite. For everything that has an opposite.
 * - `sendUnlessUndone`: it only looks done, and is sent when the offer has passed. For what stays for ever once it is
 *   sent, such as a decision, and for what is done so often that a mistake should leave no trace.
 */
import { notifications } from '@mantine/notifications'
import { createElement } from 'react'
import { UndoNote } from '../ui/undo-note.tsx'
import { ApiError } from './api.ts'

const UNDO_MS = 10_000

interface Held {
  readonly message: string
  /** Goes on when the page is left (`keepalive`). */
  readonly send: () => Promise<unknown>
  /** Shows things as they were: nothing was sent, or what was sent was refused. */
  readonly restore: () => void
  /** When somebody undid it, and it is as it was. */
  readonly undone?: () => void
}

interface Offer {
  readonly id: string
  readonly timer: ReturnType<typeof setTimeout>
  readonly takeBack: () => unknown
  /** When nobody has taken it back in time. */
  readonly lapse?: (() => unknown) | undefined
  readonly isHeld: boolean
}

const offers: Offer[] = []
let count = 0

/**
 * Says what has been done, and offers to do the opposite.
 * @param lapse  when it is done for good
 */
export function offerReversal(message: string, reverse: () => unknown, lapse?: () => unknown): void {
  offer(message, { takeBack: reverse, lapse, isHeld: false })
}

/** Says that it is done, and sends it when nobody has undone it. */
export function sendUnlessUndone({ message, send, restore, undone }: Held): void {
  const lapse = () =>
    send().catch((error: unknown) => {
      restore()
      showRefusal(error)
    })
  const takeBack = () => {
    restore()
    undone?.()
  }
  offer(message, { takeBack, lapse, isHeld: true })
}

/** Takes the latest back that can be. */
export function undoLatest(): void {
  const latest = offers.at(-1)
  if (latest !== undefined) takeBack(latest.id)
}

/** Sends all that is held: whoever goes on to another screen, or leaves, has made up their mind. */
export function sendAllHeld(): void {
  for (const { id } of offers.filter(({ isHeld }) => isHeld)) expire(id)
}
addEventListener('pagehide', sendAllHeld)

function offer(message: string, ways: Pick<Offer, 'takeBack' | 'lapse' | 'isHeld'>): void {
  const id = `undo-${++count}`
  offers.push({ ...ways, id, timer: setTimeout(() => expire(id), UNDO_MS) })
  notifications.show({
    id,
    message: createElement(UndoNote, { message, ms: UNDO_MS, undo: () => takeBack(id) }),
    // Its own clock would stand still under the pointer, while what is held goes out.
    autoClose: false,
    withCloseButton: false,
  })
}

function takeBack(id: string): void {
  const open = close(id)
  void (async () => open?.takeBack())().catch(showRefusal)
}

function expire(id: string): void {
  void close(id)?.lapse?.()
}

function close(id: string): Offer | undefined {
  const index = offers.findIndex((open) => open.id === id)
  if (index < 0) return undefined
  const [open] = offers.splice(index, 1)
  clearTimeout(open!.timer)
  notifications.hide(id)
  return open
}

/** A refusal of something that was done in passing, in the server's own words. */
export function showRefusal(error: unknown): void {
  const { message, hint } = error instanceof ApiError ? error : { message: String(error), hint: undefined }
  notifications.show({ color: 'red', title: message, message: hint, autoClose: 12_000 })
}
