/** Where the next page of a list begins. Signed, so that a cursor is one that we gave out, for this list and these filters. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { ServerError } from '../errors.ts'

type Place = readonly (string | number | null)[]

export interface Cursors {
  /** @param list  the list and what it is filtered by */
  readonly seal: (list: string, place: Place) => string
  /** @throws ServerError `cursor_invalid` */
  readonly open: (list: string, cursor: string) => Place
}

export function createCursors(secret: string): Cursors {
  const sign = (list: string, place: string) =>
    createHmac('sha256', secret).update(`cursor\n${list}\n${place}`).digest().subarray(0, 16)
  return {
    seal: (list, place) => {
      const text = JSON.stringify(place)
      return `${Buffer.from(text).toString('base64url')}.${sign(list, text).toString('base64url')}`
    },
    open: (list, cursor) => {
      const [place = '', signature = ''] = cursor.split('.')
      const text = Buffer.from(place, 'base64url').toString()
      const given = Buffer.from(signature, 'base64url')
      const own = sign(list, text)
      if (given.length === own.length && timingSafeEqual(given, own)) return JSON.parse(text) as Place
      throw new ServerError('cursor_invalid', 'the cursor is not one of this list', { at: 'query.cursor' })
    },
  }
}
