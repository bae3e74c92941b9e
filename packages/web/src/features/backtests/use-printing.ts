/** Whether the page is being printed: a report on paper has all of its parts, and is light. */
import { useEffect, useState } from 'react'
import { flushSync } from 'react-dom'

const SCHEME = 'data-mantine-color-scheme'

/** Everything has to stand there when the browser's `beforeprint` returns; it measures the page right afterwards. */
export function usePrinting(): { readonly isPrinted: boolean; readonly print: () => void } {
  const [isPrinted, setPrinted] = useState(false)
  useEffect(() => {
    const root = document.documentElement
    let before: string | null = null
    const begin = () => {
      before ??= root.getAttribute(SCHEME)
      root.setAttribute(SCHEME, 'light')
      flushSync(() => setPrinted(true))
    }
    const media = matchMedia('print')
    const end = () => {
      if (media.matches) return
      if (before !== null) root.setAttribute(SCHEME, before)
      before = null
      setPrinted(false)
    }
    const change = ({ matches }: MediaQueryListEvent) => (matches ? begin() : end())
    addEventListener('beforeprint', begin)
    addEventListener('afterprint', end)
    media.addEventListener('change', change)
    return () => {
      removeEventListener('beforeprint', begin)
      removeEventListener('afterprint', end)
      media.removeEventListener('change', change)
      if (before !== null) root.setAttribute(SCHEME, before)
    }
  }, [])
  // Charts that were never shown are drawn first: their code may have to come yet.
  const print = () => {
    setPrinted(true)
    void import('../../ui/chart-drawing.tsx').then(() => setTimeout(() => window.print(), DRAWN_MS))
  }
  return { isPrinted, print }
}

const DRAWN_MS = 300
