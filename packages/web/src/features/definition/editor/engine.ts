/** The worker with the engine in it, for as long as an editor is open. */
import { createContext, useContext, useEffect, useState } from 'react'
import { startEngine, type Engine } from './lasting-worker.ts'
import type { Checked, Effect, Patch } from './protocol.ts'

interface StartedEngine {
  readonly engine: Engine | undefined
  /** It does not start: nothing is checked, and the draft is saved as ever. */
  readonly isGone: boolean
  readonly startAgain: () => void
}

export function useEngine(): StartedEngine {
  const [engine, setEngine] = useState<Engine>()
  const [isGone, setIsGone] = useState(false)
  const [wish, setWish] = useState(0)
  useEffect(() => {
    // A worker is begun and ended with the screen: it is a thing outside of React.
    const started = startEngine({
      make: () => new Worker(new URL('./engine.worker.ts', import.meta.url), { type: 'module' }),
      giveUp: () => setIsGone(true),
    })
    // oxlint-disable-next-line react/set-state-in-effect
    setEngine(started)
    return started.close
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- whoever wishes it gets another one
  }, [wish])
  const startAgain = () => {
    setIsGone(false)
    setWish((before) => before + 1)
  }
  return { engine, isGone, startAgain }
}

/** Of an engine that has ended; whoever shows the editor says so. */
export const unanswered = (): void => {}

export const EngineContext = createContext<Engine | undefined>(undefined)
export const useStartedEngine = () => useContext(EngineContext)

const CHECK_AFTER_MS = 120

export interface CheckedText {
  readonly text: string
  readonly checked: Checked
}

/** What the engine says of the text, a moment after the last letter. */
export function useChecked(
  engine: Engine | undefined,
  text: string,
  live: string | undefined,
): CheckedText | undefined {
  const [result, setResult] = useState<CheckedText>()
  useEffect(() => {
    if (engine === undefined) return
    let isOutdated = false
    const timer = setTimeout(
      () =>
        void engine
          .ask<'check'>({ ask: 'check', text, live })
          .then((checked) => !isOutdated && setResult({ text, checked }), unanswered),
      CHECK_AFTER_MS,
    )
    return () => {
      isOutdated = true
      clearTimeout(timer)
    }
  }, [engine, text, live])
  return result
}

const EFFECT_AFTER_MS = 40

/** What the text, or a slider that is being dragged, would do to the sample. Keeps the last answer while the next is made. */
export function useEffectOnSample(
  engine: Engine | undefined,
  { text, patch, isReady }: { readonly text: string; readonly patch: Patch | undefined; readonly isReady: boolean },
): Effect | undefined {
  const [effect, setEffect] = useState<Effect>()
  useEffect(() => {
    if (engine === undefined || !isReady) return
    let isOutdated = false
    const timer = setTimeout(
      () =>
        void engine
          .ask<'effect'>({ ask: 'effect', text, patch })
          .then((answer) => !isOutdated && answer !== undefined && setEffect(answer), unanswered),
      EFFECT_AFTER_MS,
    )
    return () => {
      isOutdated = true
      clearTimeout(timer)
    }
  }, [engine, text, patch, isReady])
  return effect
}
