/** How often one caller may do something: token buckets, in the memory of this server, for a bounded number of callers. */
import type { Instant } from '@winnow/engine'
import type { Rate, Rates } from '../config.ts'

export type Limited = keyof Rates

export interface Limits {
  /** @returns seconds to wait, where there is nothing left; nothing is taken then */
  readonly take: (what: Limited, caller: string) => number | undefined
  /** For what turned out not to count. */
  readonly giveBack: (what: Limited, caller: string) => void
}

interface Bucket {
  tokens: number
  at: Instant
}

/** About 2 MB for each class. The caller that has been quiet for longest is forgotten first: its bucket is likely full. */
const CALLERS_MAX = 20_000

export function createLimits(rates: Rates, now: () => Instant, callersMax = CALLERS_MAX): Limits {
  const buckets: Record<Limited, Map<string, Bucket>> = {
    read: new Map(),
    write: new Map(),
    capture: new Map(),
    sign_in: new Map(),
    account: new Map(),
  }
  /** The bucket as it is now, moved to the end of the row of those that may be forgotten. */
  const refilled = (what: Limited, caller: string): Bucket => {
    const { tokens, periodMs }: Rate = rates[what]
    const all = buckets[what]
    const at = now()
    const bucket = all.get(caller) ?? { tokens, at }
    bucket.tokens = Math.min(tokens, bucket.tokens + (Math.max(0, at - bucket.at) * tokens) / periodMs)
    bucket.at = at
    all.delete(caller)
    all.set(caller, bucket)
    if (all.size > callersMax) all.delete(all.keys().next().value!)
    return bucket
  }
  return {
    take: (what, caller) => {
      const bucket = refilled(what, caller)
      if (bucket.tokens < 1) return ((1 - bucket.tokens) * rates[what].periodMs) / rates[what].tokens / 1000
      bucket.tokens--
      return undefined
    },
    giveBack: (what, caller) => {
      const bucket = refilled(what, caller)
      bucket.tokens = Math.min(rates[what].tokens, bucket.tokens + 1)
    },
  }
}

/** Addresses of one household or server are one caller: the first 64 bits of IPv6. */
export function callerAt(address: string): string {
  if (!address.includes(':') || address.startsWith('::ffff:')) return address
  const [head = '', tail] = address.split('%')[0]!.split('::')
  const first = head.split(':').filter((part) => part !== '')
  const last = tail === undefined ? [] : tail.split(':').filter((part) => part !== '')
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - first.length - last.length)
  return [...first, ...Array<string>(zeros).fill('0'), ...last].slice(0, 4).join(':')
}
