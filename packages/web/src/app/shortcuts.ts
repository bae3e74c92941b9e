/** Keys: `g` and a letter goes somewhere, `?` shows all that can be pressed. Screens tell of theirs with `useKeys`. */
import { type HotkeyItem, useHotkeys } from '@mantine/hooks'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useSyncExternalStore } from 'react'
import type { Place } from './shell.tsx'

export interface Key {
  /** As Mantine's `useHotkeys` writes it: `J`, `shift+A`. */
  readonly key: string
  readonly does: string
  /** None where the browser does it already: Enter on a link that has the focus. */
  readonly run?: () => void
}

const NONE: readonly Key[] = []
let shown = NONE
const watchers = new Set<() => void>()
const show = (keys: readonly Key[]) => {
  shown = keys
  for (const watcher of watchers) watcher()
}
const watch = (watcher: () => void) => {
  watchers.add(watcher)
  return () => void watchers.delete(watcher)
}

/**
 * Keys of a screen, at work and on the sheet while it is there. They rest while something is being typed.
 * @param keys  the same array until they change (`useMemo`)
 */
export function useKeys(keys: readonly Key[]): void {
  useHotkeys(keys.flatMap(({ key, run }): HotkeyItem[] => (run ? [[key, run]] : [])))
  useEffect(() => {
    show(keys)
    return () => show(NONE)
  }, [keys])
}

/** Keys of the screen that is shown. */
export const useShownKeys = (): readonly Key[] => useSyncExternalStore(watch, () => shown)

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
const SECOND_KEY_MS = 1200

/** `g` and then the letter of a place. */
export function useGoTo(places: readonly Place[]): void {
  const navigate = useNavigate()
  const startedAt = useRef(-Infinity)
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (isTyping(event.target) || event.metaKey || event.ctrlKey || event.altKey) return
      if (event.key === 'g') startedAt.current = event.timeStamp
      else if (event.timeStamp - startedAt.current < SECOND_KEY_MS) {
        startedAt.current = -Infinity
        const place = places.find(({ key }) => key === event.key)
        if (place === undefined) return
        event.preventDefault()
        event.stopPropagation()
        void navigate({ to: place.to })
      }
    }
    document.addEventListener('keydown', press, { capture: true })
    return () => document.removeEventListener('keydown', press, { capture: true })
  }, [places, navigate])
}
