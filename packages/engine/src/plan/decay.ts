import type { Decay } from '../definition/language.ts'
import { parseDuration } from '../time.ts'
import { exp2 } from './exp2.ts'

/** How an occurrence fades with its age. All durations in ms. */
export type DecayPlan =
  | { readonly kind: 'none' }
  | { readonly kind: 'half_life'; readonly halfLifeMs: number }
  | { readonly kind: 'linear'; readonly afterMs: number; readonly overMs: number }
  | { readonly kind: 'steps'; readonly everyMs: number; readonly losePercent: number }
  | { readonly kind: 'expires'; readonly lifeMs: number }

/** The nearest decay wins; `none` is one too. */
export function compileDecay(...nearestFirst: readonly (Decay | undefined)[]): DecayPlan {
  const decay = nearestFirst.find((each) => each !== undefined)
  if (decay === undefined || decay === 'none') return { kind: 'none' }
  if ('half_life' in decay) return { kind: 'half_life', halfLifeMs: parseDuration(decay.half_life) }
  if ('linear' in decay) {
    const { after, over } = decay.linear
    return { kind: 'linear', afterMs: after === undefined ? 0 : parseDuration(after), overMs: parseDuration(over) }
  }
  if ('steps' in decay) {
    return {
      kind: 'steps',
      everyMs: parseDuration(decay.steps.every),
      losePercent: Number.parseFloat(decay.steps.lose),
    }
  }
  return { kind: 'expires', lifeMs: parseDuration(decay.expires) }
}

/** Share of its points that an occurrence of this age is still worth: in [0, 1], never rising with age. */
export function weightAt(decay: DecayPlan, ageMs: number): number {
  switch (decay.kind) {
    case 'none':
      return 1
    case 'half_life':
      return exp2(-ageMs / decay.halfLifeMs)
    case 'linear':
      if (ageMs <= decay.afterMs) return 1
      return Math.max(0, 1 - (ageMs - decay.afterMs) / decay.overMs)
    case 'steps':
      return Math.max(0, 1 - (decay.losePercent / 100) * Math.floor(ageMs / decay.everyMs))
    case 'expires':
      return ageMs < decay.lifeMs ? 1 : 0
  }
}

/** Age from which an occurrence is worth nothing for certain; infinite for none and half-lives. */
export function lifeOf(decay: DecayPlan): number {
  switch (decay.kind) {
    case 'none':
    case 'half_life':
      return Infinity
    case 'linear':
      return decay.afterMs + decay.overMs
    case 'steps':
      return decay.everyMs * Math.ceil(100 / decay.losePercent)
    case 'expires':
      return decay.lifeMs
  }
}
