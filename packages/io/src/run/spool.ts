/**
 * A fact log of any size → circles, with memory for a part of it only. A small log stays in memory. A large one is
 * written to a temporary folder and dealt into parts, each of which holds whole circles and is read on its own.
 */
import {
  circlesOf,
  compileDefinition,
  type AccountAttributeFact,
  type Definition,
  type Fact,
  type Plan,
} from '@winnow/engine'
import { hash } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream, createWriteStream, mkdtempSync, rmSync, type WriteStream } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import type { CircleWork } from './task.ts'

export interface SpoolOptions {
  /** Facts that memory may hold at a time. */
  readonly factsMax?: number | undefined
}

const FACTS_MAX = 500_000
const CHUNK_FACTS = 1000

/** Takes facts in, then gives circles out, once. */
export class Spool {
  private readonly plan: Plan
  private readonly factsMax: number
  private held: Fact[] = []
  /** Accounts' facts belong to every circle with a lead of theirs; they are few and stay in memory. */
  private readonly accountFacts: AccountAttributeFact[] = []
  private folder: string | undefined
  private file: FactFile | undefined
  private readonly roots = new Roots()
  private count = 0

  constructor(definition: Definition, { factsMax = FACTS_MAX }: SpoolOptions = {}) {
    this.plan = compileDefinition(definition)
    this.factsMax = factsMax
  }

  get facts(): number {
    return this.count
  }

  /** Whether the log was too large for memory. */
  get isOnDisk(): boolean {
    return this.file !== undefined
  }

  async add(facts: readonly Fact[]): Promise<void> {
    this.count += facts.length
    for (const fact of facts) {
      if (fact.kind === 'account_attribute') this.accountFacts.push(fact)
      else this.held.push(fact)
      if (fact.kind === 'link' && fact.account !== null && this.plan.looksAtAccount)
        this.roots.join(`l${fact.lead}`, `a${fact.account}`)
    }
    if (this.held.length > this.factsMax || (this.file && this.held.length >= CHUNK_FACTS)) await this.writeOut()
  }

  private async writeOut(): Promise<void> {
    this.folder ??= mkdtempSync(join(tmpdir(), 'winnow-'))
    this.file ??= new FactFile(join(this.folder, 'all'))
    await this.file.write(this.held)
    this.held = []
  }

  async *circles(): AsyncGenerator<CircleWork> {
    if (!this.file) {
      yield* circlesOf(this.plan, [...this.accountFacts, ...this.held])
      return
    }
    await this.writeOut()
    for (const part of await this.deal(this.file)) {
      const facts: Fact[] = [...this.accountFacts]
      for await (const chunk of part.read()) for (const fact of chunk) facts.push(fact)
      yield* circlesOf(this.plan, facts)
    }
  }

  /** Parts with whole circles: where a fact goes is decided by its circle's name. */
  private async deal(all: FactFile): Promise<FactFile[]> {
    await all.close()
    const count = Math.ceil(this.count / this.factsMax) * 2
    const parts = Array.from({ length: count }, (_, at) => new FactFile(join(this.folder!, String(at))))
    const hands = parts.map((): Fact[] => [])
    for await (const chunk of all.read()) {
      for (const fact of chunk) {
        const at = this.partOf(fact, count)
        if (hands[at]!.push(fact) < CHUNK_FACTS) continue
        await parts[at]!.write(hands[at]!)
        hands[at] = []
      }
    }
    await Promise.all(parts.map((part, at) => part.write(hands[at]!).then(() => part.close())))
    all.remove()
    return parts
  }

  private partOf(fact: Fact, count: number): number {
    const name = fact.kind === 'account_attribute' ? fact.account : this.roots.of(`l${fact.lead}`)
    return hash('sha1', name, 'buffer').readUInt32LE(0) % count
  }

  /** Removes what was written. */
  async dispose(): Promise<void> {
    await this.file?.close()
    if (this.folder !== undefined) rmSync(this.folder, { recursive: true, force: true })
  }
}

/** Chunks of facts, one after the other, each behind its length. */
class FactFile {
  private readonly path: string
  private stream: WriteStream | undefined

  constructor(path: string) {
    this.path = path
  }

  async write(facts: readonly Fact[]): Promise<void> {
    for (let at = 0; at < facts.length; at += CHUNK_FACTS) {
      const bytes = serialize(facts.slice(at, at + CHUNK_FACTS))
      const length = Buffer.alloc(4)
      length.writeUInt32LE(bytes.length)
      this.stream ??= createWriteStream(this.path)
      this.stream.write(length)
      if (!this.stream.write(bytes)) await once(this.stream, 'drain')
    }
  }

  async close(): Promise<void> {
    if (!this.stream || this.stream.closed) return
    this.stream.end()
    await once(this.stream, 'close')
  }

  async *read(): AsyncGenerator<Fact[]> {
    if (!this.stream) return
    let carry = Buffer.alloc(0)
    for await (const bytes of createReadStream(this.path, { highWaterMark: 1024 * 1024 })) {
      carry = Buffer.concat([carry, bytes as Buffer])
      let at = 0
      while (carry.length >= at + 4 && carry.length >= at + 4 + carry.readUInt32LE(at)) {
        const end = at + 4 + carry.readUInt32LE(at)
        yield deserialize(carry.subarray(at + 4, end)) as Fact[]
        at = end
      }
      carry = carry.subarray(at)
    }
  }

  remove(): void {
    rmSync(this.path, { force: true })
  }
}

/** Names joined into sets (disjoint sets); each set has one name. */
class Roots {
  private readonly parents = new Map<string, string>()

  of(name: string): string {
    let root = name
    for (let parent = this.parents.get(root); parent !== undefined; parent = this.parents.get(root)) root = parent
    if (root !== name) this.parents.set(name, root)
    return root
  }

  join(a: string, b: string): void {
    const [rootA, rootB] = [this.of(a), this.of(b)]
    if (rootA !== rootB) this.parents.set(rootA, rootB)
  }
}
