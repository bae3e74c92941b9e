import type { ChartColors } from './chart-colors.ts'

/** How tooltips look. */
export const tooltipStyle = ({ surface, line, text }: ChartColors) => ({
  backgroundColor: surface,
  borderColor: line,
  borderWidth: 1,
  padding: [6, 10],
  textStyle: { color: text, fontSize: 12 },
  extraCssText: 'box-shadow: none; border-radius: 6px; max-width: 20rem; white-space: normal',
  confine: true,
  transitionDuration: 0,
})

/** What a tooltip says, as elements: names of leads and campaigns never become markup. For `tooltip.formatter`. */
export function tip(title: string, ...lines: readonly string[]): HTMLElement {
  const element = document.createElement('div')
  const head = document.createElement('strong')
  head.textContent = title
  element.append(head)
  for (const line of lines) {
    const each = document.createElement('div')
    each.textContent = line
    element.append(each)
  }
  return element
}
