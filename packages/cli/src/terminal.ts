/** How text looks on a terminal: the only file that knows about colours and widths. */
import { styleText } from 'node:util'

type Style = Parameters<typeof styleText>[0]

/** Text in a style, where the stream shows styles (a terminal, and neither NO_COLOR nor a pipe). */
export const paint = (style: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string =>
  styleText(style, text, { stream })

export const columnsOf = (stream: NodeJS.WriteStream = process.stdout): number => Math.max(60, stream.columns ?? 100)

/** Tells people something that is not the result. */
export const note = (text: string): void => void process.stderr.write(`${text}\n`)

export const jsonText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`
