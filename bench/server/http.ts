/** The load generator: HTTP/1.1 over connections that stay open, one request at a time on each, with little work of its own. */
import { connect, type Socket } from 'node:net'

export interface Target {
  readonly port: number
  readonly writeKey: string
}

/** One connection; a reply that is not 200 is an error. */
export class Connection {
  private readonly socket: Socket
  private readonly head: string
  private reply = ''
  private settle: { resolve: (reply: string) => void; reject: (error: Error) => void } | undefined

  private constructor(socket: Socket, { port, writeKey }: Target) {
    this.socket = socket
    const basic = Buffer.from(`${writeKey}:`).toString('base64')
    this.head = ` HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nauthorization: Basic ${basic}\r\ncontent-type: application/json\r\ncontent-length: `
    socket.setNoDelay(true)
    socket.setEncoding('latin1')
    socket.on('data', (piece: string) => this.hear(piece))
    socket.on('error', (error) => this.settle?.reject(error))
    socket.on('close', () => this.settle?.reject(new Error('the server closed the connection')))
  }

  static open(target: Target): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect(target.port, '127.0.0.1', () => resolve(new Connection(socket, target)))
      socket.once('error', reject)
    })
  }

  post(path: string, body: string): Promise<string> {
    this.reply = ''
    this.socket.write(`POST ${path}${this.head}${Buffer.byteLength(body)}\r\n\r\n${body}`)
    return new Promise((resolve, reject) => (this.settle = { resolve, reject }))
  }

  close(): void {
    this.settle = undefined
    this.socket.destroy()
  }

  private hear(piece: string): void {
    this.reply += piece
    const end = this.reply.indexOf('\r\n\r\n')
    if (end < 0) return
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(this.reply)?.[1])
    if (this.reply.length < end + 4 + length) return
    const settle = this.settle!
    this.settle = undefined
    if (this.reply.startsWith('HTTP/1.1 200')) settle.resolve(this.reply.slice(end + 4))
    else settle.reject(new Error(this.reply))
  }
}

export interface Request {
  readonly path: string
  readonly body: string
}

export const openConnections = (target: Target, count: number): Promise<Connection[]> =>
  Promise.all(Array.from({ length: count }, () => Connection.open(target)))

/** Every connection sends as soon as it has its answer. @returns requests a second */
export async function saturate(
  connections: readonly Connection[],
  next: () => Request,
  seconds: number,
): Promise<number> {
  const started = performance.now()
  const until = started + seconds * 1000
  let count = 0
  await Promise.all(
    connections.map(async (connection) => {
      while (performance.now() < until) {
        const { path, body } = next()
        await connection.post(path, body)
        count += 1
      }
    }),
  )
  return count / ((performance.now() - started) / 1000)
}

/**
 * Requests at a steady rate whatever the server does, each timed from when it was due: a slow spell makes those behind it late.
 * @returns ms of each
 */
export async function atRate(
  connections: readonly Connection[],
  next: () => Request,
  { perSecond, seconds }: { perSecond: number; seconds: number },
): Promise<Float64Array> {
  const total = Math.floor(perSecond * seconds)
  const times = new Float64Array(total)
  const started = performance.now()
  let index = 0
  await Promise.all(
    connections.map(async (connection) => {
      while (index < total) {
        const own = index++
        const due = started + (own * 1000) / perSecond
        const wait = due - performance.now()
        if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
        const { path, body } = next()
        await connection.post(path, body)
        times[own] = performance.now() - due
      }
    }),
  )
  return times
}

/** Sends all of them over all connections. @returns seconds */
export async function sendAll(connections: readonly Connection[], requests: Iterator<Request>): Promise<number> {
  const started = performance.now()
  await Promise.all(
    connections.map(async (connection) => {
      for (let next = requests.next(); !next.done; next = requests.next()) {
        await connection.post(next.value.path, next.value.body)
      }
    }),
  )
  return (performance.now() - started) / 1000
}
