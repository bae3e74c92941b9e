/** Secrets that we hand out: made here, shown once, kept as digests. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** 32 characters, none mistaken for another: five bits of a byte each, so all are equally likely. */
const LETTERS = '0123456789abcdefghjkmnpqrstvwxyz'

export const randomText = (characters: number): string =>
  Array.from(randomBytes(characters), (byte) => LETTERS[byte & 31]).join('')

/** What we hand out is random enough that a plain digest cannot be turned back. */
export const digestOf = (secret: string): Buffer => createHash('sha256').update(secret).digest()

export const isSameDigest = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && timingSafeEqual(one, other)
