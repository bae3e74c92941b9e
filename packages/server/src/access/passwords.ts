/** Passwords are kept as scrypt digests with their own salt and cost. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { ServerError } from '../errors.ts'

/** 32 MiB and about a fifth of a second: guessing from a stolen table is slow, signing in is not. */
const COST = { N: 32_768, r: 8, p: 3 }
const KEY_BYTES = 64
/** Of Node's four threads for such work: files and names are to be read meanwhile. */
const AT_ONCE = 2
const WAITING_MAX = 100

/** @param cost  another than usual; the digest tells it */
export async function hashPassword(password: string, cost = COST): Promise<string> {
  const salt = randomBytes(16)
  const key = await derive(password, salt, cost)
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), key.toString('base64url')].join(':')
}

export async function verifyPassword({ hash, password }: { hash: string; password: string }): Promise<boolean> {
  const [kind, N, r, p, salt, key] = hash.split(':')
  if (kind !== 'scrypt' || !salt || !key) throw new Error('a stored password is no scrypt digest')
  const known = Buffer.from(key, 'base64url')
  const given = await derive(password, Buffer.from(salt, 'base64url'), { N: Number(N), r: Number(r), p: Number(p) })
  return known.length === given.length && timingSafeEqual(known, given)
}

let running = 0
const waiting: (() => void)[] = []

/** @throws ServerError `overloaded` where too many wait already */
async function derive(password: string, salt: Buffer, cost: typeof COST): Promise<Buffer> {
  if (running >= AT_ONCE) {
    if (waiting.length >= WAITING_MAX)
      throw new ServerError('overloaded', 'too many people sign in', { retryAfterSeconds: 5 })
    await new Promise<void>((resolve) => waiting.push(resolve)) // whoever ends hands its turn over
  } else running++
  try {
    return await new Promise((resolve, reject) => {
      const options = { ...cost, maxmem: 256 * cost.N * cost.r }
      scrypt(password.normalize('NFKC'), salt, KEY_BYTES, options, (error, key) =>
        error ? reject(error) : resolve(key),
      )
    })
  } finally {
    const next = waiting.shift()
    if (next) next()
    else running--
  }
}
