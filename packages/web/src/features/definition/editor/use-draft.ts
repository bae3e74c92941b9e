/** The text of a draft while somebody edits it: what is typed, what is saved, and who else saved meanwhile. */
import { useMutation } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import { ApiError, send, type Reply } from '../../../app/api.ts'
import { queries } from '../../../app/queries.ts'
import { draftsQuery, type Draft } from '../queries.ts'

type Saved = Reply<'definitions', 'saveDraft'>

export interface Conflict {
  /** The text that both began with. */
  readonly base: string
  readonly theirs: Draft
}

export interface Editing {
  readonly text: string
  readonly name: string
  /** The revision that the server has of what was last saved here. */
  readonly saved: Draft
  readonly state: 'saved' | 'waiting' | 'saving' | 'refused' | 'conflict'
  readonly error: Error | null
  readonly conflict: Conflict | undefined
  /** How many signatures were taken back, where the last save withdrew what was proposed. */
  readonly withdrew: number | undefined
  readonly canUndo: boolean
  readonly canRedo: boolean
  readonly change: (text: string, how?: { readonly isTyped?: boolean }) => void
  readonly rename: (name: string) => void
  readonly undo: () => void
  readonly redo: () => void
  /** @returns the draft as it is saved now; undefined where that did not work */
  readonly saveNow: () => Promise<Draft | undefined>
  /** Goes on from what somebody else saved, with the text that both came to. */
  readonly settle: (text: string) => void
}

const SAVE_AFTER_MS = 1_200
/** Letters typed within this time are undone together. */
const TYPED_TOGETHER_MS = 800
const PAST_MAX = 200

export function useDraft(draft: Draft, mayWrite: boolean): Editing {
  const [text, setText] = useState(draft.text)
  const [name, setName] = useState(draft.name)
  const [saved, setSaved] = useState(draft)
  const [withdrew, setWithdrew] = useState<number>()
  const [conflict, setConflict] = useState<Conflict>()
  const [past, setPast] = useState<readonly string[]>([])
  const [future, setFuture] = useState<readonly string[]>([])
  const typedAt = useRef(-Infinity)
  const isDirty = text !== saved.text || name !== saved.name
  const saving = useMutation<Saved, Error, { text: string; name: string; revision: number }>({
    mutationFn: (body) => send('definitions', 'saveDraft', { params: { draft: draft.id }, body }),
    onSuccess: ({ withdrew: ended, ...next }) => {
      setSaved(next)
      if (ended !== null) {
        setWithdrew(ended.signatures)
        void queries.invalidateQueries({ queryKey: ['proposals'] })
      }
      queries.setQueryData(['definitions', 'getDraft', { params: { draft: draft.id } }], next)
      void queries.invalidateQueries({ queryKey: draftsQuery().queryKey })
      void queries.invalidateQueries({ queryKey: ['definitions', 'diffDefinitions'] })
    },
    onError: (error) => {
      const theirs = theirsOf(error)
      if (theirs) setConflict({ base: saved.text, theirs })
    },
  })
  const { mutateAsync, isPending, error, reset } = saving

  const change = useCallback<Editing['change']>(
    (next, { isTyped = false } = {}) => {
      if (next === text) return
      const now = performance.now()
      if (!isTyped || now - typedAt.current > TYPED_TOGETHER_MS) setPast([...past, text].slice(-PAST_MAX))
      typedAt.current = isTyped ? now : -Infinity
      setFuture([])
      setText(next)
      reset()
    },
    [text, past, reset],
  )
  const saveNow = useCallback(async () => {
    if (!isDirty) return saved
    return mutateAsync({ text, name, revision: saved.revision }).catch(() => undefined)
  }, [isDirty, saved, mutateAsync, text, name])

  const undo = useCallback(() => {
    const before = past.at(-1)
    if (before === undefined) return
    setPast(past.slice(0, -1))
    setFuture([...future, text])
    setText(before)
  }, [past, future, text])
  const redo = useCallback(() => {
    const next = future.at(-1)
    if (next === undefined) return
    setFuture(future.slice(0, -1))
    setPast([...past, text])
    setText(next)
  }, [past, future, text])

  // What was refused is tried again with the next change, or by hand.
  const waits = mayWrite && isDirty && !isPending && conflict === undefined && error === null && text !== ''
  useEffect(() => {
    if (!waits) return
    const timer = setTimeout(() => void saveNow(), SAVE_AFTER_MS)
    return () => clearTimeout(timer)
  }, [waits, saveNow])
  useLeavingGuard(mayWrite && isDirty)

  return {
    text,
    name,
    saved,
    conflict,
    error,
    withdrew,
    state: conflict ? 'conflict' : isPending ? 'saving' : error ? 'refused' : isDirty ? 'waiting' : 'saved',
    canUndo: past.length > 0,
    canRedo: future.length > 0,
    change,
    rename: setName,
    undo,
    redo,
    saveNow,
    settle: (settled) => {
      if (conflict === undefined) return
      setPast([...past, text])
      setSaved(conflict.theirs)
      setConflict(undefined)
      setText(settled)
      reset()
    },
  }
}

function theirsOf(error: unknown): Draft | undefined {
  if (!(error instanceof ApiError) || error.code !== 'conflict') return undefined
  return (error.details as { readonly theirs?: Draft } | undefined)?.theirs
}

/** The browser asks before it throws away what is not saved yet. */
function useLeavingGuard(isDirty: boolean): void {
  useEffect(() => {
    if (!isDirty) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    addEventListener('beforeunload', ask)
    return () => removeEventListener('beforeunload', ask)
  }, [isDirty])
}
