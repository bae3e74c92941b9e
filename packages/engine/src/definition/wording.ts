/** Numbers and lists in English text. */

/** `a`, `a or b`, `a, b or c` */
export function joined(words: readonly string[], conjunction: 'and' | 'or'): string {
  if (words.length < 2) return words.join('')
  return `${words.slice(0, -1).join(', ')} ${conjunction} ${words.at(-1)}`
}

/** With a real minus sign, and a thin gap nowhere: the same text in every language setting. */
export const numberWords = (value: number): string => (value < 0 ? `−${-value}` : `${value}`)

/** `1 point`, `2 points`, `−5 points` */
export const counted = (count: number, one: string): string =>
  `${numberWords(count)} ${Math.abs(count) === 1 ? one : `${one}s`}`
