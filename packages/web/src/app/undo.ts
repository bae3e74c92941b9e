/** What was done and can be taken back for ten seconds. Decisions stay for ever once they are sent, so they wait here first. */
import { notifications } from '@mantine/notifications'
import { createElement } from 'react'
import { UndoNote } from '../ui/undo-note.tsx'
import { ApiError } from './api.ts'

const UNDO_MS = 10_000

interface Undoable {
  readonly message: string
  /** Sends it when nobody has taken it back; as something that goes on when the page is left. Absent where all has been done already. */
  readonly commit?: () => Promise<unknown>
  /** Puts things back as they were, also where `commit` was refused. */
  readonly undo: () => void | Promise<unknown>
  /** When somebody has taken it back, and it is as it was. */
  readonly undone?: () => void
}

interface Entry extends Undoable {
  readonly id: string
  readonly timer: ReturnType<typeof setTimeout>
}

const entries: Entry[] = []
let count = 0

/** Says what was done and offers to take it back; sends it when that offer has passed. */
export function offerUndo(undoable: Undoable): void {
  const id = `undo-${++count}`
  const timer = setTimeout(() => void commit(id), UNDO_MS)
  entries.push({ ...undoable, id, timer })
  notifications.show({
    id,
    message: createElement(UndoNote, { message: undoable.message, undo: () => takeBack(id) }),
    autoClose: UNDO_MS,
    withCloseButton: false,
  })
}

/** Takes the latest back. */
export function undoLatest(): void {
  const latest = entries.at(-1)
  if (latest !== undefined) takeBack(latest.id)
}

/** Sends all that waits: whoever goes on to another screen, or leaves, has made up their mind. */
export function commitAll(): void {
  for (const id of entries.map((entry) => entry.id)) void commit(id)
}
addEventListener('pagehide', commitAll)

function takeBack(id: string): void {
  const entry = close(id)
  void Promise.resolve(entry?.undo())
    .then(() => entry?.undone?.())
    .catch(showRefusal)
}

async function commit(id: string): Promise<void> {
  const entry = close(id)
  await entry?.commit?.().catch((error: unknown) => {
    void entry.undo()
    showRefusal(error)
  })
}

function close(id: string): Entry | undefined {
  const index = entries.findIndex((entry) => entry.id === id)
  if (index < 0) return undefined
  const [entry] = entries.splice(index, 1)
  clearTimeout(entry!.timer)
  notifications.hide(id)
  return entry
}

/** A refusal of something that was done in passing, in the server's own words. */
export function showRefusal(error: unknown): void {
  const { message, hint } = error instanceof ApiError ? error : { message: String(error), hint: undefined }
  notifications.show({ color: 'red', title: message, message: hint, autoClose: 12_000 })
}
