/** What can be said of rates that stand beside one another, and no more. Pure. */
import type { ScoreBands } from '@winnow/engine'

/**
 * `rises`: the highest band with anybody in it surely lies above the lowest, and none surely lies under an earlier one.
 * `mixed`: one does. `unclear`: the intervals leave it open.
 */
export function trendOf(bands: ScoreBands['bands']): 'rises' | 'mixed' | 'unclear' {
  const known = bands.flatMap(({ won: { low, high } }) => (low === null || high === null ? [] : [{ low, high }]))
  const falls = known.some(({ high }, at) => known.slice(0, at).some(({ low }) => high < low))
  if (falls) return 'mixed'
  const [first, last] = [known[0], known.at(-1)]
  return first !== undefined && last !== undefined && last.low > first.high ? 'rises' : 'unclear'
}
