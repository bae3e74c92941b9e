/** Rows of the log as they are gathered, and as bytes of a block: by owner, each owner's in the total order of facts. */
import { compareFacts, type Fact, type Instant } from '@winnow/engine'

/**
 * What a fact says, as text that comes again and again: `[kind, name, what]`, in which `kind` is `inferred` for a link that nobody has
 * said, `name` is the type of an activity, and `what` its properties or the body of another fact.
 */
export type SayingText = string

/** A lead or an account: the 16 bytes of its id as Latin-1, which sort as the ids do. */
export type Owner = string

export interface Row {
  readonly owner: Owner
  readonly at: Instant
  readonly receivedAt: Instant
  readonly id: string
  readonly saying: SayingText
}

/** Bytes of a row in a block: two instants, the place of what it says, and where its id begins. */
export const ROW_BYTES = 24
/** Numbers at the beginning of a block; see `HEAD`. */
export const HEAD_BYTES = 64
/** Places of the numbers in the head, which are of 32 bits, and of the last instant at which a row was received, behind them. */
export const HEAD = { rows: 0, owners: 1, sayings: 2, sayingBytes: 3, idBytes: 4, checksum: 5, latest: 4 } as const

/** Where the parts of a block begin, in its bytes. */
export function layoutOf({ rows, owners, sayings, sayingBytes, idBytes }: Readonly<Record<Counted, number>>) {
  const ownersAt = HEAD_BYTES
  const offsetsAt = ownersAt + owners * 16
  const sayingOffsetsAt = offsetsAt + (owners + 1) * 4
  const sayingsAt = sayingOffsetsAt + (sayings + 1) * 4
  const rowsAt = Math.ceil((sayingsAt + sayingBytes) / 8) * 8
  // One more, which says where the last id ends.
  const idsAt = rowsAt + (rows + 1) * ROW_BYTES
  return { ownersAt, offsetsAt, sayingOffsetsAt, sayingsAt, rowsAt, idsAt, bytes: Math.ceil((idsAt + idBytes) / 8) * 8 }
}

type Counted = 'rows' | 'owners' | 'sayings' | 'sayingBytes' | 'idBytes'

export class RowSet {
  private readonly ownerPlaces = new Map<Owner, number>()
  private readonly sayingPlaces = new Map<SayingText, number>()
  private readonly owner: number[] = []
  private readonly at: Instant[] = []
  private readonly receivedAt: Instant[] = []
  private readonly saying: number[] = []
  private readonly ids: string[] = []

  get count(): number {
    return this.owner.length
  }

  add({ owner, at, receivedAt, id, saying }: Row): void {
    this.owner.push(placeIn(this.ownerPlaces, owner))
    this.at.push(at)
    this.receivedAt.push(receivedAt)
    this.saying.push(placeIn(this.sayingPlaces, saying))
    this.ids.push(id)
  }

  /** In the form that `Block` reads, but for its checksum. */
  toBytes(): Buffer {
    const owners = [...this.ownerPlaces.keys()].sort((a, b) => (a < b ? -1 : 1))
    const { order, offsets } = this.byOwner(owners)
    const sayings = textsOf(this.sayingPlaces.keys())
    const ids = textsOf(order.values().map((index) => this.ids[index]!))
    const counts = {
      rows: order.length,
      owners: owners.length,
      sayings: this.sayingPlaces.size,
      sayingBytes: sayings.bytes.length,
      idBytes: ids.bytes.length,
    }
    const layout = layoutOf(counts)
    const bytes = Buffer.alloc(layout.bytes)
    const head = new Uint32Array(bytes.buffer, bytes.byteOffset, HEAD_BYTES / 4)
    for (const [name, count] of Object.entries(counts)) head[HEAD[name as Counted]] = count
    const wholes = new Uint32Array(bytes.buffer, bytes.byteOffset, layout.bytes / 4)
    owners.forEach((owner, place) => writeOwner(wholes, layout.ownersAt / 4 + place * 4, owner))
    wholes.set(offsets, layout.offsetsAt / 4)
    wholes.set(sayings.offsets, layout.sayingOffsetsAt / 4)
    sayings.bytes.copy(bytes, layout.sayingsAt)
    const times = new Float64Array(bytes.buffer, bytes.byteOffset, layout.bytes / 8)
    let latest = -Infinity
    for (let row = 0; row < order.length; row++) {
      const index = order[row]!
      const time = layout.rowsAt / 8 + row * 3
      times[time] = this.at[index]!
      times[time + 1] = this.receivedAt[index]!
      wholes[time * 2 + 4] = this.saying[index]!
      wholes[time * 2 + 5] = ids.offsets[row]!
      latest = Math.max(latest, this.receivedAt[index]!)
    }
    wholes[(layout.rowsAt / 8 + order.length * 3) * 2 + 5] = ids.bytes.length
    times[HEAD.latest] = latest
    ids.bytes.copy(bytes, layout.idsAt)
    return bytes
  }

  private byOwner(owners: readonly Owner[]): { order: Uint32Array; offsets: Uint32Array } {
    const rank = new Uint32Array(owners.length)
    owners.forEach((owner, place) => (rank[this.ownerPlaces.get(owner)!] = place))
    const offsets = new Uint32Array(owners.length + 1)
    for (const place of this.owner) offsets[rank[place]! + 1]! += 1
    for (let place = 0; place < owners.length; place++) offsets[place + 1]! += offsets[place]!
    const next = offsets.slice()
    const order = new Uint32Array(this.count)
    this.owner.forEach((place, index) => (order[next[rank[place]!]!++] = index))
    const kinds = Array.from(this.sayingPlaces.keys(), kindOf)
    const factOf = (index: number) =>
      ({ at: this.at[index]!, kind: kinds[this.saying[index]!]!, id: this.ids[index]! }) as Fact
    const compare = (a: number, b: number) => this.at[a]! - this.at[b]! || compareFacts(factOf(a), factOf(b))
    for (let place = 0; place < owners.length; place++) {
      const own = order.subarray(offsets[place], offsets[place + 1])
      if (!isOrdered(own, compare)) own.sort(compare)
    }
    return { order, offsets }
  }
}

function placeIn(places: Map<string, number>, name: string): number {
  const known = places.get(name)
  if (known !== undefined) return known
  places.set(name, places.size)
  return places.size - 1
}

const isOrdered = (order: Uint32Array, compare: (a: number, b: number) => number) =>
  order.every((index, place) => place === 0 || compare(order[place - 1]!, index) <= 0)

/** `["activity","page",{…}]` */
const kindOf = (saying: SayingText): Fact['kind'] => {
  const kind = saying.slice(2, saying.indexOf('"', 2))
  return kind === 'inferred' ? 'link' : (kind as Fact['kind'])
}

/** Texts behind one another, and where each begins; at last, where they end. */
function textsOf(texts: Iterable<string>): { bytes: Buffer; offsets: number[] } {
  const pieces: Buffer[] = []
  const offsets = [0]
  let end = 0
  for (const text of texts) {
    const piece = Buffer.from(text)
    pieces.push(piece)
    offsets.push((end += piece.length))
  }
  return { bytes: Buffer.concat(pieces), offsets }
}

/** As four numbers that sort as the bytes do. */
function writeOwner(wholes: Uint32Array, at: number, owner: Owner): void {
  for (let word = 0; word < 4; word++) {
    let value = 0
    for (let byte = 0; byte < 4; byte++) value = value * 256 + owner.charCodeAt(word * 4 + byte)
    wholes[at + word] = value
  }
}

export const ownerOf = (id: string): Owner => Buffer.from(id.replaceAll('-', ''), 'hex').toString('latin1')
