/** The worker with the engine in it, for as long as an editor is open. */
import { createContext, useContext, useEffect, useState } from 'react'
import type { Answered, Answers, Asked, Checked, Effect, Patch, Question } from './protocol.ts'

export interface Engine {
  readonly ask: <Kind extends Question['ask']>(question: Extract<Question, { ask: Kind }>) => Promise<Answers[Kind]>
  readonly close: () => void
}

function startEngine(): Engine {
  const worker = new Worker(new URL('./engine.worker.ts', import.meta.url), { type: 'module' })
  const waiting = new Map<number, { resolve: (answer: never) => void; reject: (error: Error) => void }>()
  let next = 0
  worker.addEventListener('message', ({ data: { id, answer, error } }: MessageEvent<Answered>) => {
    const asked = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) asked?.resolve(answer as never)
    else asked?.reject(new Error(error))
  })
  return {
    ask: (question) =>
      new Promise((resolve, reject) => {
        const id = next++
        waiting.set(id, { resolve, reject })
        worker.postMessage({ ...question, id } satisfies Asked)
      }),
    close: () => worker.terminate(),
  }
}

export function useEngine(): Engine | undefined {
  const [engine, setEngine] = useState<Engine>()
  useEffect(() => {
    // A worker is begun and ended with the screen: it is a thing outside of React.
    const started = startEngine()
    // oxlint-disable-next-line react/set-state-in-effect
    setEngine(started)
    return started.close
  }, [])
  return engine
}

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
          .then((checked) => !isOutdated && setResult({ text, checked })),
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
          .then((answer) => !isOutdated && answer !== undefined && setEffect(answer)),
      EFFECT_AFTER_MS,
    )
    return () => {
      isOutdated = true
      clearTimeout(timer)
    }
  }, [engine, text, patch, isReady])
  return effect
}
