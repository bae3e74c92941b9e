/** A log as it is replayed: each fact once, in the total order. */
import { compareFacts, type Fact } from '../facts.ts'
import type { Instant } from '../time.ts'

/** Each fact once, in the total order, up to `until`. Of several with one id the first given counts. */
export function inOrder(facts: Iterable<Fact>, until: Instant): Fact[] {
  const given = Array.isArray(facts) ? (facts as readonly Fact[]) : [...facts]
  const isNew = given.length <= IDS_MAX ? newAmongFew() : newAmongMany()
  const kept: Fact[] = []
  let isOrdered = true
  for (let index = 0; index < given.length; index++) {
    const fact = given[index]
    if (!isNew(fact.id) || fact.at > until) continue
    isOrdered &&= kept.length === 0 || compareFacts(kept[kept.length - 1], fact) <= 0
    kept.push(fact)
  }
  return isOrdered ? kept : kept.sort(compareFacts)
}

type IsNew = (id: string) => boolean

function newAmongMany(): IsNew {
  const ids = new Set<string>()
  return (id) => {
    const known = ids.size
    return ids.add(id).size > known
  }
}

// A `Set` of texts that nobody has hashed before takes as long as everything else that replaying does: most logs are those of one
// lead, and short. The table is shared, for nothing runs between the first id of a log and its last.
const IDS_MAX = 1024
const places = new Int32Array(2 * IDS_MAX)
/** The ids of this log lie from here on; those before belong to earlier logs. */
let begin = 0
let ids: string[] = []

function newAmongFew(): IsNew {
  begin += ids.length
  if (begin > 1e9) {
    begin = 0
    places.fill(0)
  }
  ids = []
  return isNewAmongFew
}

function isNewAmongFew(id: string): boolean {
  for (let place = hashOf(id); ; place++) {
    // Places are counted from 1: a fresh table holds nothing of any log.
    const index = places[place & (places.length - 1)] - 1 - begin
    if (index < 0) {
      ids.push(id)
      places[place & (places.length - 1)] = begin + ids.length
      return true
    }
    if (ids[index] === id) return false
  }
}

/** FNV-1a over the code units, its upper half folded into the lower. */
function hashOf(id: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < id.length; index++) hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193)
  return (hash ^ (hash >>> 15)) & (places.length - 1)
}
