/** The theme's colours as values: what is drawn knows no CSS variables. */
const VARIABLES = {
  text: '--w-text',
  soft: '--w-soft',
  line: '--w-line',
  surface: '--w-surface',
  sunken: '--w-sunken',
  accent: '--w-accent',
  accentSoft: '--w-accent-soft',
  good: '--w-good',
  bad: '--w-bad',
  hot: '--w-hot',
  hotSoft: '--w-hot-soft',
  warm: '--w-warm',
  warmSoft: '--w-warm-soft',
  cold: '--w-cold',
  coldSoft: '--w-cold-soft',
  high: '--w-high',
  highSoft: '--w-high-soft',
  medium: '--w-medium',
  mediumSoft: '--w-medium-soft',
  low: '--w-low',
  lowSoft: '--w-low-soft',
} as const

export type ChartColors = Readonly<Record<keyof typeof VARIABLES, string>> & { readonly scheme: 'light' | 'dark' }

export function readChartColors(scheme: 'light' | 'dark'): ChartColors {
  // Somebody else sets the attribute: it may come a moment after the scheme is known here.
  const root = document.documentElement
  const before = root.getAttribute('data-mantine-color-scheme')
  if (before !== scheme) root.setAttribute('data-mantine-color-scheme', scheme)
  const style = getComputedStyle(root)
  const colors = Object.entries(VARIABLES).map(([name, variable]) => [name, style.getPropertyValue(variable).trim()])
  return { ...(Object.fromEntries(colors) as Record<keyof typeof VARIABLES, string>), scheme }
}
