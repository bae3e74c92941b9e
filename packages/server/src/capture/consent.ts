/** What people allow, as consent managers write it into the context of every call. */
import { CONSENT_PURPOSE } from '@winnow/contract'
import { isMap } from './names.ts'
import { pointerStep, type MessageFault } from './refusal.ts'
import type { Rules } from './rules.ts'
import type { SourceConsent } from '../consent/heard.ts'

const CATEGORIES_MAX = 50
const NAME_MAX = 200

interface Preferences {
  readonly words: SourceConsent['words']
  readonly faults: readonly MessageFault[]
}

/**
 * Of two categories that come to one purpose the no counts.
 * @param consent  `context.consent`
 */
export function readPreferences(consent: unknown, rules: Rules, pointer: string): Preferences {
  const preferences = isMap(consent) ? (consent['categoryPreferences'] ?? {}) : undefined
  if (!isMap(preferences)) return { words: [], faults: [fault(pointer, 'consent is `categoryPreferences`, an object')] }
  const at = `${pointer}/categoryPreferences`
  const entries = Object.entries(preferences)
  if (entries.length > CATEGORIES_MAX)
    return { words: [], faults: [fault(at, `there are at most ${CATEGORIES_MAX} categories`)] }
  const words = new Map<string, SourceConsent['words'][number]>()
  const faults: MessageFault[] = []
  for (const [category, isGiven] of entries) {
    const purpose = category.length <= NAME_MAX ? rules.purposeOf(category) : ''
    if (typeof isGiven !== 'boolean' || !CONSENT_PURPOSE.test(purpose))
      faults.push(
        fault(at + pointerStep(category.slice(0, NAME_MAX)), 'a category is true or false, under a name in letters'),
      )
    else if (words.get(purpose)?.isGiven !== false) words.set(purpose, { purpose, isGiven, category })
  }
  return { words: [...words.values()], faults }
}

const fault = (at: string, message: string): MessageFault => ({ at, code: 'consent_unsupported', message })
